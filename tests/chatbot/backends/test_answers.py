"""What becomes of the messages of a chatbot elsewhere, whatever its protocol."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot import actions
from chatbot.backends.answers import ALLOWED, MAX_CHARACTERS, AnswerBuilder, RemoteAnswer, clean


def say(*texts: str) -> RemoteAnswer:
    builder = AnswerBuilder()
    for text in texts:
        builder.say(text)
    return builder.build()


def do(*wanted: tuple[str, str]) -> RemoteAnswer:
    builder = AnswerBuilder()
    for action, parameter in wanted:
        builder.do(action, parameter)
    return builder.build()


def test_allowed_actions_are_those_of_the_bot() -> None:
    """What another chatbot may ask for is what a reply can do, under the same name."""
    assert set(ALLOWED) <= set(actions.ACTIONS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello.", "Hello."),
        ("  One\n\ttwo\u2028three ", "One two three"),
        ("a\x00b\x07c\x9fd\ufffe", "abcd"),
        ("a\ud800b", "ab"),
        ("می\u200cخواهم 👩\u200d👧", "می\u200cخواهم 👩\u200d👧"),
    ],
)
def test_text_is_made_fit(text: str, said: str) -> None:
    """What nobody can store or say is left out; what joins letters stays."""
    assert say(text).texts == (said,)


def test_text_that_is_empty_is_left_out() -> None:
    """Nothing is not said."""
    assert say("", " \n", "\x00") == RemoteAnswer()


def test_texts_are_kept_in_order() -> None:
    """Several messages are said one after the other."""
    assert say("One.", "Two.").texts == ("One.", "Two.")


def test_texts_of_the_full_length_are_kept() -> None:
    """The limit itself is allowed, the space between two texts counted."""
    answer = say("a" * 1000, "b" * (MAX_CHARACTERS - 1001))
    assert (len(" ".join(answer.texts)), answer.refused) == (MAX_CHARACTERS, ())


def test_text_beyond_what_can_be_said_is_cut_between_words() -> None:
    """The caller hears most of it, and the transcript tells that it was more."""
    answer = say("word " * 1000)
    assert answer.texts == (" ".join(["word"] * 600),)
    assert answer.refused == (
        "the text of 4999 characters was cut to the 3000 that can be said at once",
    )


def test_texts_after_one_that_was_cut_are_left_out() -> None:
    """They would follow half a sentence."""
    answer = say("word " * 1000, "Goodbye.")
    assert len(answer.texts) == 1
    assert answer.refused == (
        "the text of 5008 characters was cut to the 3000 that can be said at once",
    )


@given(st.lists(st.text(st.sampled_from("a \n\x00é👧"), max_size=MAX_CHARACTERS * 2), max_size=4))
def test_texts_never_exceed_what_can_be_said(texts: list[str]) -> None:
    """Nor is any of them empty, and what was left out is reported."""
    answer = say(*texts)
    said = " ".join(answer.texts)
    assert len(said) <= MAX_CHARACTERS
    assert all(answer.texts)
    whole = " ".join(filter(None, map(clean, texts)))
    assert whole.startswith(said)
    assert (said == whole) == (answer.refused == ())


@pytest.mark.parametrize("action", ["hangup", "repeat"])
def test_action_without_parameter_is_done(action: str) -> None:
    """A parameter that says nothing to it does no harm."""
    assert do((action, "now")) == RemoteAnswer(action=action)


@pytest.mark.parametrize(
    ("parameter", "destination"),
    [
        ("", ""),
        ("+31 20 123 4567", "+31201234567"),
        ("sip:desk@example.com", "sip:desk@example.com"),
    ],
)
def test_transfer_is_done(parameter: str, destination: str) -> None:
    """To a number, an address, or where the bot transfers otherwise."""
    assert do(("transfer", parameter)) == RemoteAnswer(action="transfer", parameter=destination)


def test_play_is_done() -> None:
    """A recording is played from its address."""
    url = "https://example.com/jingle.mp3"
    assert do(("play", url)) == RemoteAnswer(action="play", parameter=url)


@pytest.mark.parametrize("action", ["dance", "Hangup", "sms", "goto", "post"])
def test_action_that_is_not_known_is_refused_visibly(action: str) -> None:
    """The transcript names it, and what it could have been."""
    assert do((action, "")).refused == (
        f"the action “{action}” is not known, use hangup, transfer, play or repeat",
    )


@pytest.mark.parametrize(
    ("action", "parameter", "sentence"),
    [
        (
            "transfer",
            "the desk",
            "the action “transfer” cannot be done: “the desk” is not a telephone number with its "
            "country code. Write it such as +31 20 123 4567",
        ),
        (
            "play",
            "",
            "the action “play” cannot be done: “” is not the address of a recording",
        ),
        (
            "play",
            "http://[::1",
            "the action “play” cannot be done: “http://[::1” is not the address of a recording",
        ),
        (
            "play",
            "file:///etc/passwd",
            "the action “play” cannot be done: “file:///etc/passwd” is not the address of a "
            "recording",
        ),
        ("play", "h" * 501, "the action “play” has over 500 characters to it"),
    ],
)
def test_action_that_cannot_be_done_is_refused_visibly(
    action: str, parameter: str, sentence: str
) -> None:
    """The transcript tells why, and the call goes on."""
    assert do((action, parameter)) == RemoteAnswer(refused=(sentence,))


def test_action_after_another_is_refused_visibly() -> None:
    """One answer does one thing, the first."""
    answer = do(("hangup", ""), ("transfer", ""))
    assert answer.action == "hangup"
    assert answer.refused == ("the action “transfer” comes after “hangup”",)


def test_action_after_one_that_is_refused_is_done() -> None:
    """What was not done does not stand in the way."""
    assert do(("dance", ""), ("hangup", "")).action == "hangup"


def test_refusals_are_short() -> None:
    """The transcript quotes no more than tells what it is about."""
    (sentence,) = do(("d" * 1000, "")).refused
    assert sentence.startswith(f"the action “{'d' * 40}…” is not known")


def test_refusals_are_few() -> None:
    """An answer with a thousand mistakes does not fill the transcript."""
    refused = do(*((f"a{number}", "") for number in range(1000))).refused
    assert (len(refused), refused[-1]) == (11, "more was left out")


def test_refusals_are_told_once() -> None:
    """The same mistake in each message is one."""
    assert len(do(("dance", ""), ("dance", "")).refused) == 1
