"""Bots for the tests: as values, and as rows."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from chatbot.models import Bot, Intent
from chatbot.script import Script, ScriptIntent, ScriptReply

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""A Monday, on which the dialogues of the tests take place."""


def make_script(*intents: ScriptIntent, **fields: Any) -> Script:
    """Return a script with these intents and short texts; `fields` are of the script."""
    script = Script(
        bot_id=1,
        version=1,
        name="Test bot",
        language="en-US",
        voice="",
        greeting="Welcome.",
        fallback="Pardon?",
        no_input="Still there?",
        goodbye="Bye.",
        apology="Sorry.",
        silence_seconds=8,
        intents=intents,
        limit_message="Enough.",
        transfer_message="Connecting.",
        transfer_failed="Nobody there.",
        closed_message="Closed.",
    )
    return replace(script, **fields)


def make_intent(
    id: int, *keywords: str, replies: tuple[ScriptReply, ...] = (), **fields: Any
) -> ScriptIntent:
    """Return an intent that is named after its id; `fields` are of the intent."""
    intent = ScriptIntent(id=id, name=f"intent {id}", keywords=keywords, replies=replies)
    return replace(intent, **fields)


def create_bot(name: str = "Test bot") -> Bot:
    """Save a bot without intents."""
    return Bot.objects.create(name=name, greeting="Welcome.", fallback="Pardon?")


def create_intent(bot: Bot, name: str, *keywords: str, reply: str = "Well.") -> Intent:
    """Save an intent with its keywords and one reply."""
    intent = Intent.objects.create(bot=bot, name=name)
    for keyword in keywords:
        intent.keywords.create(text=keyword)
    intent.replies.create(text=reply)
    return intent
