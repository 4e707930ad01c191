"""The list of calls: what it is narrowed down by, what it counts, and what it costs."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from calls.admin import call_list
from calls.models import Call, CallEvent
from chatbot.models import Bot
from tests.calls.admin.people import holder, member
from tests.calls.recorded import NUMBER, record_call, record_many
from tests.chatbot.bots import create_bot, create_intent
from voiceproject.phone_account import SID as PHONE_SID

pytestmark = pytest.mark.django_db

LIST = reverse("admin:calls_call_changelist")


@pytest.fixture
def bot(db: None) -> Bot:
    bot = create_bot()
    create_intent(bot, "hours", "opening hours")
    return bot


@pytest.fixture
def supervisor(db: None) -> Client:
    return member("Supervisor")


def listed(client: Client, **query: str) -> set[int]:
    return {call.pk for call in client.get(LIST, query).context["cl"].result_list}


def changed(call: Call, **fields: object) -> Call:
    Call.objects.filter(pk=call.pk).update(**fields)
    return call


# --- Filters ----------------------------------------------------------------------------------


def test_calls_are_filtered_by_day(bot: Bot, supervisor: Client) -> None:
    """Both days count."""
    days = [datetime(2026, 3, day, 23, 59, tzinfo=UTC) for day in (1, 2, 3, 4)]
    calls = [changed(record_call(bot), started_at=day).pk for day in days]
    assert listed(supervisor, from_day="2026-03-02", to_day="2026-03-03") == set(calls[1:3])
    assert listed(supervisor, from_day="2026-03-04") == {calls[3]}
    assert listed(supervisor, to_day="2026-03-01") == {calls[0]}


def test_days_are_those_of_the_time_zone(bot: Bot, supervisor: Client) -> None:
    """Whoever reads counts by his own clock."""
    late = changed(record_call(bot), started_at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    with timezone.override("Europe/Amsterdam"):
        assert listed(supervisor, from_day="2026-03-02") == {late.pk}


def test_calls_are_filtered_by_length(bot: Bot, supervisor: Client) -> None:
    """Twilio's count where there is one, our clock elsewhere; running ones count so far."""
    reported = changed(record_call(bot), duration_seconds=100)
    changed(record_call(bot), duration_seconds=90)
    by_clock = changed(record_call(bot), ended_at=timezone.now() + timedelta(seconds=100))
    long_ago = timezone.now() - timedelta(seconds=100)
    running = changed(record_call(bot), started_at=long_ago, ended_at=None, status="in-progress")
    assert listed(supervisor, longer="90") == {reported.pk, by_clock.pk, running.pk}


def test_calls_are_filtered_by_their_slowest_answer(bot: Bot, supervisor: Client) -> None:
    """A call whose answers were not timed is not slow."""
    slow = changed(record_call(bot), slowest_ms=1001)
    changed(record_call(bot), slowest_ms=1000)
    record_call(bot)
    assert listed(supervisor, slower="1000") == {slow.pk}


def test_calls_are_filtered_by_the_number_called(bot: Bot, supervisor: Client) -> None:
    """A part of it, however spaced."""
    other = changed(record_call(bot), to_number="+4930123456")
    record_call(bot)
    assert listed(supervisor, called="30 123 456") == {other.pk}


def test_calls_are_filtered_by_the_number_of_the_caller(bot: Bot, supervisor: Client) -> None:
    """As he writes it down himself; or the word that stands there."""
    call = record_call(bot)
    hidden = record_call(bot, number="anonymous")
    assert listed(supervisor, caller="06 12345678") == {call.pk}
    assert listed(supervisor, caller="Anonymous") == {hidden.pk}


def test_filter_by_the_number_of_the_caller_is_no_field_of_an_editor(bot: Bot) -> None:
    """Nor can he write it into the address."""
    record_call(bot)
    editor = member("Editor")
    assert 'name="caller"' not in editor.get(LIST).content.decode()
    response = editor.get(LIST, {"caller": NUMBER})
    assert response.status_code == HTTPStatus.FOUND
    assert response["Location"] == f"{LIST}?e=1"


