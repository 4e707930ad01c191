"""Whether a caller has said all that he means to say."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.commands import Command
from chatbot.script import Remote
from chatbot.turn_ends import Meaning, Strength, Verdict, judge
from tests.chatbot.bots import make_intent, make_script

TODAY = date(2026, 11, 23)

INTENTS = (
    make_intent(1, "I want to book", "opening hours", "goodbye", "good", "thanks"),
    make_intent(2, "my order is {order:digits}", "come on {day:date}", "call me {name}"),
    make_intent(3, "thanks a lot", "yes", "{answer:yesno}", "{reason}", follows=(1,)),
    make_intent(4, "say", "call me back", "order four", "order {count:digits}"),
)
REMOTE = Remote("http", "https://bot.example/", 3.0)


def judged(text: str, context: int | None = None, **fields: Any) -> Verdict:
    """Judge a text of a caller of the bot of these tests, which may transfer calls."""
    fields = {"transfer_number": "+31201234567"} | fields
    return judge(make_script(*INTENTS, **fields), context, text, today=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "Opening hours!",
        "the opening hours please",
        "good",
        "come on tomorrow",
        "my order is 44 77, thanks",
        "yes please operator",
        "repeat",
        "repeat that",
    ],
)
def test_complete_text_is_strong(text: str) -> None:
    """It is answered at once: all of it is understood, or enough, and nothing is to follow."""
    assert judged(text).strength is Strength.STRONG


@pytest.mark.parametrize(
    "text",
    [
        "I want",
        "well I want to",
        "my order is",
        "thanks, I want",
        "say that",
        "my order is four four",
        "call me John",
    ],
)
def test_begin_of_a_keyword_is_partial(text: str) -> None:
    """The caller may go on: in words of the keyword, or with the rest of a value."""
    assert judged(text).strength is Strength.PARTIAL


@pytest.mark.parametrize(
    "text",
    ["", "?", "hello", "opening hour", "could you perhaps tell me what your opening hours are"],
)
def test_text_of_which_little_is_understood_is_weak(text: str) -> None:
    """Nothing, a near match and a phrase among many words may become clearer."""
    assert judged(text).strength is Strength.WEAK


def test_text_in_an_open_blank_is_weak() -> None:
    """What a blank for any words takes may have any number of words."""
    assert judged("it is broken", context=1).strength is Strength.WEAK


@pytest.mark.parametrize("text", ["opening hours", "Goodbye!", "I want to book", "call me back"])
def test_keyword_that_none_begins_with_is_a_final_word(text: str) -> None:
    """Whatever follows, the caller has said what the bot waits for."""
    assert judged(text).is_final_word


@pytest.mark.parametrize(
    "text",
    [
        "the opening hours",  # not all of it is a keyword
        "opening hour",
        "good",  # "goodbye" begins with it
        "say",  # "say that again" is always understood
        "come on tomorrow",  # "tomorrow week" is another date
        "my order is 4",
        "order four",  # "order forty"
        "repeat",
        "operator",
        "",
    ],
)
def test_text_that_may_become_another_is_no_final_word(text: str) -> None:
    """An answer to it could be the wrong one."""
    assert not judged(text).is_final_word


def test_final_word_depends_on_what_was_answered() -> None:
    """Only what can be said in this place makes a keyword the begin of a longer one."""
    assert judged("thanks").is_final_word
    assert not judged("thanks", context=1).is_final_word


def test_yes_is_a_final_word() -> None:
    """More words make no other value of it, and a blank for any words gives way to it."""
    assert judged("yes", context=1).is_final_word


def test_chatbot_elsewhere_is_asked_at_once_and_never_early() -> None:
    """Nobody here knows what it understands."""
    assert judged("I want", remote=REMOTE) == Verdict(Strength.STRONG)
    assert judged("goodbye", remote=REMOTE) == Verdict(Strength.STRONG)
    assert judged("repeat", remote=REMOTE) == Verdict(Strength.STRONG, Meaning(Command.REPEAT))


@pytest.mark.parametrize(
    ("text", "other", "same"),
    [
        ("goodbye", "goodbye and a nice day", True),
        ("goodbye", "opening hours", True),
        ("goodbye", "call me back", False),
        ("my order is four four", "my order is 44", True),
        ("my order is four four", "my order is four five", False),
        ("operator", "an operator please", True),
        ("operator", "repeat", False),
        ("hello", "hello", False),
    ],
)
def test_texts_mean_the_same_by_intent_and_values(text: str, other: str, same: bool) -> None:
    """What is not understood means nothing, not even the same."""
    assert judged(text).means_the_same(judged(other)) is same


@settings(max_examples=200, deadline=None)  # the first value of a kind takes its time
@given(st.text(st.characters(), max_size=200), st.sampled_from([None, 1, 2]))
def test_judgement_never_raises(text: str, context: int | None) -> None:
    """Whatever was heard, what is a final word is understood."""
    verdict = judged(text, context)
    assert verdict.meaning or not verdict.is_final_word


def test_blank_is_read_in_the_language_that_is_expected() -> None:
    """A Dutch yes is complete where Dutch was asked for."""
    script = make_script(
        make_intent(1, "order"),
        make_intent(2, "{sure:yesno}", "{sure:yesno} of niet", follows=(1,)),
    )
    dutch = judge(script, 1, "ja hoor", today=TODAY, language="nl-NL")
    assert dutch.meaning == Meaning(2, (("sure", "yes"),))
    assert judge(script, 1, "ja hoor", today=TODAY).meaning is None
