"""Bots read from the database into scripts, once per version and process."""

from datetime import datetime
from functools import lru_cache

from chatbot.models import Bot, Intent
from chatbot.script import Action, Script, ScriptIntent, ScriptReply

# A bot takes one place for its newest version, and older versions the places that are left.
_CACHED_SCRIPTS = 64

# The time makes a version unique for good: a database put back to an older state counts again
# through versions that a process has already seen.
_Stamp = tuple[int, datetime]


class _ChangedMeanwhileError(Exception):
    """The bot was saved while its rows were read."""


def default_bot_id() -> int | None:
    """Return the id of the oldest bot, or None where there is no bot."""
    return Bot.objects.order_by("pk").values_list("pk", flat=True).first()


def load_script(bot_id: int) -> Script:
    """Return the bot as it is now: one small query, and six more where it has changed.

    Safe to call from several threads. Raises Bot.DoesNotExist.
    """
    while True:
        try:
            return _read(bot_id, _stamp(bot_id))
        except _ChangedMeanwhileError:
            continue


def _stamp(bot_id: int) -> _Stamp:
    return Bot.objects.values_list("version", "changed_at").get(pk=bot_id)


@lru_cache(maxsize=_CACHED_SCRIPTS)
def _read(bot_id: int, stamp: _Stamp) -> Script:
    """Compile the bot, whose stamp is the key of the cache. An exception is not cached.

    The stamp read again at the end tells whether all rows are of one version. A transaction
    would not: on PostgreSQL each query of it sees what was committed before that query, and
    on SQLite it would wait for the lock of the writers.
    """
    bot = Bot.objects.prefetch_related(
        "intents__keywords", "intents__replies", "pronunciations"
    ).get(pk=bot_id)
    if _stamp(bot_id) != stamp:
        raise _ChangedMeanwhileError
    script = Script(
        bot_id=bot.pk,
        version=bot.version,
        name=bot.name,
        language=bot.language,
        voice=bot.voice,
        greeting=bot.greeting,
        fallback=bot.fallback,
        no_input=bot.no_input,
        goodbye=bot.goodbye,
        apology=bot.apology,
        silence_seconds=bot.silence_seconds,
        intents=tuple(_intent(intent) for intent in bot.intents.all()),
        pronunciations=tuple((row.word, row.phones) for row in bot.pronunciations.all()),
    )
    # Both are built at their first use: here, in a worker thread, and not in a live turn.
    _ = script.matcher, script.hints
    return script


def _intent(intent: Intent) -> ScriptIntent:
    return ScriptIntent(
        id=intent.pk,
        name=intent.name,
        keywords=tuple(keyword.text for keyword in intent.keywords.all()),
        replies=tuple(ScriptReply(row.text, Action(row.action)) for row in intent.replies.all()),
    )
