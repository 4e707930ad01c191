"""Bots read from the database into scripts, once per version and process."""

import threading
from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from chatbot.actions import TRANSFER
from chatbot.expectations import Expectation
from chatbot.manner import Manner
from chatbot.models import (
    EXPECTATION_FIELDS,
    MANNER_FIELDS,
    Bot,
    Intent,
    Keyword,
    PhoneNumber,
    Reply,
    Reprompt,
)
from chatbot.opening_hours import OpenFrom, OpeningHours
from chatbot.phone_numbers import to_destination
from chatbot.script import Remote, ReplyOrder, Script, ScriptIntent, ScriptReply
from chatbot.values import warm

# A bot takes one place for its newest version, and older versions the places that are left.
_CACHED_SCRIPTS = 64

# The time makes a version unique for good: a database put back to an older state counts again
# through versions that a process has already seen.
_Stamp = tuple[int, datetime]


# A bot that was saved is compiled once, however many calls ask for it at that moment.
_reading = [threading.Lock() for _ in range(16)]


class _ChangedMeanwhileError(Exception):
    """The bot was saved while its rows were read."""


def default_bot_id() -> int | None:
    """Return the id of the bot that answers all other numbers, or None where there is no bot."""
    bots = Bot.objects.order_by("-is_default", "pk")
    return bots.values_list("pk", flat=True).first()


def bot_id_of(number: str) -> int | None:
    """Return the id of the bot that answers a number, or None where there is no bot at all."""
    numbers = PhoneNumber.objects.filter(number=number.strip())
    bot_id = numbers.values_list("bot_id", flat=True).first()
    return default_bot_id() if bot_id is None else bot_id


def load_script(bot_id: int) -> Script:
    """Return the bot as it is now: one small query, and a dozen where it has changed.

    Safe to call from several threads: one reads a new version, and the others wait for it.
    Raises Bot.DoesNotExist.
    """
    while True:
        stamp = _stamp(bot_id)
        with _reading[bot_id % len(_reading)]:
            try:
                return _read(bot_id, stamp)
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
    bot = Bot.objects.prefetch_related("pronunciations", "opening_times", "closed_days").get(
        pk=bot_id
    )
    intents = _intents(bot_id)
    reprompts = _said_rows(Reprompt.objects.filter(bot_id=bot_id), "kind")
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
        intents=intents,
        pronunciations=tuple((row.word, row.phones) for row in bot.pronunciations.all()),
        time_zone=bot.time_zone,
        threshold=bot.threshold,
        no_match_again=reprompts[Reprompt.Kind.NO_MATCH],
        no_input_again=reprompts[Reprompt.Kind.NO_INPUT],
        max_turns=bot.max_turns,
        max_minutes=bot.max_minutes,
        limit_message=bot.limit_message,
        transfer_number=to_destination(bot.transfer_number) if bot.transfer_number else "",
        transfer_message=bot.transfer_message,
        transfer_failed=bot.transfer_failed,
        opening_hours=OpeningHours(
            tuple(OpenFrom(row.weekday, row.opens, row.closes) for row in bot.opening_times.all()),
            frozenset(row.day for row in bot.closed_days.all()),
        ),
        closed_message=bot.closed_message,
        remote=_remote(bot),
        secret=bot.secret,
        speed=bot.speed,
        streams=bot.line == Bot.Line.STREAM,
        greeting_uninterruptible=bot.greeting_uninterruptible,
        interrupt_words=bot.interrupt_words,
        patience_ms=bot.patience_ms,
        answers_early=bot.answers_early,
        second_recognizer=bot.second_recognizer,
        changed_at=bot.changed_at,
    )
    # All are built at their first use: here, in a worker thread, and not in a live turn.
    _ = script.matcher, script.hints
    warm(script.language)
    return script


def _remote(bot: Bot) -> Remote | None:
    if bot.backend == Bot.Backend.SCRIPT:
        return None
    return Remote(bot.backend, bot.backend_url, bot.backend_seconds, bot.secret)


def _intents(bot_id: int) -> tuple[ScriptIntent, ...]:
    """Read the intents by plain rows: ten thousand keywords as objects would take a second."""
    keywords: dict[int, list[str]] = defaultdict(list)
    rows = Keyword.objects.filter(intent__bot_id=bot_id).order_by("id")
    for intent_id, text in rows.values_list("intent_id", "text"):
        keywords[intent_id].append(text)
    follows: dict[int, list[int]] = defaultdict(list)
    links = Intent.follows.through.objects.filter(from_intent__bot_id=bot_id).order_by("id")
    for intent_id, followed_id in links.values_list("from_intent_id", "to_intent_id"):
        follows[intent_id].append(followed_id)
    replies = _said_rows(Reply.objects.filter(intent__bot_id=bot_id), "intent_id")
    reprompts = Reprompt.objects.filter(intent__bot_id=bot_id)
    no_match = _said_rows(reprompts.filter(kind=Reprompt.Kind.NO_MATCH), "intent_id")
    no_input = _said_rows(reprompts.filter(kind=Reprompt.Kind.NO_INPUT), "intent_id")
    return tuple(
        ScriptIntent(
            id=id,
            name=name,
            keywords=tuple(keywords[id]),
            replies=replies[id],
            follows=tuple(follows[id]),
            order=ReplyOrder(order),
            no_match=no_match[id],
            no_input=no_input[id],
        )
        for id, name, order in Intent.objects.filter(bot_id=bot_id)
        .order_by("position", "id")
        .values_list("id", "name", "reply_order")
    )


def _said_rows(rows: QuerySet[Any], owner: str) -> dict[Any, tuple[ScriptReply, ...]]:
    """Return replies or reprompts by the value of a field of theirs, each in their order."""
    said: dict[Any, tuple[ScriptReply, ...]] = defaultdict(tuple)
    fields = ["text", "action", "parameter", "otherwise", *MANNER_FIELDS]
    if rows.model is Reply:
        fields += ["ends_thread", *EXPECTATION_FIELDS]
    for row in rows.order_by("position", "id").values_list(owner, *fields):
        key, text, action, parameter, otherwise, voice, speed, is_uninterruptible, *more = row
        reply = ScriptReply(
            text, action, parameter, otherwise, manner=Manner(voice, speed, is_uninterruptible)
        )
        if more:
            ends_thread, *expected = more
            reply = replace(reply, ends_thread=ends_thread, expects=Expectation.of(*expected))
        if reply.action == TRANSFER and reply.parameter:
            reply = replace(reply, parameter=_dialled(reply.parameter))
        said[key] += (reply,)
    return said


def _dialled(parameter: str) -> str:
    """Return a number as it is dialled; one with a captured value in it stays as it is."""
    return parameter if "{" in parameter else to_destination(parameter)