def test_calls_of_a_caller_are_filtered_by_one_of_them(bot: Bot, supervisor: Client) -> None:
    """The address does not have the number: logs and browsers keep addresses."""
    calls = [record_call(bot), record_call(bot)]
    record_call(bot, number="+4930999999")
    page = supervisor.get(reverse("admin:calls_call_change", args=[calls[0].pk]))
    assert f"?same_caller={calls[0].pk}" in page.content.decode()
    assert f"={quote(NUMBER)}" not in page.content.decode()
    assert listed(supervisor, same_caller=str(calls[0].pk)) == {call.pk for call in calls}


def test_calls_of_the_phone_in_the_browser_are_told_apart(bot: Bot, supervisor: Client) -> None:
    """They are tests, whatever number they were given; the list says so of each."""
    test = changed(record_call(bot), account_sid=PHONE_SID)
    call = changed(record_call(bot), account_sid="AC" + "0" * 32)
    assert listed(supervisor, test="yes") == {test.pk}
    assert listed(supervisor, test="no") == {call.pk}
    mark = '<span class="test-call">test</span>'
    assert supervisor.get(LIST).content.decode().count(mark) == 1
    assert member("Editor").get(LIST).content.decode().count(mark) == 1


@pytest.mark.parametrize("asked", ["0", "x", "9" * 30, "-1", "٣"])
def test_no_call_is_of_the_caller_of_none(bot: Bot, supervisor: Client, asked: str) -> None:
    """Whatever stands in the address."""
    record_call(bot)
    assert listed(supervisor, same_caller=asked) == set()


def test_calls_of_a_caller_are_not_for_who_sees_no_numbers(bot: Bot) -> None:
    """Nor in a file."""
    call, editor = record_call(bot), member("Editor")
    assert listed(editor, same_caller=str(call.pk)) == set()


@pytest.mark.parametrize(
    ("outcome", "by"),
    [
        ("bot", "bot"),
        ("silence", "bot"),
        ("limit", "bot"),
        ("caller", "caller"),
        ("transferred", "transfer"),
        ("failed", "fault"),
        ("lost", "fault"),
    ],
)
def test_calls_are_filtered_by_who_ended_them(
    bot: Bot, supervisor: Client, outcome: str, by: str
) -> None:
    """Several outcomes come to the same."""
    call = changed(record_call(bot), outcome=outcome)
    changed(record_call(bot), outcome="caller" if by != "caller" else "bot")
    assert listed(supervisor, by=by) == {call.pk}


def test_running_call_was_ended_by_nobody(bot: Bot, supervisor: Client) -> None:
    """Although the bot has said goodbye in it."""
    changed(record_call(bot), outcome="bot", ended_at=None, status="in-progress")
    assert listed(supervisor, by="bot") == set()


def test_calls_are_filtered_by_faults(bot: Bot, supervisor: Client) -> None:
    """What is of the ordinary course is none."""
    faulty, renewed, ended, smooth = (record_call(bot) for _ in range(4))
    faulty.events.create(kind=CallEvent.Kind.STREAM_LOST)
    ended.events.create(kind=CallEvent.Kind.HUNG_UP)
    renewed.events.create(kind=CallEvent.Kind.ROTATED)
    assert listed(supervisor, fault="yes") == {faulty.pk}
    assert listed(supervisor, fault="no") == {renewed.pk, ended.pk, smooth.pk}


def test_filters_hold_together(bot: Bot, supervisor: Client) -> None:
    """The form keeps what was chosen beside it, and a choice keeps the form."""
    both = changed(record_call(bot, "purple"), slowest_ms=2000)
    changed(record_call(bot, "opening hours"), slowest_ms=2000)
    record_call(bot, "purple")
    assert listed(supervisor, missed="yes", slower="1000") == {both.pk}
    page = supervisor.get(LIST, {"missed": "yes", "slower": "1000", "q": "purple"})
    shown = page.content.decode()
    assert '<input type="hidden" name="missed" value="yes">' in shown
    assert '<input type="hidden" name="q" value="purple">' in shown
    assert "fault=yes&amp;missed=yes&amp;q=purple&amp;slower=1000" in shown


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({"from_day": "yesterday"}, "Write a day such as 2026-11-26."),
        ({"to_day": "0001-01-01"}, "Write a day between 2000 and 2199."),
        ({"to_day": "9999-12-31"}, "Write a day between 2000 and 2199."),
        ({"from_day": "2026-02-30"}, "Write a day such as 2026-11-26."),
        ({"from_day": "2026-03-02", "to_day": "2026-03-01"}, "This day is before the first one."),
        ({"longer": "-1"}, "Write a whole number of seconds from 0 to 604800."),
        ({"longer": "soon"}, "Write a whole number of seconds from 0 to 604800."),
        ({"slower": "1e99"}, "Write a whole number of milliseconds from 0 to 600000."),
        ({"slower": "9" * 30}, "Write a whole number of milliseconds from 0 to 600000."),
    ],
)
def test_what_is_wrong_is_told_beside_the_field(
    bot: Bot, supervisor: Client, query: dict[str, str], problem: str
) -> None:
    """And no call is shown that was not asked for."""
    record_call(bot)
    response = supervisor.get(LIST, query)
    assert response.status_code == HTTPStatus.OK
    assert problem in response.content.decode()
    assert response.context["cl"].result_count == 0


