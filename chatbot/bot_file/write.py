"""Contents written as a file. Pure but for the defaults, which are those of the models."""

from collections.abc import Iterable

from chatbot.bot_file.contents import (
    ALWAYS_WRITTEN,
    BOT_FIELDS,
    WEEKDAYS,
    BotContents,
    IntentContents,
    LineContents,
    RehearsalContents,
    Reprompts,
    Said,
)
from chatbot.bot_file.defaults import BOT_DEFAULTS
from chatbot.bot_file.yaml_text import Value, dump
from chatbot.opening_hours import OpenFrom

FORMAT = 1

_Section = dict[str, Value]

_HEADER = "# A phone bot with all its words. What is not written here has its default value.\n"


def write(contents: BotContents) -> str:
    """Return the bot as YAML that `read` takes; what has its default value is left out."""
    document: _Section = {"format": FORMAT}
    for name in BOT_FIELDS:
        value = contents.fields[name]
        if name in ALWAYS_WRITTEN or value != BOT_DEFAULTS[name]:
            document[name] = value
    sections: _Section = {
        "opening_hours": _opening_hours(contents.opening_hours),
        "closed_days": {day.isoformat(): name for day, name in contents.closed_days},
        "reprompts": _reprompts(contents.reprompts),
        "pronunciations": _pronunciations(contents.pronunciations),
        "intents": [_intent(intent) for intent in contents.intents],
        "rehearsals": [_rehearsal(rehearsal) for rehearsal in contents.rehearsals],
        "ignored_phrases": contents.ignored_phrases,
    }
    return _HEADER + dump({**document, **_without_empty(sections)})


def _without_empty(section: _Section) -> _Section:
    return {key: value for key, value in section.items() if value}


def _opening_hours(stretches: Iterable[OpenFrom]) -> _Section:
    week: dict[str, list[str]] = {}
    for stretch in stretches:
        hours = "-".join(
            moment.isoformat("auto" if moment.second or moment.microsecond else "minutes")
            for moment in (stretch.opens, stretch.closes)
        )
        week.setdefault(WEEKDAYS[stretch.weekday], []).append(hours)
    return {day: ", ".join(hours) for day, hours in week.items()}


def _pronunciations(pairs: Iterable[tuple[str, str]]) -> _Section:
    words: dict[str, list[str]] = {}
    for word, phones in pairs:
        words.setdefault(word, []).append(phones)
    return {word: phones if len(phones) > 1 else phones[0] for word, phones in words.items()}


def _reprompts(reprompts: Reprompts) -> _Section:
    return _without_empty(
        {
            "no_match": [_said(row) for row in reprompts.no_match],
            "no_input": [_said(row) for row in reprompts.no_input],
        }
    )


def _said(row: Said) -> Value:
    """Return a row as its text alone where it has nothing else."""
    section = _without_empty(
        {
            "text": row.text,
            "action": row.action,
            "with": row.parameter,
            "otherwise": row.otherwise,
            "ends_thread": row.ends_thread,
            "voice": row.manner.voice,
            "speed": row.manner.speed or 0,
            "uninterruptible": row.manner.is_uninterruptible,
            "expects": row.expects.kind,
            "expected_phrases": row.expects.phrases,
            "expects_language": row.expects.language,
            "expects_model": row.expects.model,
        }
    )
    return row.text if section.keys() <= {"text"} else section


def _intent(intent: IntentContents) -> _Section:
    return {
        "name": intent.name,
        **_without_empty(
            {
                "follows": intent.follows,
                "keywords": intent.keywords,
                "reply_order": intent.reply_order if intent.reply_order != "in-turn" else "",
                "replies": [_said(row) for row in intent.replies],
                "reprompts": _reprompts(intent.reprompts),
            }
        ),
    }


def _rehearsal(rehearsal: RehearsalContents) -> _Section:
    lines: list[Value] = [_line(line) for line in rehearsal.lines]
    return {"name": rehearsal.name, **_without_empty({"lines": lines})}


def _line(line: LineContents) -> _Section:
    return {
        "says": line.says,
        **_without_empty({"intent": line.intent, "reply": line.reply, "action": line.action}),
    }
