"""Expectations that lead nowhere."""

from dataclasses import replace

import pytest

from chatbot.bot_checks import Problem, Severity, expectations
from chatbot.expectations import Expectation
from chatbot.hearing import Hearing
from chatbot.script import ScriptIntent, ScriptReply
from tests.chatbot.bots import make_intent, make_script

ANYTHING_IS_HEARD = Hearing()
ENGLISH_ONLY = Hearing(languages=frozenset({"en"}), models=False)


def asks(expects: Expectation, **fields: object) -> ScriptIntent:
    """Return an intent whose second reply expects something."""
    reply = replace(ScriptReply("Well?", expects=expects), **fields)
    return make_intent(1, "order", replies=(ScriptReply("So."), reply))


def found(*intents: ScriptIntent, hearing: Hearing = ANYTHING_IS_HEARD) -> list[Problem]:
    return list(expectations.find(make_script(*intents), hearing))


@pytest.mark.parametrize(
    ("kind", "keyword"),
    [
        ("yesno", "{sure:yesno}"),
        ("digits", "{order:digits}"),
        ("digits", "one"),
        ("date", "{day:date}"),
        ("phone", "{number:phone}"),
        ("time", "{anything}"),
    ],
)
def test_expectation_that_a_follow_up_answers(kind: str, keyword: str) -> None:
    """By a blank, or a keyword that is such a value."""
    assert found(asks(Expectation(kind)), make_intent(2, keyword, follows=(1,))) == []


def test_expectation_that_is_answered_among_words_only() -> None:
    """Who says just the digits is not understood."""
    intent = make_intent(2, "it is {order:digits}", follows=(1,))
    assert len(found(asks(Expectation("digits")), intent)) == 1


def test_expectation_that_nothing_answers() -> None:
    """The problem is that of the reply's row."""
    (problem,) = found(asks(Expectation("digits")), make_intent(2, "hello"))
    assert problem.severity is Severity.ERROR
    assert problem.place.anchor == "replies-1"
    assert problem.what.startswith("Callers are expected to answer with a value such as “4477”")


def test_yes_that_nothing_answers() -> None:
    """A keyword for no is half of it."""
    (problem,) = found(asks(Expectation("yesno")), make_intent(2, "no", follows=(1,)))
    assert "with “yes”" in problem.what


def test_expectation_that_can_be_answered_at_any_time() -> None:
    """It need not be a follow-up."""
    assert found(asks(Expectation("yesno")), make_intent(2, "yes"), make_intent(3, "no")) == []


def test_expectation_behind_the_end_of_a_thread() -> None:
    """There the follow-ups do not count."""
    follow_up = make_intent(2, "{sure:yesno}", follows=(1,))
    assert len(found(asks(Expectation("yesno"), ends_thread=True), follow_up)) == 2


def test_yes_in_another_language() -> None:
    """The blank is read in the language that is expected."""
    dutch = Expectation("yesno", language="nl-NL")
    assert found(asks(dutch), make_intent(2, "{sure:yesno}", follows=(1,))) == []
    missing = [problem.what for problem in found(asks(dutch))]
    assert ["“ja”" in what for what in missing] == [True, False]


def test_phrases_that_nothing_answers() -> None:
    """One problem for all of them: it is one row."""
    streets = Expectation(phrases=("Main Street", "High Street", "Mill Lane"))
    (problem,) = found(asks(streets), make_intent(2, "high street", follows=(1,)))
    assert problem.severity is Severity.WARNING
    assert "“Main Street” and 1 more" in problem.what


@pytest.mark.parametrize(
    ("action", "parameter", "what"),
    [("hangup", "", "the call ends with it"), ("goto", "intent 2", "a reply of “intent 2”")],
)
def test_expectation_that_never_holds(action: str, parameter: str, what: str) -> None:
    """Nothing is said to such a reply."""
    intent = asks(Expectation("yesno"), action=action, parameter=parameter)
    (problem,) = found(intent, make_intent(2, "hello"))
    assert what in problem.what
    assert problem.severity is Severity.WARNING


def test_language_that_the_recognizer_does_not_understand() -> None:
    """Others hear the call to its end."""
    dutch = Expectation(phrases=("tea",), language="nl-NL")
    (problem,) = found(asks(dutch), make_intent(2, "tea"), hearing=ENGLISH_ONLY)
    assert problem.severity is Severity.ERROR
    assert "does not understand “nl-NL”" in problem.what
    assert "by the telephone service" in problem.effect


def test_language_of_another_country_is_understood() -> None:
    """An English recognizer hears all who speak English."""
    british = Expectation(phrases=("tea",), language="en-GB")
    assert found(asks(british), make_intent(2, "tea"), hearing=ENGLISH_ONLY) == []


def test_model_where_there_are_none() -> None:
    """It does no harm, and no good."""
    (problem,) = found(asks(Expectation(model="short")), hearing=ENGLISH_ONLY)
    assert problem.severity is Severity.WARNING
    assert "“short” is passed over" in problem.effect


def test_phrase_that_the_recognizer_does_not_know() -> None:
    """Expected words must be known like those of keywords."""
    hearing = Hearing(keyword_checks=(lambda text, language, given: [f"Unknown: {text}."],))
    (problem,) = found(asks(Expectation(phrases=("xen",))), make_intent(2, "xen"), hearing=hearing)
    assert problem.what == "Unknown: xen."


def test_reply_that_expects_nothing() -> None:
    """Most replies are such."""
    assert found(make_intent(1, "hello", replies=(ScriptReply("Hi."),))) == []
