"""What a file would change is said in a few words."""

from dataclasses import replace

import pytest

from chatbot.bot_file import BotContents, describe_changes
from chatbot.bot_file.contents import IntentContents, RehearsalContents, Reprompts, Said
from chatbot.bot_file.defaults import BOT_DEFAULTS

INTENTS = (IntentContents("hello"), IntentContents("good"), IntentContents("bye"))
BOT = BotContents(fields=BOT_DEFAULTS, intents=INTENTS)


def test_equal_bots_have_no_changes() -> None:
    """Nothing is said of nothing."""
    assert describe_changes(BOT, BOT) == []


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (
            {"fields": {**BOT_DEFAULTS, "voice": "a", "threshold": 90}},
            "Texts and numbers of the bot: “voice”, “threshold” changed.",
        ),
        ({"reprompts": Reprompts((Said("What?"),))}, "Reprompts of the bot changed."),
        ({"intents": (*INTENTS, IntentContents("new"))}, "Intents: 1 added – “new”."),
        ({"intents": INTENTS[1:]}, "Intents: 1 deleted – “hello”."),
        (
            {"intents": (replace(INTENTS[0], keywords=("hi",)), *INTENTS[1:])},
            "Intents: 1 changed – “hello”.",
        ),
        ({"intents": INTENTS[::-1]}, "Intents: their order changed."),
        ({"rehearsals": (RehearsalContents("a"),)}, "Rehearsals: 1 added – “a”."),
        ({"ignored_phrases": ("uh", "eh")}, "Ignored phrases: 2 added – “uh”, “eh”."),
    ],
)
def test_change_is_said_in_one_line(parts: dict[str, object], expected: str) -> None:
    """What, how many, and which."""
    assert describe_changes(BOT, replace(BOT, **parts)) == [expected]


def test_many_names_are_counted() -> None:
    """A long list helps nobody."""
    intents = tuple(IntentContents(f"n{number}") for number in range(12))
    [line] = describe_changes(replace(BOT, intents=()), replace(BOT, intents=intents))
    assert line.startswith("Intents: 12 added – “n0”")
    assert line.endswith("“n9” and 2 more.")
