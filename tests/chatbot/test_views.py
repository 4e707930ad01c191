"""`POST /message`: answers and refusals."""

import json
from http import HTTPStatus

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from chatbot.chat_sessions import IDLE_TIME
from chatbot.models import Bot, ChatSession, Intent
from chatbot.signals import raise_version
from chatbot.views import ApiError, MessageRequest
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db

KEY = "kéy-🔑"


@pytest.fixture(autouse=True)
def bot(settings: Settings) -> None:
    """A bot, and an open door: what a developer has."""
    settings.DEBUG = True
    settings.CHATBOT_API_KEY = ""
    bot = create_bot()
    create_intent(bot, "hello", "hello", reply="Hi!")
    bye = create_intent(bot, "bye", "bye", reply="So long.")
    bye.replies.update(action="hangup")


def post(client: Client, body: bytes | str, authorization: str | None = None) -> HttpResponse:
    headers = {} if authorization is None else {"Authorization": authorization}
    return client.post("/message", body, content_type="application/json", headers=headers)


def refusal(response: HttpResponse, status: HTTPStatus) -> str:
    """Check that a response is an error in JSON, and return what it says."""
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/json"
    value = json.loads(response.content)
    assert list(value) == ["error"]
    return str(value["error"])


def test_message_is_answered(client: Client) -> None:
    """An answer without an action is only a text."""
    response = post(client, '{"message": "Hello!"}')
    assert response.status_code == HTTPStatus.OK
    assert json.loads(response.content) == {"text": "Hi!"}


def test_message_answer_names_its_action(client: Client) -> None:
    """Whoever talks to the bot learns that it hangs up."""
    response = post(client, '{"message": "bye"}')
    assert json.loads(response.content) == {"text": "So long.", "action": "hangup"}


def test_message_without_a_match_gets_the_fallback(client: Client) -> None:
    """Not to understand is an answer, not an error."""
    response = post(client, '{"message": "mumble", "other": 1}')
    assert json.loads(response.content) == {"text": "Pardon?"}


def test_messages_of_a_session_are_one_dialogue(client: Client) -> None:
    """What follows up on an answer is understood after it."""
    hello = Intent.objects.get(name="hello")
    create_intent(Bot.objects.get(), "good", "good", reply="Glad.").follows.add(hello)
    for message, text in (("good", "Pardon?"), ("hello", "Hi!"), ("good", "Glad.")):
        body = json.dumps({"message": message, "session": "s1"})
        assert json.loads(post(client, body).content) == {"text": text}


def test_messages_of_two_sessions_do_not_mix(client: Client) -> None:
    """Each has its own context, and a message without one has none."""
    hello = Intent.objects.get(name="hello")
    create_intent(Bot.objects.get(), "good", "good", reply="Glad.").follows.add(hello)
    post(client, '{"message": "hello", "session": "s1"}')
    for body in ('{"message": "good", "session": "s2"}', '{"message": "good"}'):
        assert json.loads(post(client, body).content) == {"text": "Pardon?"}


def test_session_begins_anew_after_its_end(client: Client) -> None:
    """A dialogue that hung up is over."""
    post(client, '{"message": "bye", "session": "s1"}')
    assert ChatSession.objects.get().dialogue["ended"] is True
    post(client, '{"message": "hello", "session": "s1"}')
    assert ChatSession.objects.get().dialogue["turns"] == 1


def test_session_that_is_idle_is_forgotten(client: Client) -> None:
    """Nothing piles up."""
    post(client, '{"message": "hello", "session": "s1"}')
    ChatSession.objects.update(used_at=timezone.now() - IDLE_TIME * 2)
    post(client, '{"message": "hello", "session": "s2"}')
    assert ChatSession.objects.get().key == "s2"


def test_message_may_name_its_bot(client: Client) -> None:
    """A second bot answers for itself."""
    other = create_bot("Other")
    create_intent(other, "hello", "hello", reply="Other here.")
    response = post(client, '{"message": "hello", "bot": "Other"}')
    assert json.loads(response.content) == {"text": "Other here."}


def test_message_to_an_unknown_bot_is_refused(client: Client) -> None:
    """The name is in the error."""
    response = post(client, '{"message": "hello", "bot": "Nobody"}')
    assert "“Nobody”" in refusal(response, HTTPStatus.NOT_FOUND)


@pytest.mark.parametrize("member", ["session", "bot"])
@pytest.mark.parametrize("value", [1, None, "x" * 101, "a\0b"])
def test_name_that_is_none_is_refused(client: Client, member: str, value: object) -> None:
    """The error says which member is wrong."""
    response = post(client, json.dumps({"message": "hello", member: value}))
    assert f"“{member}”" in refusal(response, HTTPStatus.BAD_REQUEST)


def test_message_answer_has_the_parameter_of_its_action(client: Client) -> None:
    """Whoever talks to the bot learns where to."""
    intent = create_intent(Bot.objects.get(), "sales", "sales", reply="Wait.")
    intent.replies.update(action="transfer", parameter="+31 20 123 4567")
    raise_version([intent.bot_id])
    response = post(client, '{"message": "sales"}')
    assert json.loads(response.content) == {
        "text": "Wait.",
        "action": "transfer",
        "parameter": "+31201234567",
    }


def test_message_needs_no_csrf_token() -> None:
    """A program has no form to take one from."""
    response = post(Client(enforce_csrf_checks=True), '{"message": "hello"}')
    assert response.status_code == HTTPStatus.OK


