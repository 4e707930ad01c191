"""Opening hours in which nobody can call."""

from datetime import time

from chatbot.bot_checks import Severity, opening_hours
from chatbot.bot_checks.problem import Problem
from chatbot.hearing import Hearing
from chatbot.opening_hours import OpenFrom, OpeningHours
from tests.chatbot.bots import make_script

MORNING = OpenFrom(0, time(9), time(12))
UNTIL_MIDNIGHT = OpenFrom(1, time(18), time(0))
BACKWARDS = OpenFrom(2, time(22), time(4))


def found(*week: OpenFrom, closed_message: str = "Closed.") -> list[Problem]:
    hours = OpeningHours(week)
    script = make_script(opening_hours=hours, closed_message=closed_message)
    return list(opening_hours.find(script, Hearing()))


def test_hours_that_hold_a_moment() -> None:
    """Midnight ends a day, and no rows are always open."""
    assert found(MORNING, UNTIL_MIDNIGHT) == []
    assert found() == []


def test_hours_that_are_never_open() -> None:
    """A bot that hangs up on everybody is an error."""
    (problem,) = found(BACKWARDS)
    assert problem.severity is Severity.ERROR
    assert problem.what.startswith("The bot is never open")


def test_hours_of_which_one_row_is_empty() -> None:
    """The other rows hold."""
    (problem,) = found(MORNING, BACKWARDS)
    assert problem.severity is Severity.WARNING
    assert problem.place.anchor == "opening_times-1"
    assert problem.what == "Wednesday from 22:00 to 04:00 closes before it opens."


def test_hours_without_a_closed_message() -> None:
    """Nobody should be hung up on without a word."""
    (problem,) = found(MORNING, closed_message=" ")
    assert problem.place.anchor == "id_closed_message"


def test_closed_message_where_the_bot_never_closes() -> None:
    """Without hours it is never said."""
    assert found(closed_message="") == []