# --- Search -----------------------------------------------------------------------------------


def test_words_that_were_found_are_marked(bot: Bot, supervisor: Client) -> None:
    """Each with a link to its turn."""
    call = record_call(bot, "a purple elephant")
    shown = " ".join(supervisor.get(LIST, {"q": "purple"}).content.decode().split())
    page = reverse("admin:calls_call_change", args=[call.pk])
    assert f'<a href="{page}#turn-2">Caller</a>: a <mark>purple</mark> elephant' in shown


def test_markup_in_what_was_found_is_shown_not_run(bot: Bot, supervisor: Client) -> None:
    """A caller cannot write into the list."""
    record_call(bot, "purple <script>x</script>")
    assert "<script>x" not in supervisor.get(LIST, {"q": "purple"}).content.decode()


def test_search_keeps_the_filters(bot: Bot, supervisor: Client) -> None:
    """It is one more of them."""
    record_call(bot, "purple")
    understood = record_call(bot, "opening hours purple")
    assert listed(supervisor, q="purple", missed="no") == {understood.pk}


def test_search_without_words_says_that_nothing_was_found(bot: Bot, supervisor: Client) -> None:
    """It does not show everything."""
    record_call(bot, "hello?!")
    assert listed(supervisor, q="?!") == set()


def test_nul_in_a_search_is_refused_kindly(bot: Bot, supervisor: Client) -> None:
    """PostgreSQL cannot be asked for it."""
    assert supervisor.get(LIST, {"q": "a\0b"}).status_code == HTTPStatus.OK


# --- How much -----------------------------------------------------------------------------------


def test_calls_are_counted_up_to_a_bound(
    bot: Bot, supervisor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond it the list says that there are more."""
    monkeypatch.setattr(call_list, "MOST_COUNTED", 60)
    monkeypatch.setattr("calls.admin.call.MOST_COUNTED", 60)
    record_many(bot, 60, [])
    assert "more than" not in supervisor.get(LIST).content.decode()
    record_many(bot, 1, [])
    response = supervisor.get(LIST)
    assert "more than 60 calls" in " ".join(response.content.decode().split())
    assert response.context["cl"].paginator.num_pages == 2


def test_queries_of_a_search_do_not_grow_with_the_calls(bot: Bot, supervisor: Client) -> None:
    """Nor with the turns."""
    query = {"q": "purple elephant", "missed": "yes", "slower": "0", "fault": "no"}
    changed(record_call(bot, "a purple elephant"), slowest_ms=1)
    supervisor.get(LIST, query)
    with CaptureQueriesContext(connection) as with_one:
        supervisor.get(LIST, query)
    record_many(bot, 60, ["a purple elephant"] * 5)
    Call.objects.update(miss_count=5, slowest_ms=1)
    with CaptureQueriesContext(connection) as with_many:
        assert len(listed(supervisor, **query)) == 50
    assert len(with_many) == len(with_one)


def test_number_in_a_hit_is_hidden_from_an_editor(bot: Bot) -> None:
    """As in the transcript."""
    record_call(bot, f"call me on {NUMBER} please")
    shown = member("Editor").get(LIST, {"q": "please"}).content.decode()
    assert "call me on [number] <mark>please</mark>" in shown
    assert NUMBER not in shown


@pytest.mark.parametrize("permission", ["view_bot", "view_caller_number"])
def test_list_is_for_those_who_may_view_calls(permission: str) -> None:
    """Another permission does not do."""
    assert holder(permission).get(LIST).status_code == HTTPStatus.FORBIDDEN
