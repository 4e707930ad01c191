"""Calls as files."""

import csv
import io
import json
from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import AsyncClient, Client
from django.urls import reverse

from calls.export import reading
from calls.export.formats import INCOMPLETE, Csv, Json
from calls.models import Call
from chatbot.models import Bot
from tests.calls.admin.people import holder, member
from tests.calls.recorded import NUMBER, record_call, record_many
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db


@pytest.fixture
def bot(db: None) -> Bot:
    bot = create_bot()
    create_intent(bot, "ring", "ring {number:phone}", reply="I ring {number} back.")
    return bot


def url(ending: str) -> str:
    return reverse("admin:calls_call_export", args=[ending])


def file_of(client: Client, ending: str, **query: str) -> str:
    response = client.get(url(ending), query)
    assert response.status_code == HTTPStatus.OK
    return b"".join(response.streaming_content).decode()


def rows_of(client: Client, **query: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file_of(client, "csv", **query).removeprefix("\ufeff"))))


def records_of(client: Client, **query: str) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads(file_of(client, "json", **query))
    return records


def test_csv_has_a_row_for_each_turn(bot: Bot) -> None:
    """Each with its call."""
    call = record_call(bot, "purple")
    rows = rows_of(member("Supervisor"))
    assert [(row["call"], row["turn"], row["who"], row["text"]) for row in rows] == [
        (call.sid, "1", "bot", "Welcome."),
        (call.sid, "2", "caller", "purple"),
        (call.sid, "3", "bot", "Pardon?"),
    ]
    assert rows[0]["caller"] == f"'{NUMBER}"


def test_json_has_an_object_for_each_call(bot: Bot) -> None:
    """With its turns and its events in it."""
    call = record_call(bot, "purple")
    call.events.create(kind="stream-lost", detail="stream-1")
    [record] = records_of(member("Supervisor"))
    assert (record["call"], record["bot"], record["misses"]) == (call.sid, "Test bot", 1)
    assert [turn["text"] for turn in record["turns"]] == ["Welcome.", "purple", "Pardon?"]
    assert [event["kind"] for event in record["events"]] == ["stream-lost"]


def test_file_has_what_the_list_shows_on_all_its_pages(bot: Bot) -> None:
    """Filters and search hold; pages do not."""
    record_many(bot, 60, ["purple"])
    record_call(bot, "green")
    Call.objects.filter(turns__text="purple").update(miss_count=1)
    supervisor = member("Supervisor")
    assert len(records_of(supervisor)) == 61
    assert len(records_of(supervisor, q="purple", missed="yes")) == 60
    assert len(records_of(supervisor, q="yellow")) == 0


def test_name_of_the_file_says_what_it_is(bot: Bot) -> None:
    """All calls, or those that were found."""
    supervisor = member("Supervisor")
    names = [supervisor.get(url("csv"), query)["Content-Disposition"] for query in ({}, {"q": "a"})]
    assert names[0].startswith('attachment; filename="calls-2')
    assert names[1].startswith('attachment; filename="calls-found-2')


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_file_hides_the_number_of_the_caller_from_an_editor(bot: Bot, ending: str) -> None:
    """Wherever it is: said, repeated, kept or noted."""
    record_call(bot, f"ring {NUMBER}").turns.update(note=f"{NUMBER} cannot get an SMS.")
    text = file_of(member("Editor"), ending)
    assert NUMBER[3:] not in text.replace(" ", "").replace(",", "")
    assert "ring [number]" in text
    assert NUMBER in file_of(member("Supervisor"), ending)


def test_editor_finds_no_hidden_number_in_a_file(bot: Bot) -> None:
    """As in the list."""
    record_call(bot, f"ring {NUMBER}")
    editor = member("Editor")
    assert records_of(editor, q=NUMBER) == []
    assert records_of(editor, q="12345678") == []
    assert len(records_of(editor, q="ring")) == 1


def test_digits_that_are_shown_are_found_in_a_file_whosoever_call_it_is(bot: Bot) -> None:
    """A call that is left out for its hidden number would tell it."""
    record_call(bot, "order 12, please")
    assert len(records_of(member("Editor"), q="12")) == 1


@pytest.mark.parametrize("permission", ["view_bot", "view_caller_number"])
def test_files_are_for_those_who_may_view_calls(bot: Bot, permission: str) -> None:
    """One call, and all."""
    call = record_call(bot)
    client = holder(permission)
    one = reverse("admin:calls_call_export_one", args=[call.pk, "json"])
    assert client.get(url("csv")).status_code == HTTPStatus.FORBIDDEN
    assert client.get(one).status_code == HTTPStatus.FORBIDDEN


def test_stranger_is_asked_to_sign_in(bot: Bot) -> None:
    """Nothing is sent."""
    assert Client().get(url("csv")).status_code == HTTPStatus.FOUND


def test_other_endings_are_not_found(bot: Bot) -> None:
    """There is no such file."""
    assert member("Supervisor").get(url("xls")).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("query", "why"),
    [({"longer": "soon"}, "whole number of seconds"), ({"colour": "red"}, "cannot be filtered by")],
)
def test_wrong_filter_exports_nothing_and_says_why(
    bot: Bot, query: dict[str, str], why: str
) -> None:
    """Rather than all calls."""
    response = member("Supervisor").get(url("csv"), query)
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert why in response.content.decode()


def test_one_call_is_a_file_too(bot: Bot) -> None:
    """In each format, and as text to copy."""
    call = record_call(bot, "purple")
    supervisor = member("Supervisor")

    def one(ending: str) -> str:
        address = reverse("admin:calls_call_export_one", args=[call.pk, ending])
        return supervisor.get(address).content.decode()

    assert json.loads(one("json"))["call"] == call.sid
    assert one("csv").count("\r\n") == 4
    assert "00:00  Caller  purple\n" in one("txt")


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_file_that_breaks_off_says_so(
    bot: Bot, ending: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is not taken for a whole one, and the operator learns of it."""
    monkeypatch.setattr(reading, "FIRST", 1)
    monkeypatch.setattr(reading, "CHUNK", 1)
    kind = {"csv": Csv, "json": Json}[ending]
    written, left = kind.write, [1]

    def write(self: Any, records: Any) -> str:
        if not left:
            raise OSError("the disk is gone")
        left.pop()
        return written(self, records)

    monkeypatch.setattr(kind, "write", write)
    record_call(bot, "purple")
    record_call(bot, "green")
    text = file_of(member("Supervisor"), ending)
    assert "green" in text
    assert INCOMPLETE in text.splitlines()[-1]
    assert "An export broke off" in caplog.text
    if ending == "json":
        with pytest.raises(json.JSONDecodeError):
            json.loads(text)


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
async def test_file_is_sent_while_it_is_written() -> None:
    """Over ASGI each piece goes out before the next one is read."""
    await User.objects.acreate(username="root", is_staff=True, is_superuser=True)
    bot = await Bot.objects.acreate(name="Test bot", greeting="Welcome.", fallback="Pardon?")
    await Call.objects.abulk_create(Call(sid=f"CA{place}", bot=bot) for place in range(100))
    client = AsyncClient()
    await client.aforce_login(await User.objects.aget())
    response = await client.get(url("json"))
    assert response.is_async
    pieces = [piece async for piece in response]
    assert len(pieces) == 4  # the begin, the first few, the others, the end
    assert len(json.loads(b"".join(pieces))) == 100
