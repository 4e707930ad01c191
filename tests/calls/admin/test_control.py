"""The forms by which members of the staff take part in a call."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calls.models import Call, StaffAct, Turn
from tests.calls.admin.people import holder, member
from tests.calls.recorded import record_call
from tests.chatbot.bots import create_bot

pytestmark = pytest.mark.django_db

TOKEN = "t" * 20


@pytest.fixture
def call() -> Call:
    """Return a call that runs, held by a stream of some process."""
    call = record_call(create_bot())
    Call.objects.update(status="in-progress", ended_at=None)
    now = timezone.now()
    # Seen later than now: it counts as held however long a test takes.
    seen_at = now + timedelta(minutes=1)
    call.streams.create(token_digest="x", expires_at=now, opened_at=now, seen_at=seen_at)
    return Call.objects.get()


def send(client: Client, call: Call, **fields: str) -> Any:
    """Send a form as a browser without a script does."""
    address = reverse("admin:calls_call_control", args=[call.pk])
    return client.post(address, {"act": "say", "token": TOKEN, **fields}, follow=True)


def said(client: Client, call: Call, **fields: str) -> str:
    """Send a form as the script does; return what the user is told."""
    address = reverse("admin:calls_call_control", args=[call.pk])
    form = {"act": "say", "token": TOKEN, **fields}
    told: str = client.post(address, form, headers={"Accept": "application/json"}).json()["said"]
    return told


def test_sentence_is_recorded_and_the_page_shown_again(call: Call) -> None:
    """Without a script too; the page says what was done, and by whom."""
    answer = send(member("Operator"), call, text="Hello there.")
    shown = answer.content.decode()
    assert "The caller is being told." in shown
    assert "Hello there." in shown
    assert "from operator" in shown


@pytest.mark.parametrize("group", ["Editor", "Supervisor"])
def test_others_than_operators_only_read(call: Call, group: str) -> None:
    """They have no forms, and what they send is refused."""
    client = member(group)
    page = client.get(reverse("admin:calls_call_change", args=[call.pk])).content.decode()
    assert "Take part in the call" not in page
    assert send(client, call, text="Hello.").status_code == HTTPStatus.FORBIDDEN
    assert not StaffAct.objects.exists()


def test_whoever_may_control_but_not_read_is_refused(call: Call) -> None:
    """The one needs the other."""
    assert send(holder("control_call"), call, text="Hello.").status_code == HTTPStatus.FORBIDDEN


def test_anonymous_is_asked_to_sign_in(call: Call) -> None:
    """Nothing is done."""
    answer = Client().post(reverse("admin:calls_call_control", args=[call.pk]))
    assert answer.status_code == HTTPStatus.FOUND
    assert not StaffAct.objects.exists()


def test_form_without_a_csrf_token_is_refused(call: Call) -> None:
    """A page of somebody else cannot speak to callers."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = member("Operator").cookies
    assert send(client, call, text="Hello.").status_code == HTTPStatus.FORBIDDEN


def test_call_that_is_over_has_no_forms(call: Call) -> None:
    """Nobody would hear it."""
    Call.objects.update(status="completed", ended_at=timezone.now())
    page = member("Operator").get(reverse("admin:calls_call_change", args=[call.pk]))
    assert "Take part in the call" not in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"text": "  "}, "the sentence is empty"),
        ({"text": "a" * 1001}, "1001 characters; 1000 are the most"),
        ({"text": "<speak>no end"}, "not well-formed"),
        ({"act": "transfer", "number": "12"}, "is not a telephone number"),
        ({"act": "transfer"}, "is not a telephone number"),
        ({"act": "dance"}, "dance"),
        ({"text": "Hello.", "token": "?"}, "valid"),
    ],
)
def test_what_cannot_be_done_is_said_plainly(
    call: Call, fields: dict[str, str], problem: str
) -> None:
    """And nothing is recorded."""
    assert problem in said(member("Operator"), call, **fields)
    assert not StaffAct.objects.exists()


def test_call_that_is_over_is_said_to_be(call: Call) -> None:
    """To whoever has an old page open."""
    Call.objects.update(status="completed", ended_at=timezone.now())
    assert said(member("Operator"), call, text="Hello.") == "The call is over already."


def test_number_is_kept_as_it_is_dialled(call: Call) -> None:
    """As those of replies are."""
    said(member("Operator"), call, act="transfer", number="+31 20 765 43 00")
    assert Turn.objects.get(rule="staff").parameter == "+31207654300"


def test_unknown_call_is_not_found(call: Call) -> None:
    """It was deleted."""
    address = reverse("admin:calls_call_control", args=[call.pk + 1])
    assert member("Operator").post(address).status_code == HTTPStatus.NOT_FOUND


def test_address_of_the_form_shows_nothing(call: Call) -> None:
    """It takes forms only."""
    answer = member("Operator").get(reverse("admin:calls_call_control", args=[call.pk]))
    assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
