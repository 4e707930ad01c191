"""Keywords in which callers are not heard."""

from chatbot.bot_checks import recognizer
from chatbot.hearing import Hearing
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


def test_keys_are_not_said() -> None:
    """No recognizer hears a star."""
    assert found("*", "{unreadable", hearing=HEARING) == []


def test_recognizer_that_hears_any_word() -> None:
    """Nothing is a problem then."""
    assert found("xenon", "my order is {order:digits}", hearing=Hearing()) == []
