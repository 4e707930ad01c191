"""The project's own contract with a chatbot elsewhere."""

from contextlib import suppress

import pytest
from hypothesis import given

from chatbot.backends.answers import MAX_CHARACTERS, RemoteAnswer, RemoteAnswerError
from chatbot.backends.contract import read, request_body
from tests.chatbot.backends.json_values import ANY_JSON, messages


def test_request_tells_message_session_bot_and_language() -> None:
    """What the other side needs to keep a conversation."""
    assert request_body("hello", "CA1", "Shop", "en-US") == {
        "message": "hello",
        "session": "CA1",
        "bot": "Shop",
        "language": "en-US",
    }


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        ({"text": "Hello."}, RemoteAnswer(("Hello.",))),
        ({"text": "Bye.", "action": "hangup"}, RemoteAnswer(("Bye.",), "hangup")),
        (
            {"action": "transfer", "parameter": "+31201234567"},
            RemoteAnswer((), "transfer", "+31201234567"),
        ),
        ({"text": "Hello.", "action": None, "parameter": None}, RemoteAnswer(("Hello.",))),
        ({"text": "Hello.", "confidence": [0.9]}, RemoteAnswer(("Hello.",))),
        ([{"text": "One."}, {"text": "Two."}], RemoteAnswer(("One.", "Two."))),
        ([{"action": "hangup"}, {"text": "Bye."}], RemoteAnswer(("Bye.",), "hangup")),
        ({}, RemoteAnswer()),
        ([], RemoteAnswer()),
        (None, RemoteAnswer()),
    ],
)
def test_answer_is_read(content: object, answer: RemoteAnswer) -> None:
    """One message or several, each with what it has; the order of texts is kept."""
    assert read(content) == answer


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("Hello.", 'sent an answer that is a text, not an object such as {"text": "Hello"}'),
        (3, 'sent an answer that is a number, not an object such as {"text": "Hello"}'),
        (
            [{"text": "a"}, None],
            'sent an answer that in message 2 is empty, not an object such as {"text": "Hello"}',
        ),
        ({"text": 3}, "sent an answer whose “text” is a number, not a text"),
        ({"action": True}, "sent an answer whose “action” is true or false, not a text"),
        ({"parameter": {}}, "sent an answer whose “parameter” is an object, not a text"),
        ([{"text": []}], "sent an answer whose “text” in message 1 is a list, not a text"),
    ],
)
def test_answer_of_another_shape_is_refused(content: object, sentence: str) -> None:
    """The transcript tells what is wrong, and where."""
    with pytest.raises(RemoteAnswerError) as raised:
        read(content)
    assert str(raised.value) == sentence


@given(ANY_JSON | messages("text", "action", "parameter", "other"))
def test_answer_is_read_or_refused(content: object) -> None:
    """No JSON makes the call fail, or say more than can be said."""
    with suppress(RemoteAnswerError):
        assert len(" ".join(read(content).texts)) <= MAX_CHARACTERS
