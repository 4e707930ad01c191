"""Rasa's REST channel."""

from contextlib import suppress

import pytest
from hypothesis import given

from chatbot.backends.answers import MAX_CHARACTERS, RemoteAnswer, RemoteAnswerError
from chatbot.backends.rasa import read, request_body
from tests.chatbot.backends.json_values import ANY_JSON, messages


def test_request_tells_sender_message_and_metadata() -> None:
    """Rasa keeps one conversation per sender."""
    assert request_body("hello", "CA1", "Shop", "en-US") == {
        "sender": "CA1",
        "message": "hello",
        "metadata": {"bot": "Shop", "language": "en-US"},
    }


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        ([], RemoteAnswer()),
        ([{"recipient_id": "CA1", "text": "Hello."}], RemoteAnswer(("Hello.",))),
        (
            [{"recipient_id": "CA1", "text": "One."}, {"recipient_id": "CA1", "text": "Two."}],
            RemoteAnswer(("One.", "Two.")),
        ),
        (
            [
                {
                    "text": "Which size?",
                    "buttons": [
                        {"title": "Small", "payload": "/small"},
                        {"title": "Large", "payload": "/large"},
                        {"payload": "/none"},
                    ],
                }
            ],
            RemoteAnswer(("Which size?", "Small, Large.")),
        ),
        ([{"text": "Which?", "buttons": []}], RemoteAnswer(("Which?",))),
        (
            [{"text": "Look.", "image": "https://example.com/a.png"}],
            RemoteAnswer(("Look.",), refused=("an image cannot be said",)),
        ),
        (
            [{"attachment": {"type": "video", "payload": {}}}],
            RemoteAnswer(refused=("an attachment cannot be said",)),
        ),
        (
            [{"text": "Bye."}, {"custom": {"action": "hangup"}}],
            RemoteAnswer(("Bye.",), "hangup"),
        ),
        (
            [{"custom": {"action": "transfer", "parameter": "+31 20 123 4567"}}],
            RemoteAnswer((), "transfer", "+31201234567"),
        ),
        (
            [{"custom": {"card": 1}}, {"custom": [1]}],
            RemoteAnswer(refused=("a custom message without an “action” cannot be said",)),
        ),
    ],
)
def test_answer_is_read(content: object, answer: RemoteAnswer) -> None:
    """What can be said is said, what cannot is reported."""
    assert read(content) == answer


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            {"text": "Hello."},
            "sent an answer that is an object, not a list of messages; its address ends in "
            "/webhooks/rest/webhook",
        ),
        (
            None,
            "sent an answer that is empty, not a list of messages; its address ends in "
            "/webhooks/rest/webhook",
        ),
        (["a"], "sent an answer that in message 1 is a text, not an object"),
        ([{}, {"text": 3}], "sent an answer whose “text” in message 2 is a number, not a text"),
        (
            [{"buttons": "yes"}],
            "sent an answer whose “buttons” in message 1 are a text, not a list",
        ),
        (
            [{"buttons": ["yes"]}],
            "sent an answer with a button in message 1 that is a text, not an object",
        ),
        (
            [{"buttons": [{"title": 1}]}],
            "sent an answer whose “title” of a button in message 1 is a number, not a text",
        ),
        (
            [{"custom": {"action": 1}}],
            "sent an answer whose “action” of the custom object in message 1 is a number, not a "
            "text",
        ),
    ],
)
def test_answer_of_another_shape_is_refused(content: object, sentence: str) -> None:
    """The transcript tells what is wrong, and where."""
    with pytest.raises(RemoteAnswerError) as raised:
        read(content)
    assert str(raised.value) == sentence


@given(
    ANY_JSON
    | messages("text", "image", "buttons", "attachment", "custom", "recipient_id", "elements")
)
def test_answer_is_read_or_refused(content: object) -> None:
    """No JSON makes the call fail, or say more than can be said."""
    with suppress(RemoteAnswerError):
        assert len(" ".join(read(content).texts)) <= MAX_CHARACTERS
