"""Texts that take too long to say."""

import pytest

from chatbot.bot_checks import Severity, lengths
from chatbot.bot_checks.problem import Problem
from chatbot.hearing import Hearing
from chatbot.script import ScriptReply
from tests.chatbot.bots import make_intent, make_script


def found(text: str, voice: str = "") -> list[Problem]:
    intent = make_intent(1, "hello", replies=(ScriptReply(text),))
    return list(lengths.find(make_script(intent, voice=voice), Hearing()))


def test_text_that_is_short_enough() -> None:
    """Thirty seconds at 12.5 characters a second."""
    assert found("x" * 375) == []


def test_text_that_takes_too_long() -> None:
    """Longer than that is a warning."""
    (problem,) = found("x" * 400)
    assert problem.what == (
        "The text takes about 32 seconds to say, at 12.5 characters a second; more than 30 is long."
    )
    assert problem.severity is Severity.WARNING
    assert problem.place.anchor == "replies-0"


def test_text_of_syllables_takes_as_long_as_they_do() -> None:
    """A Chinese character takes as long as three letters."""
    assert lengths.seconds("你好") == lengths.seconds("nǐ hǎo")


def test_text_too_long_for_an_update() -> None:
    """What goes into a call that is under way has its limit too, as XML."""
    (problem,) = found("Tea & cakes." * 250)
    assert problem.what == (
        "The text has 3,000 characters, too many to be sent into a call at once."
    )


@pytest.mark.parametrize(
    ("voice", "limit"), [("Polly.Joanna", 3000), ("Google.en-US-Neural2-A", 5000), ("", 4096)]
)
def test_text_too_long_for_the_voice(voice: str, limit: int) -> None:
    """Each maker of voices has a limit of his own."""
    assert [problem.severity for problem in found("x" * limit, voice)] == (
        [Severity.WARNING] if limit <= 4500 else [Severity.ERROR]
    )
    (problem,) = found("x" * (limit + 1), voice)
    assert problem.severity is Severity.ERROR
    assert f"the voice says {limit:,} at once" in problem.what


def test_text_of_letters_that_count_several_times() -> None:
    """A thousand Cyrillic letters are six thousand characters of an address."""
    (problem,) = found("ж" * 1000)
    assert problem.severity is Severity.ERROR
    assert "make 6,000 of at most 4,500 characters" in problem.what
    assert problem.remedy == "Shorten it to about 750 characters."


def test_texts_of_intents_that_go_on_are_added() -> None:
    """What is said in one breath counts as one text."""
    script = make_script(
        make_intent(1, "hello", replies=(ScriptReply("x" * 200, "goto", "intent 2"),)),
        make_intent(2, "there", replies=(ScriptReply("y" * 100), ScriptReply("z" * 200))),
    )
    (problem,) = lengths.find(script, Hearing())
    assert problem.place.intent_id == 1
    assert problem.what.startswith("The text, with that of the intent it goes to, takes about 32")


def test_texts_of_intents_in_a_circle_come_to_an_end() -> None:
    """The dialogue gives up, and so does the check."""
    script = make_script(
        make_intent(1, "hello", replies=(ScriptReply("x" * 200, "goto", "intent 1"),))
    )
    assert list(lengths.find(script, Hearing())) == []


def test_long_texts_of_the_bot_and_of_its_reprompts() -> None:
    """All that is said is looked at, and the place of each is told."""
    long = "x" * 400
    script = make_script(
        make_intent(
            1, "hi", replies=(ScriptReply("Hi.", otherwise=long),), no_match=(ScriptReply(long),)
        ),
        greeting=long,
        no_input_again=(ScriptReply("So?"), ScriptReply(long)),
    )
    places = [problem.place for problem in lengths.find(script, Hearing())]
    assert [(place.intent_id, place.anchor) for place in places] == [
        (None, "id_greeting"),
        (None, "no_input-1"),
        (1, "replies-0"),
        (1, "no_match-0"),
    ]


def test_markup_takes_no_time() -> None:
    """Only what is said counts."""
    assert found(f"<speak>{'<break/>' * 30}{'x' * 375}</speak>") == []


def test_markup_does_not_count_as_what_the_voice_says() -> None:
    """Amazon Polly's limit is one of words."""
    assert found(f"<speak>{'x<w></w>' * 375}</speak>", "Polly.Joanna") == []


def test_markup_counts_where_the_voice_counts_it() -> None:
    """Google's limit is one of characters, with those of the markup."""
    (problem,) = found(f"<speak>{'x<p></p>' * 700}</speak>", "Google.en-US-Neural2-A")
    assert problem.severity is Severity.ERROR
