"""Placeholders that stay empty."""

from typing import Any

import pytest

from chatbot.bot_checks import placeholders
from chatbot.bot_checks.problem import Problem
from chatbot.hearing import Hearing
from chatbot.script import ScriptReply
from tests.chatbot.bots import make_intent, make_script


def found(reply: ScriptReply, *keywords: str, **fields: Any) -> list[Problem]:
    script = make_script(make_intent(1, "hello", *keywords, replies=(reply,)), **fields)
    return list(placeholders.find(script, Hearing()))


def test_placeholder_that_a_keyword_captures() -> None:
    """A blank of that name, in whatever intent."""
    assert found(ScriptReply("Thank you {name}."), "call me {name}") == []


@pytest.mark.parametrize(
    "reply",
    [
        ScriptReply("Thank you {name}."),
        ScriptReply("Thank you.", "sms", "Dear {name}"),
        ScriptReply("Thank you.", "transfer", otherwise="Sorry {name}"),
    ],
)
def test_placeholder_that_nothing_captures(reply: ScriptReply) -> None:
    """Wherever it stands in a row."""
    (problem,) = found(reply, "call me {nickname}", "{broken")
    assert problem.what == (
        "Nothing is ever put in the place of {name}: no keyword has such a blank."
    )
    assert problem.place.anchor == "replies-0"


def test_placeholder_in_the_fallback() -> None:
    """The fallback is filled like a reply."""
    fallback = "Sorry {name}, pardon?"
    (problem,) = found(ScriptReply("Hi."), fallback=fallback)
    assert problem.place.anchor == "id_fallback"
    assert found(ScriptReply("Hi."), "call me {name}", fallback=fallback) == []


def test_placeholder_in_the_greeting() -> None:
    """Before the first turn there is nothing to put there, so it is said as it stands."""
    (problem,) = found(ScriptReply("Hi."), "call me {name}", greeting="Welcome {name}.")
    assert problem.what == "Nothing is put in the place of {name} in this text."
    assert problem.place.anchor == "id_greeting"
