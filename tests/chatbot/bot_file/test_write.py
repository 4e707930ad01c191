"""A file is for people to read."""

from dataclasses import replace
from datetime import date, time

from chatbot.bot_file import BotContents, write
from chatbot.bot_file.contents import (
    BOT_FIELDS,
    IntentContents,
    LineContents,
    RehearsalContents,
    Reprompts,
    Said,
)
from chatbot.bot_file.defaults import BOT_DEFAULTS
from chatbot.models import Bot
from chatbot.opening_hours import OpenFrom

CONTENTS = BotContents(
    fields={
        **BOT_DEFAULTS,
        "name": "Réception",
        "greeting": "Good day. Press 1 for orders.\nSay “help” at any time.",
        "fallback": "Pardon? " + "I did not understand that. " * 5 + "Sorry.",
        "silence_seconds": 10,
    },
    opening_hours=(OpenFrom(0, time(9), time(12, 30)), OpenFrom(0, time(13), time.min)),
    closed_days=((date(2026, 12, 25), "Christmas"),),
    pronunciations=(("no", "N OW"), ("tomato", "T AH"), ("tomato", "T OW")),
    reprompts=Reprompts(no_match=(Said("Please?"),)),
    intents=(
        IntentContents(
            "order",
            keywords=("1", "order", "my order is {order:digits}"),
            replies=(Said("Order {order}: yes 👍", ends_thread=True), Said("Fine.")),
        ),
        IntentContents(
            "agent",
            follows=("order",),
            replies=(Said("One moment.", "transfer", "+31 20 123 4567", "Nobody is here."),),
        ),
    ),
    rehearsals=(RehearsalContents("short", (LineContents("no", "order", "", "hangup"),)),),
    ignored_phrases=("uh",),
)

EXPECTED = """\
# A phone bot with all its words. What is not written here has its default value.
format: 1
name: Réception
language: en-US
greeting: |-
  Good day. Press 1 for orders.
  Say “help” at any time.
fallback: >-
  Pardon? I did not understand that. I did not understand that. I did not understand that. I did not
  understand that. I did not understand that. Sorry.
silence_seconds: 10

opening_hours:
  monday: 09:00-12:30, 13:00-00:00

closed_days:
  "2026-12-25": Christmas

reprompts:
  no_match:
    - Please?

pronunciations:
  "no": N OW
  tomato:
    - T AH
    - T OW

intents:
  - name: order
    keywords:
      - "1"
      - order
      - my order is {order:digits}
    replies:
      - text: "Order {order}: yes 👍"
        ends_thread: true
      - Fine.

  - name: agent
    follows:
      - order
    replies:
      - text: One moment.
        action: transfer
        with: "+31 20 123 4567"
        otherwise: Nobody is here.

rehearsals:
  - name: short
    lines:
      - says: "no"
        intent: order
        action: hangup

ignored_phrases:
  - uh
"""


def test_file_reads_like_a_text() -> None:
    """Defaults are left out, long texts folded, texts of several lines as they are."""
    assert write(CONTENTS) == EXPECTED


def test_intent_without_rows_is_its_name() -> None:
    """An intent that is only begun can be written too."""
    contents = replace(CONTENTS, intents=(IntentContents("later"),), rehearsals=())
    assert "\nintents:\n  - name: later\n\nignored" in write(contents)


def test_each_field_of_a_bot_is_in_the_file_or_left_out_knowingly() -> None:
    """A field that is added to the model is not forgotten here."""
    left_out = {"id", "is_default", "secret", "version", "changed_at"}
    assert {field.name for field in Bot._meta.concrete_fields} == {*BOT_FIELDS, *left_out}
