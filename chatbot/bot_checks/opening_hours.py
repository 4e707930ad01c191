"""Do the opening hours leave a time to call? Pure."""

from collections.abc import Iterator
from datetime import time

from chatbot.bot_checks.places import of_bot
from chatbot.bot_checks.problem import Problem, Severity
from chatbot.hearing import Hearing
from chatbot.script import Script

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def find(script: Script, hearing: Hearing) -> Iterator[Problem]:
    """Find hours that hold no moment, and a closed message that says nothing."""
    week = script.opening_hours.week
    empty = [
        index
        for index, stretch in enumerate(week)
        if stretch.closes != time.min and stretch.closes <= stretch.opens
    ]
    if empty and len(empty) == len(week):
        yield Problem(
            Severity.ERROR,
            of_bot("opening hours", "opening_times-0"),
            "The bot is never open: every row of its opening hours closes before it opens.",
            "All callers hear the closed message and are hung up on.",
            "Correct the times, or delete the rows: without any the bot is always open.",
        )
    else:
        for index in empty:
            stretch = week[index]
            times = f"{stretch.opens:%H:%M} to {stretch.closes:%H:%M}"
            yield Problem(
                Severity.WARNING,
                of_bot("opening hours", f"opening_times-{index}"),
                f"{_DAYS[stretch.weekday]} from {times} closes before it opens.",
                "Callers at that time hear that you are closed.",
                "Write the time past midnight in a row of the next day.",
            )
    has_hours = bool(week or script.opening_hours.closed_days)
    if has_hours and not script.closed_message.strip():
        yield Problem(
            Severity.ERROR,
            of_bot("closed message", "id_closed_message"),
            "There are opening hours, but nothing is said outside them.",
            "Callers are hung up on without a word.",
            "Write what they are to hear.",
        )
