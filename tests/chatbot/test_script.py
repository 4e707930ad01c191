"""A bot as frozen values."""

import subprocess
import sys
from datetime import time

import pytest

from chatbot.expectations import Expectation
from chatbot.listening import Listening
from chatbot.opening_hours import OpenFrom, OpeningHours
from chatbot.script import Remote
from chatbot.state import State
from tests.chatbot.bots import NOW, make_intent, make_script


def test_hints_keep_the_editors_spelling_and_order() -> None:
    """Keywords as written, in the order of the intents, then what can always be said."""
    script = make_script(make_intent(1, "Café", "tea"), make_intent(2, "Not good"))
    assert script.hints == ("Café", "tea", "Not good", "repeat")


def test_hints_name_the_same_words_once() -> None:
    """Of keywords that are the same words, the first is the hint."""
    script = make_script(make_intent(1, "Don't"), make_intent(2, "dont", "tea"))
    assert script.hints == ("Don't", "tea", "repeat")


@pytest.mark.parametrize(
    ("language", "hints"),
    [("en-US", ("yes", "no")), ("nl-NL", ("ja", "nee"))],
)
def test_hints_of_a_blank_are_in_the_language_of_the_bot(
    language: str, hints: tuple[str, ...]
) -> None:
    """Words of another language would be heard for the caller's own."""
    script = make_script(make_intent(1, "{sure:yesno}"), language=language)
    assert script.hints[:2] == hints


def test_hints_name_the_operator_where_there_is_one() -> None:
    """What cannot be asked for is not expected."""
    script = make_script(make_intent(1, "tea"), transfer_number="+31201234567")
    assert script.hints == ("tea", "repeat", "operator")


def test_hints_of_a_follow_up_come_first_after_what_it_follows() -> None:
    """And nowhere else."""
    script = make_script(make_intent(1, "tea"), make_intent(2, "milk", follows=(1,)))
    assert script.hints == ("tea", "repeat")
    assert script.hints_after(1) == ("milk", "tea", "repeat")
    assert script.hints_after(2) == ("tea", "repeat")


def test_hints_of_a_blank_are_the_words_around_it() -> None:
    """And what a blank of its kind typically holds."""
    script = make_script(make_intent(1, "call me {name}"), make_intent(2, "{ok:yesno} please"))
    assert script.hints[:3] == ("call me", "yes", "no")
    assert script.hints[-2:] == ("please", "repeat")


def test_hints_of_what_the_last_reply_expects_come_first() -> None:
    """Before the follow-ups, and each phrase once."""
    script = make_script(make_intent(1, "tea"), make_intent(2, "no", "milk", follows=(1,)))
    hints = script.hints_after(1, Expectation("yesno", ("Milk",)))
    assert hints[:3] == ("Milk", "yes", "no")
    assert hints[-2:] == ("tea", "repeat")
    assert len(hints) == len(set(map(str.lower, hints)))


def test_listening_is_that_of_the_state() -> None:
    """Kind, language and model of what the last reply expects, and the hints of its place."""
    script = make_script(make_intent(1, "tea"), make_intent(2, "milk", follows=(1,)))
    state = State(context=1, expects=Expectation("", ("sugar",), "de-DE", "telephony_short"))
    assert script.listening(state) == Listening(
        ("sugar", "milk", "tea", "repeat"), "", "de-DE", "telephony_short"
    )


def test_listening_of_a_chatbot_elsewhere_has_no_hints() -> None:
    """Nobody here knows what it asks."""
    script = make_script(make_intent(1, "tea"), remote=Remote("http", "https://bot.test", 4.0))
    assert script.listening(State()) == Listening()


def test_script_is_open_by_its_own_clock() -> None:
    """Noon in London is one o'clock in Amsterdam."""
    hours = OpeningHours((OpenFrom(0, time(12, 30), time(13, 30)),))
    assert make_script(opening_hours=hours, time_zone="Europe/Amsterdam").is_open(NOW)
    assert not make_script(opening_hours=hours, time_zone="Europe/London").is_open(NOW)


def test_matcher_is_built_once() -> None:
    """The index over the keywords is kept with the script."""
    script = make_script(make_intent(1, "tea"))
    assert script.matcher is script.matcher


def test_script_is_frozen() -> None:
    """A script that calls share cannot be changed."""
    with pytest.raises(AttributeError):
        make_script().greeting = "Other"


def test_pure_modules_import_neither_django_nor_asyncio() -> None:
    """Script, matching and dialogue work without the framework and the event loop."""
    check = (
        "import sys, chatbot.script, chatbot.matching, chatbot.dialogue, chatbot.answers;"
        "print([name for name in ('django', 'asyncio') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
