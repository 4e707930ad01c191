"""How calls ended and by whom, in words."""

import pytest

from calls.models import Call
from calls.outcomes import ENDED_BY, WHO, ending_of


def over(outcome: str, status: str = "completed") -> Call:
    return Call(outcome=outcome, status=status)


@pytest.mark.parametrize("outcome", Call.Outcome)
def test_every_outcome_is_told_with_who_ended_the_call(outcome: Call.Outcome) -> None:
    """None is forgotten."""
    ending = ending_of(over(outcome))
    assert ending.how
    assert WHO[outcome] == ending.by
    assert ending.by in ENDED_BY


def test_running_call_was_ended_by_nobody() -> None:
    """Although the bot has said goodbye."""
    ending = ending_of(Call(outcome="bot", status="in-progress"))
    assert (ending.how, ending.by) == ("not yet: in progress", "")


@pytest.mark.parametrize(
    ("status", "reported"), [("completed", ""), ("busy", "busy"), ("no-answer", "no answer")]
)
def test_report_stands_beside_it_where_it_says_more(status: str, reported: str) -> None:
    """That a call is completed is known."""
    assert ending_of(over("failed", status)).reported == reported
