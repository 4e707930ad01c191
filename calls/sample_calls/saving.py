"""Writes sample calls into the database, by the thousand."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import connection, models, transaction

from calls.models import Call, CallEvent, Stream, Turn
from calls.sample_calls.rows import BotIds, Row, SampleCall
from calls.sample_calls.texts import BOTS, SampleBot
from chatbot.actions import TRANSFER
from chatbot.models import Bot

BATCH = 2000
"""As many calls are held in memory, and written in one transaction."""


def bots_save() -> list[BotIds]:
    """Return the sample bots, made where they are not there yet."""
    return [_bot_save(sample) for sample in BOTS]


@transaction.atomic
def _bot_save(sample: SampleBot) -> BotIds:
    bot = Bot.objects.filter(name=sample.name).first()
    if bot is None:
        texts = {"greeting": sample.greeting, "fallback": sample.fallback}
        bot = Bot.objects.create(name=sample.name, **texts)
    ids: dict[str, int] = {}
    for order in (*sample.intents, sample.goodbye):
        intent, is_new = bot.intents.get_or_create(name=order.name)
        ids[order.name] = intent.pk
        if is_new:
            intent.keywords.create(text=order.keyword)
            parameter = "+31205550199" if order.action == TRANSFER else ""
            intent.replies.create(text=order.reply, action=order.action, parameter=parameter)
    return BotIds(sample, bot.pk, ids)


def calls_save(calls: Iterable[SampleCall]) -> Iterator[int]:
    """Write calls batch by batch; yield after each how many are written so far."""
    calls = iter(calls)
    written = 0
    while batch := list(islice(calls, BATCH)):
        _save(batch)
        written += len(batch)
        yield written


@transaction.atomic
def _save(batch: list[SampleCall]) -> None:
    saved = Call.objects.bulk_create([Call(**made.call) for made in batch])
    for made, call in zip(batch, saved, strict=True):
        for row in (*made.turns, *made.events, *made.streams):
            row["call_id"] = call.pk
    _write(Turn, [row for made in batch for row in made.turns])
    _write(CallEvent, [row for made in batch for row in made.events])
    _write(Stream, [row for made in batch for row in made.streams])


def _write(model: type[models.Model], rows: list[Row]) -> None:
    if connection.vendor == "postgresql":
        _copy(model, rows)
    else:
        model._default_manager.bulk_create([model(**row) for row in rows], batch_size=500)


def _copy(model: type[models.Model], rows: list[Row]) -> None:
    """Write rows by COPY, many times as fast as INSERT; what a row lacks has its default."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    blank = {field.attname: _default(field) for field in fields}
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row((blank | row).values())


def _default(field: Any) -> Any:
    """Return what a field holds where nothing is given, as the database takes it."""
    return field.get_db_prep_save(field.get_default(), connection)
