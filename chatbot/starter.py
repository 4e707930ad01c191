"""The bot that a new installation begins with."""

from django.db import connection, transaction

from chatbot.models import Bot, Intent, Reply

# Name, keywords, reply, action.
_INTENTS = [
    ("hello", ["hello", "hi"], "Hi, how are you?", Reply.Action.NONE),
    ("good", ["good", "fine", "great"], "Nice, I am happy for you.", Reply.Action.NONE),
    ("bad", ["bad", "not good"], "Oh no, I am sorry to hear that.", Reply.Action.NONE),
    ("goodbye", ["goodbye", "bye"], "Nice talking to you.", Reply.Action.HANGUP),
]


@transaction.atomic
def create_starter_bot() -> Bot | None:
    """Create the starter bot, or do nothing and return None where there is a bot already.

    Safe to run in several processes at once: each waits until the one before has committed.
    """
    _lock_bots()
    if Bot.objects.exists():
        return None
    bot = Bot.objects.create(
        name="Starter bot",
        greeting="How can I help you?",
        fallback="Sorry, I did not understand that. Could you say it again?",
    )
    for name, keywords, reply, action in _INTENTS:
        intent = Intent.objects.create(bot=bot, name=name)
        for keyword in keywords:
            intent.keywords.create(text=keyword)
        intent.replies.create(text=reply, action=action)
    return bot


def _lock_bots() -> None:
    """Keep other processes from adding a bot until this transaction ends; reading goes on.

    On SQLite the transaction itself is such a lock: the settings have it begin as IMMEDIATE.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{Bot._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE')
