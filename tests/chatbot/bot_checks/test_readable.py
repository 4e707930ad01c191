"""Keywords that nobody can say."""

import pytest

from chatbot.bot_checks import readable
from chatbot.hearing import Hearing
from tests.chatbot.bots import make_intent, make_script


def test_keywords_that_can_be_read() -> None:
    """Words, keys and blanks."""
    script = make_script(make_intent(1, "hello", "*", "call me {name}"))
    assert list(readable.find(script, Hearing())) == []


@pytest.mark.parametrize(
    ("keyword", "what"),
    [("?!", "has no word in it"), ("{order:fish}", "is of the kind “fish”"), ("a {b", "brace")],
)
def test_keyword_that_cannot_be_read(keyword: str, what: str) -> None:
    """The sentence is the one of the form."""
    (problem,) = readable.find(make_script(make_intent(1, "hello", keyword)), Hearing())
    assert what in problem.what
    assert problem.place.anchor == "keywords-1"
