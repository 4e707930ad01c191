"""The numbers of callers, in the list of calls and on their pages."""

from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from calls.models import Call, CallEvent, Turn
from chatbot.models import Bot
from tests.calls.admin.people import member
from tests.calls.recorded import NUMBER, record_call
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db

LIST = reverse("admin:calls_call_changelist")


@pytest.fixture
def bot(db: None) -> Bot:
    return create_bot()


def page(client: Client, call: Call) -> str:
    return client.get(reverse("admin:calls_call_change", args=[call.pk])).content.decode()


def test_list_shows_numbers_to_a_supervisor(bot: Bot) -> None:
    """He may ring callers back."""
    record_call(bot, "hello")
    assert NUMBER in member("Supervisor").get(LIST).content.decode()


def test_list_hides_numbers_from_an_editor(bot: Bot) -> None:
    """The column says so."""
    record_call(bot, "hello")
    shown = member("Editor").get(LIST).content.decode()
    assert NUMBER not in shown
    assert "hidden" in shown


def test_search_for_a_number_finds_nothing_for_an_editor(bot: Bot) -> None:
    """Finding it would tell it."""
    record_call(bot, "hello")
    response = member("Editor").get(LIST, {"q": NUMBER})
    assert response.context["cl"].result_count == 0
    assert "the number called" in response.content.decode()


@pytest.mark.parametrize("words", ["06", "1234", '"number is 06 12"', "zero 0612345678"])
def test_search_for_digits_of_a_number_that_was_said_finds_nothing_for_an_editor(
    bot: Bot, words: str
) -> None:
    """The transcript hides it: by what is found it could be guessed, digit by digit."""
    record_call(bot, "zero, my number is 06 12345678", "my number is 0612345678")
    assert member("Editor").get(LIST, {"q": words}).context["cl"].result_count == 0


@pytest.mark.parametrize("words", ["4711", "order", "2076", "CA0"])
def test_search_for_what_an_editor_sees_finds_the_call(bot: Bot, words: str) -> None:
    """Other digits that were said, words, the number called and the SID."""
    record_call(bot, "my order is 4711")
    assert member("Editor").get(LIST, {"q": words}).context["cl"].result_count == 1


def test_search_for_a_number_that_was_said_finds_the_call_for_a_supervisor(bot: Bot) -> None:
    """He sees it anyway."""
    record_call(bot, "my number is 0612345678")
    assert member("Supervisor").get(LIST, {"q": "0612345678"}).context["cl"].result_count == 1


@pytest.mark.parametrize("path", [LIST, reverse("admin:calls_call_export", args=["csv"])])
@pytest.mark.parametrize(
    "asked",
    [
        {"from_number__startswith": NUMBER[:5]},
        {"dialogue__values__phone__value__startswith": NUMBER[:5]},
        {"dialogue__icontains": NUMBER[:5]},
        {"turns__text__contains": NUMBER[:5]},
        {"sid__startswith": "CA"},
    ],
)
@pytest.mark.parametrize("group", ["Editor", "Supervisor"])
def test_address_asks_for_nothing_but_the_filters(
    bot: Bot, group: str, asked: dict[str, str], path: str
) -> None:
    """A hidden number could be guessed digit by digit, also from what a dialogue keeps."""
    record_call(bot, "hello")
    assert member(group).get(path, asked).status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    "asked",
    [
        {"bot__id__exact": "1"},
        {"bot__isnull": "True"},
        {"outcome__exact": "lost"},
        {
            "started_at__gte": "2026-01-01 00:00:00+00:00",
            "started_at__lt": "2026-02-01 00:00:00+00:00",
        },
        {"running": "yes", "by": "bot", "missed": "no", "fault": "no"},
        {"from_day": "2026-01-01", "to_day": "2026-01-02", "longer": "1", "slower": "1"},
    ],
)
def test_address_asks_for_what_the_filters_offer(bot: Bot, asked: dict[str, str]) -> None:
    """Each of them, for those who see no number as well."""
    record_call(bot, "hello")
    assert member("Editor").get(LIST, asked).status_code == HTTPStatus.OK


def test_sorting_tells_an_editor_nothing_of_the_numbers(bot: Bot) -> None:
    """The column of hidden numbers has no order."""
    calls = [record_call(bot, "hello", number=f"+3161234567{digit}") for digit in (5, 9, 1)]
    response = member("Editor").get(LIST, {"o": "2"})
    listed = [row.pk for row in response.context["cl"].result_list]
    assert listed == [call.pk for call in reversed(calls)]


def test_page_shows_the_number_to_a_supervisor(bot: Bot) -> None:
    """Beside the other facts."""
    assert NUMBER in page(member("Supervisor"), record_call(bot, "hello"))


def test_page_hides_the_number_from_an_editor(bot: Bot) -> None:
    """Also where the caller says it, the bot repeats it, or a note has it."""
    create_intent(bot, "ring", "ring {number:phone}", reply="I ring {number} back.")
    call = record_call(bot, f"ring {NUMBER} back")
    Turn.objects.filter(role=Turn.Role.BOT).update(note=f"{NUMBER} cannot get an SMS.")
    shown = page(member("Editor"), call)
    assert NUMBER[3:] not in shown.replace(" ", "").replace(",", "")
    assert "ring [number] back" in shown


def test_page_hides_the_number_that_a_fault_names_from_an_editor(bot: Bot) -> None:
    """As an error told it: of an event, or of a media stream that closed."""
    call = record_call(bot, "hello")
    call.events.create(kind=CallEvent.Kind.NOT_SENT, detail=f"Cannot reach {NUMBER}")
    now = call.started_at
    call.streams.create(
        token_digest="0", expires_at=now, opened_at=now, closed_at=now, close_reason=f"to {NUMBER}"
    )
    shown = page(member("Editor"), call)
    assert NUMBER[3:] not in shown
    assert shown.count("Cannot reach [number]") == 1
    assert shown.count("to [number]") == 2
    assert page(member("Supervisor"), call).count(NUMBER) >= 3


def test_page_hides_the_number_that_was_said_in_words_from_an_editor(bot: Bot) -> None:
    """In the transcript, and as the bot kept it."""
    create_intent(bot, "ring", "ring {number:digits}", reply="I ring back.")
    call = record_call(bot, "ring oh six one two three four five six seven eight")
    shown = page(member("Editor"), call)
    assert "ring [number]" in shown
    assert "two three four" not in shown
