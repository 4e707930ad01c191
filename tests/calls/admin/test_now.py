"""The page of the calls that run, as it is loaded."""

from http import HTTPStatus

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from calls.live import rows
from calls.models import Call, Turn
from tests.calls.admin.people import holder, member
from tests.calls.recorded import NUMBER, record_call
from tests.chatbot.bots import create_bot, create_intent
from voiceproject.phone_account import SID as PHONE_SID

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:calls_call_now")


def running(*said: str) -> Call:
    bot = create_bot()
    create_intent(bot, "hours", "opening hours", reply="From nine to five.")
    call = record_call(bot, *said)
    Call.objects.update(status="in-progress", ended_at=None)
    return call


def page(client: Client) -> str:
    return client.get(PAGE).content.decode()


def test_running_call_is_shown(db: None) -> None:
    """Who, which bot, what was said last, and a link to it."""
    call = running("opening hours")
    shown = page(member("Supervisor"))
    for part in (NUMBER, "Test bot", "From nine to five.", "1 call is running."):
        assert part in shown
    assert reverse("admin:calls_call_change", args=[call.pk]) in shown


def test_call_of_the_phone_in_the_browser_is_called_a_test(db: None) -> None:
    """Nobody waits there for a person."""
    running("opening hours")
    supervisor = member("Supervisor")
    assert "test-call" not in page(supervisor)
    Call.objects.update(account_sid=PHONE_SID)
    assert "test-call" in page(supervisor)


def test_transfer_without_a_word_is_no_silence(db: None) -> None:
    """What the call does stands above; the bot did not fall silent."""
    running("opening hours")
    supervisor = member("Supervisor")
    Turn.objects.filter(number=F("call__turn_count")).update(text="")
    assert "said nothing" in page(supervisor)
    Turn.objects.filter(number=F("call__turn_count")).update(action="transfer")
    assert "said nothing" not in page(supervisor)


def test_call_that_is_over_is_not(db: None) -> None:
    """It is in the list of calls."""
    record_call(create_bot())
    shown = page(member("Supervisor"))
    assert NUMBER not in shown
    assert "No calls are running." in shown


def test_number_is_hidden_from_an_editor(db: None) -> None:
    """Where it was said, too."""
    running(f"my number is {NUMBER}")
    Call.objects.update(turn_count=2)  # what the caller said was said last
    shown = page(member("Editor"))
    assert NUMBER not in shown
    assert "[number]" in shown


def test_whoever_may_not_read_calls_is_refused(db: None) -> None:
    """Other permissions do not help."""
    assert holder("view_bot").get(PAGE).status_code == HTTPStatus.FORBIDDEN


def test_anonymous_is_asked_to_sign_in(db: None) -> None:
    """As everywhere in the admin."""
    assert Client().get(PAGE).status_code == HTTPStatus.FOUND


def test_page_is_a_click_away_from_every_page(db: None) -> None:
    """For those who may see it."""
    link = f'href="{PAGE}"'
    index = reverse("admin:index")
    assert link in member("Editor").get(index).content.decode()
    assert link not in holder("view_bot").get(index).content.decode()


def test_number_of_calls_that_is_shown_is_bounded(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are counted."""
    bot = create_bot()
    for _ in range(3):
        record_call(bot)
    Call.objects.update(status="in-progress", ended_at=None)
    monkeypatch.setattr(rows, "MOST_ROWS", 2)
    shown = page(member("Supervisor"))
    assert shown.count('class="running-call"') == 2
    assert "3 calls are running; the 2 that began first are shown." in shown


def test_page_costs_as_many_queries_for_many_calls(
    db: None, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    """One for the calls, one for what was said last."""
    bot = create_bot()
    for _ in range(5):
        record_call(bot)
    Call.objects.update(status="in-progress", ended_at=None)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(rows.rows_read(sees_numbers=True)) == 5
