"""Bots for the tests: as values, and as rows."""

from chatbot.models import Bot, Intent
from chatbot.script import Script, ScriptIntent, ScriptReply


def make_script(*intents: ScriptIntent) -> Script:
    """Return a script with these intents and short texts."""
    return Script(
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
    )


def make_intent(id: int, *keywords: str, replies: tuple[ScriptReply, ...] = ()) -> ScriptIntent:
    """Return an intent that is named after its id."""
    return ScriptIntent(id=id, name=f"intent {id}", keywords=keywords, replies=replies)


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
