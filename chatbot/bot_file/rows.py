"""The rows of a bot as contents: a dozen queries, however many rows there are."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from chatbot.actions import ACTIONS
from chatbot.bot_file.contents import (
    BOT_FIELDS,
    BotContents,
    IntentContents,
    LineContents,
    RehearsalContents,
    Reprompts,
    Said,
)
from chatbot.expectations import ANYTHING, Expectation
from chatbot.manner import Manner
from chatbot.models import (
    EXPECTATION_FIELDS,
    MANNER_FIELDS,
    Bot,
    ClosedDay,
    IgnoredPhrase,
    Intent,
    Keyword,
    OpeningTime,
    Pronunciation,
    Rehearsal,
    RehearsalLine,
    Reply,
    Reprompt,
)
from chatbot.opening_hours import OpenFrom


def bot_contents(bot_id: int) -> BotContents:
    """Return what an editor wrote into a bot, all of it of one version.

    Line ends of Windows, which forms of a browser send, become plain ones. What an action has
    no use for is left out. Raises Bot.DoesNotExist.
    """
    while True:
        version = _version(bot_id)
        contents = _read(bot_id)
        if _version(bot_id) == version:
            return contents


def _version(bot_id: int) -> Any:
    return Bot.objects.values_list("version", "changed_at").get(pk=bot_id)


def _read(bot_id: int) -> BotContents:
    fields = Bot.objects.values(*BOT_FIELDS).get(pk=bot_id)
    hours = OpeningTime.objects.filter(bot_id=bot_id).values_list("weekday", "opens", "closes")
    days = ClosedDay.objects.filter(bot_id=bot_id).values_list("day", "name")
    words = Pronunciation.objects.filter(bot_id=bot_id).order_by("id").values_list("word", "phones")
    ignored = IgnoredPhrase.objects.filter(bot_id=bot_id).values_list("text", flat=True)
    no_match, no_input = _reprompts(Reprompt.objects.filter(bot_id=bot_id), "bot_id")
    return BotContents(
        fields={name: _plain(fields[name]) for name in BOT_FIELDS},
        opening_hours=tuple(OpenFrom(*row) for row in sorted(hours)),
        closed_days=tuple(sorted(days)),
        pronunciations=tuple(sorted(words, key=lambda pair: pair[0])),
        reprompts=Reprompts(no_match[bot_id], no_input[bot_id]),
        intents=_intents(bot_id),
        rehearsals=_rehearsals(bot_id),
        ignored_phrases=tuple(sorted(ignored)),
    )


def _intents(bot_id: int) -> tuple[IntentContents, ...]:
    intents = list(
        Intent.objects.filter(bot_id=bot_id)
        .order_by("position", "id")
        .values_list("id", "name", "reply_order")
    )
    names = {id: name for id, name, _ in intents}
    keywords = _grouped(
        Keyword.objects.filter(intent__bot_id=bot_id)
        .order_by("id")
        .values_list("intent_id", "text")
    )
    follows = _grouped(
        Intent.follows.through.objects.filter(from_intent__bot_id=bot_id).values_list(
            "from_intent_id", "to_intent_id"
        )
    )
    replies = _said_rows(Reply.objects.filter(intent__bot_id=bot_id), "intent_id")
    no_match, no_input = _reprompts(Reprompt.objects.filter(intent__bot_id=bot_id), "intent_id")
    places = {id: place for place, id in enumerate(names)}
    return tuple(
        IntentContents(
            name=names[id],
            keywords=tuple(keywords[id]),
            replies=replies[id],
            follows=tuple(
                names[followed]
                for followed in sorted(follows[id], key=lambda id: places.get(id, -1))
                if followed in names  # what another bot has, a file cannot name
            ),
            reply_order=order,
            reprompts=Reprompts(no_match[id], no_input[id]),
        )
        for id, _, order in intents
    )


def _rehearsals(bot_id: int) -> tuple[RehearsalContents, ...]:
    lines: dict[int, list[LineContents]] = defaultdict(list)
    rows = RehearsalLine.objects.filter(rehearsal__bot_id=bot_id).order_by("position", "id")
    for id, says, intent, reply, action in rows.values_list(
        "rehearsal_id", "says", "intent_name", "reply", "action"
    ):
        lines[id].append(LineContents(says, intent, _plain(reply), action))
    rehearsals = Rehearsal.objects.filter(bot_id=bot_id).values_list("id", "name")
    return tuple(
        sorted(
            (RehearsalContents(name, tuple(lines[id])) for id, name in rehearsals),
            key=lambda rehearsal: rehearsal.name,
        )
    )


def _reprompts(
    rows: QuerySet[Reprompt], owner: str
) -> tuple[dict[Any, tuple[Said, ...]], dict[Any, tuple[Said, ...]]]:
    """Return the reprompts of each kind by their owner."""
    return (
        _said_rows(rows.filter(kind=Reprompt.Kind.NO_MATCH), owner),
        _said_rows(rows.filter(kind=Reprompt.Kind.NO_INPUT), owner),
    )


def _said_rows(rows: QuerySet[Any], owner: str) -> dict[Any, tuple[Said, ...]]:
    """Return replies or reprompts by the value of a field of theirs, each in their order."""
    said: dict[Any, list[Said]] = defaultdict(list)
    fields = ["text", "action", "parameter", "otherwise", *MANNER_FIELDS]
    if rows.model is Reply:
        fields += ["ends_thread", *EXPECTATION_FIELDS]
    for key, *values in rows.order_by("position", "id").values_list(owner, *fields):
        said[key].append(_said(*values))
    return defaultdict(tuple, {key: tuple(group) for key, group in said.items()})


def _said(
    text: str,
    action: str,
    parameter: str,
    otherwise: str,
    voice: str,
    speed: int | None,
    is_uninterruptible: bool,
    ends_thread: bool = False,
    *expected: str,
) -> Said:
    needs = ACTIONS[action].parameter if action in ACTIONS else None
    return Said(
        text=_plain(text),
        action=action,
        parameter=_plain(parameter).strip() if needs else "",
        otherwise=_plain(otherwise) if needs and needs.otherwise else "",
        ends_thread=ends_thread,
        manner=Manner(voice, speed, is_uninterruptible),
        expects=Expectation.of(*expected) if expected else ANYTHING,
    )


def _grouped(pairs: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


_WINDOWS_LINE_END = re.compile("\r+\n")


def _plain(value: Any) -> Any:
    return _WINDOWS_LINE_END.sub("\n", value) if isinstance(value, str) else value