def test_message_may_hold_unpaired_surrogates(client: Client) -> None:
    """JSON can carry what is no character; it matches nothing."""
    response = post(client, r'{"message": "\ud800"}')
    assert json.loads(response.content) == {"text": "Pardon?"}


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"message=hello", "not JSON"),
        (b"\xff", "not encoded in UTF-8"),
        ('{"message": "hello"}'.encode("utf-16"), "not encoded in UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"message": ' + b"1" * 5000 + b"}", "not JSON"),
        (b'["hello"]', "not a JSON object"),
        (b'"hello"', "not a JSON object"),
        (b"{}", "missing"),
        (b'{"message": null}', "not a string"),
        (b'{"message": 1}', "not a string"),
        (b'{"message": ""}', "empty"),
        (b'{"message": " \\n"}', "empty"),
        (b'{"message": "' + b"a" * 2001 + b'"}', "longer than 2000 characters"),
    ],
    ids=range(15),
)
def test_message_refuses_a_bad_body(client: Client, body: bytes, what: str) -> None:
    """The error says what is wrong, and what is wanted."""
    error = refusal(post(client, body), HTTPStatus.BAD_REQUEST)
    assert what in error
    assert '{"message": "hello"}' in error


def test_message_of_two_thousand_characters_is_answered(client: Client) -> None:
    """The limit itself is allowed, and counts characters, not bytes."""
    response = post(client, json.dumps({"message": "é" * 2000}))
    assert response.status_code == HTTPStatus.OK


@given(st.binary(max_size=100))
def test_message_request_refuses_or_reads_any_bytes(body: bytes) -> None:
    """No body escapes as another exception."""
    try:
        parsed = MessageRequest.parse(body)
    except ApiError as error:
        status = error.status
    else:
        status = HTTPStatus.OK if parsed.message.strip() else None
    assert status in {HTTPStatus.OK, HTTPStatus.BAD_REQUEST}


def test_message_refuses_a_large_body(client: Client, settings: Settings) -> None:
    """A body that Django will not read is refused as JSON too."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    error = refusal(post(client, b"a" * 101), HTTPStatus.BAD_REQUEST)
    assert "too large" in error


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_message_refuses_other_methods(client: Client, method: str) -> None:
    """Only POST is answered."""
    response = client.generic(method, "/message")
    assert "POST" in refusal(response, HTTPStatus.METHOD_NOT_ALLOWED)
    assert response.headers["Allow"] == "POST"


def test_message_without_a_bot(client: Client) -> None:
    """A new installation says what it lacks."""
    Bot.objects.all().delete()
    error = refusal(post(client, '{"message": "hello"}'), HTTPStatus.SERVICE_UNAVAILABLE)
    assert "manage.py create_starter_bot" in error


def test_message_to_a_bot_that_is_deleted_meanwhile(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bot that goes between two queries is no bot."""
    monkeypatch.setattr("chatbot.views.default_bot_id", lambda: 0)
    refusal(post(client, '{"message": "hello"}'), HTTPStatus.SERVICE_UNAVAILABLE)


def test_message_without_a_key_in_production(client: Client, settings: Settings) -> None:
    """Without a key nobody is let in, and the error says how to change that."""
    settings.DEBUG = False
    error = refusal(post(client, '{"message": "hello"}'), HTTPStatus.FORBIDDEN)
    assert "CHATBOT_API_KEY" in error


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "Bearer "])
def test_message_with_the_key(client: Client, settings: Settings, scheme: str) -> None:
    """The key opens; it arrives as bytes that Django reads as Latin-1."""
    settings.DEBUG = False
    settings.CHATBOT_API_KEY = KEY
    sent = KEY.encode().decode("latin-1")
    response = post(client, '{"message": "hello"}', f"{scheme} {sent}")
    assert response.status_code == HTTPStatus.OK


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer wrong", "Bearer ké", f"Bearer {KEY}", f"Basic {KEY}", "🔑"],
)
def test_message_with_a_wrong_key(
    client: Client, settings: Settings, authorization: str | None, debug: bool
) -> None:
    """A key that is set is asked for, and any other is refused."""
    settings.DEBUG = debug
    settings.CHATBOT_API_KEY = KEY
    response = post(client, '{"message": "hello"}', authorization)
    assert "Bearer" in refusal(response, HTTPStatus.UNAUTHORIZED)
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("kind", "said", "answer"),
    [
        ("yesno", "yes please", "yes, thank you."),
        ("digits", "double four seven", "4 4 7, thank you."),
        ("date", "the first of May 2027", "Saturday, May 1, 2027, thank you."),
    ],
)
def test_message_with_what_the_last_reply_expects(
    client: Client, kind: str, said: str, answer: str
) -> None:
    """The blank of a follow-up takes it, whatever else the bot understands."""
    bot = Bot.objects.get()
    order = create_intent(bot, "order", "order")
    order.replies.update(text="Well?", expects=kind)
    value = create_intent(bot, "value", f"{{value:{kind}}}", reply="{value}, thank you.")
    value.follows.add(order)
    for message in ("order", "mumble"):
        post(client, json.dumps({"message": message, "session": "s"}))
    response = post(client, json.dumps({"message": said, "session": "s"}))
    assert json.loads(response.content)["text"] == answer
