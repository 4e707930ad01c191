"""Keywords that are keys of the telephone."""

import pytest

from chatbot.bot_checks import Severity, keys
from chatbot.bot_checks.problem import Problem
from chatbot.hearing import Hearing
from tests.chatbot.bots import make_intent, make_script


def found(keyword: str, *, are_heard: bool, streams: bool = False) -> list[Problem]:
    script = make_script(make_intent(1, "hello", keyword), streams=streams)
    return list(keys.find(script, Hearing(keys=are_heard)))


@pytest.mark.parametrize("keyword", ["1", "4711", "*9", "#", "one"])
def test_keys_on_a_line_that_carries_them(keyword: str) -> None:
    """There all keys are heard."""
    assert found(keyword, are_heard=True) == []


def test_keys_on_a_line_of_our_own_audio() -> None:
    """It carries them."""
    assert found("*9", are_heard=False, streams=True) == []


def test_keys_on_a_line_of_our_own_audio_that_cannot_be_had() -> None:
    """The telephone service speaks instead, and carries none."""
    script = make_script(make_intent(1, "*9"), streams=True)
    (problem,) = keys.find(script, Hearing(mute="No voice."))
    assert problem.severity is Severity.ERROR


def test_keys_on_a_line_that_carries_none() -> None:
    """Whoever presses them gets no answer."""
    (problem,) = found("*9", are_heard=False)
    assert problem.severity is Severity.ERROR
    assert problem.place.anchor == "keywords-1"
    assert problem.effect == "Callers who press *9 get no answer."


def test_digits_on_a_line_that_carries_no_keys() -> None:
    """They can be said as well, if nothing else is, so that it is a warning."""
    (problem,) = found("1", are_heard=False)
    assert problem.severity is Severity.WARNING
    assert "who say 1 and nothing else are heard" in problem.effect


@pytest.mark.parametrize("keyword", ["12#", "#1", "##"])
def test_keys_with_a_hash_in_them(keyword: str) -> None:
    """The hash ends the entry, so that these never come in one."""
    (problem,) = found(keyword, are_heard=True)
    assert problem.what == "“#” ends what a caller keys in, so it is never part of it."
