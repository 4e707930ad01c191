"""Keywords in which callers are not heard."""

from chatbot.bot_checks import Problem, Severity, recognizer
from chatbot.expectations import ANYTHING, Expectation
from chatbot.hearing import Hearing
from chatbot.script import ScriptReply
from tests.chatbot.bots import make_intent, make_script


def knows_no_x(text: str, language: str, pronunciations: list[tuple[str, str]]) -> list[str]:
    """Know all words that do not begin with an x, and those that are pronounced."""
    known = {word for word, _ in pronunciations}
    return [f"Unknown: {text}."] if text.startswith("x") and text not in known else []


def found(*keywords: str, hearing: Hearing) -> list[tuple[str, str]]:
    script = make_script(make_intent(1, *keywords), pronunciations=(("xylo", "Z AY L OW"),))
    problems = recognizer.find(script, hearing)
    return [(problem.place.anchor, problem.what) for problem in problems]


HEARING = Hearing(keyword_checks=(knows_no_x,))


def test_words_that_the_recognizer_does_not_know() -> None:
    """Each keyword is a problem of its own row; a pronunciation helps."""
    assert found("hello", "xenon", "xylo", hearing=HEARING) == [("keywords-1", "Unknown: xenon.")]


def test_words_around_a_blank() -> None:
    """The blank itself is no word."""
    assert ("keywords-0", "Unknown: xenon is.") in found("xenon is {order:digits}", hearing=HEARING)


def test_blank_whose_words_cannot_be_expected() -> None:
    """Whoever says a number there is not heard."""
    ((anchor, what),) = found("my order is {order:digits}", hearing=HEARING)
    assert anchor == "keywords-0"
    assert "what callers say for {order} is not among them" in what


def test_blank_for_yes_or_no() -> None:
    """The two words are expected."""
    assert found("{sure:yesno}", hearing=HEARING) == []


def hardly_heard(keyword: str, expects: Expectation) -> Problem:
    """Return the problem of a keyword right after a reply that expects something."""
    asks = make_intent(1, "hello", replies=(ScriptReply("Well?", expects=expects),))
    script = make_script(asks, make_intent(2, keyword, follows=(1,)))
    (problem,) = recognizer.find(script, HEARING)
    return problem


def test_blank_that_the_reply_before_does_not_expect() -> None:
    """The editor learns that it could."""
    problem = hardly_heard("{order:digits}", ANYTHING)
    assert problem.severity is Severity.ERROR
    assert problem.remedy.startswith("Have the reply that asks for it say that it is expected next")


def test_blank_that_the_reply_before_expects() -> None:
    """It is heard now and then, and the editor is told how seldom."""
    problem = hardly_heard("{order:digits}", Expectation("digits"))
    assert problem.severity is Severity.WARNING
    assert "hears few of the values of {order}" in problem.what


def test_blank_among_words_is_not_heard_whatever_is_expected() -> None:
    """Only what stands alone is listened for."""
    problem = hardly_heard("order {order:digits}", Expectation("digits"))
    assert problem.severity is Severity.ERROR
    assert problem.remedy.startswith("Have your administrator")


def test_keys_are_not_said() -> None:
    """No recognizer hears a star."""
    assert found("*", "{unreadable", hearing=HEARING) == []


def test_recognizer_that_hears_any_word() -> None:
    """Nothing is a problem then."""
    assert found("xenon", "my order is {order:digits}", hearing=Hearing()) == []
