"""Calls as they are read for a file."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from calls.export import calls_read, reading
from calls.models import Call, Turn
from chatbot.models import Bot
from tests.calls.recorded import record_call, record_many
from tests.chatbot.bots import create_bot
from voiceproject.phone_account import SID as PHONE_SID

pytestmark = pytest.mark.django_db


@pytest.fixture
def bot(db: None) -> Bot:
    return create_bot()


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "FIRST", 2)
    monkeypatch.setattr(reading, "CHUNK", 3)


def sids() -> list[list[str]]:
    chunks = calls_read(Call.objects.all(), may_see_numbers=True)
    return [[record["call"] for record in chunk] for chunk in chunks]


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 6, 9])
def test_every_call_is_read_once(bot: Bot, count: int) -> None:
    """The newest first, also of those that began in the same moment."""
    now = timezone.now()
    Call.objects.bulk_create(
        Call(sid=f"CA{place}", bot=bot, started_at=now + timedelta(seconds=place // 4))
        for place in range(count)
    )
    read = [sid for chunk in sids() for sid in chunk]
    assert read == [call.sid for call in Call.objects.order_by("-started_at", "-pk")]


@pytest.mark.usefixtures("small_chunks")
def test_call_that_comes_in_meanwhile_shifts_nothing(bot: Bot) -> None:
    """It is newer than all that is in the file."""
    for _ in range(6):
        record_call(bot)
    chunks = calls_read(Call.objects.all(), may_see_numbers=True)
    read = [record["call"] for record in next(chunks)]
    late = record_call(bot)
    read += [record["call"] for chunk in chunks for record in chunk]
    assert len(read) == len(set(read)) == 6
    assert late.sid not in read


def test_call_of_the_phone_in_the_browser_is_called_a_test(bot: Bot) -> None:
    """Whoever counts calls leaves it out."""
    test = record_call(bot)
    Call.objects.update(account_sid=PHONE_SID)
    call = record_call(bot)
    [read] = calls_read(Call.objects.all(), may_see_numbers=True)
    assert {record["call"]: record["test"] for record in read} == {test.sid: True, call.sid: False}


@pytest.mark.parametrize("calls", [1, 20])
def test_chunk_costs_four_queries(
    bot: Bot, calls: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Whatever is in it."""
    record_many(bot, calls, ["hello"] * 5)
    for call in Call.objects.all():
        call.events.create(kind="rotated")
    with django_assert_num_queries(4):
        next(calls_read(Call.objects.all(), may_see_numbers=True))


def test_what_the_staff_did_is_told(bot: Bot) -> None:
    """Beside what it had said, and on the call."""
    call = record_call(bot, "hello")
    said = call.turns.get(number=3)
    call.staff_acts.create(kind="say", turn=said, staff_name="Anna", token="1")
    call.staff_acts.create(kind="hang-up", staff_name="Bram", token="2")
    [[record]] = calls_read(Call.objects.all(), may_see_numbers=True)
    assert [turn["staff"] for turn in record["turns"]] == ["", "", "Anna"]
    assert [(act["kind"], act["staff"]) for act in record["staff_acts"]] == [
        ("say", "Anna"),
        ("hang-up", "Bram"),
    ]


def test_values_that_were_kept_hide_the_number(bot: Bot) -> None:
    """However deep they are."""
    call = record_call(bot, "hello")
    kept = {"back": {"kind": "phone", "value": call.from_number, "said": ["06 12345678"]}}
    Turn.objects.filter(call=call).update(captured=kept)
    [[record]] = calls_read(Call.objects.all(), may_see_numbers=False)
    assert record["caller"] == "hidden"
    assert record["turns"][1]["captured"] == {
        "back": {"kind": "phone", "value": "[number]", "said": ["[number]"]}
    }
