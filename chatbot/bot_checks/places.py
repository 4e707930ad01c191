"""The rows and fields of a bot in which something may be wrong, in their order. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from chatbot.bot_checks.problem import Place
from chatbot.patterns import placeholders
from chatbot.script import Script, ScriptIntent, ScriptReply
from chatbot.ssml import plain

_MAX_QUOTED = 40


@dataclass(frozen=True, slots=True)
class Row:
    """A row of what the bot says and does, and the intent whose reply it is, if it is one."""

    place: Place
    said: ScriptReply
    intent: ScriptIntent | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A text in a field of the bot itself; `is_filled` tells whether placeholders count in it."""

    place: Place
    text: str
    is_filled: bool = False


def of_intent(intent: ScriptIntent) -> Place:
    """Return the page of an intent."""
    return Place(intent_id=intent.id, intent=intent.name)


def of_follows(intent: ScriptIntent) -> Place:
    """Return the field in which an intent says what it follows."""
    return Place("follows", "id_follows", intent.id, intent.name)


def of_keyword(intent: ScriptIntent, index: int) -> Place:
    """Return the row of a keyword."""
    label = f"keyword “{_short(intent.keywords[index])}”"
    return Place(label, f"keywords-{index}", intent.id, intent.name)


def of_reply(intent: ScriptIntent, index: int) -> Place:
    """Return the row of a reply."""
    text = intent.replies[index].text
    label = f"reply “{_short(text)}”" if text else f"reply {index + 1}"
    return Place(label, f"replies-{index}", intent.id, intent.name)


def of_bot(label: str = "", anchor: str = "") -> Place:
    """Return a field, or a row, of the page of the bot."""
    return Place(label, anchor)


def rows(script: Script) -> Iterator[Row]:
    """Yield all that the bot says and does: of its intents, and where it understood nothing."""
    yield from _reprompts(None, script.no_input_again, script.no_match_again)
    for intent in script.intents:
        for index, reply in enumerate(intent.replies):
            yield Row(of_reply(intent, index), reply, intent)
        yield from _reprompts(intent, intent.no_input, intent.no_match)


def texts(script: Script) -> Iterator[Text]:
    """Yield what the bot's own fields have it say, where it may come to that."""
    hours = script.opening_hours
    fields = {
        "greeting": ("greeting", script.greeting),
        "fallback": ("fallback", script.fallback),
        "no_input": ("question after silence", script.no_input),
        "goodbye": ("goodbye", script.goodbye),
        "apology": ("apology", script.apology),
        "limit_message": ("what is said at the limit", script.limit_message),
        "transfer_failed": ("what is said if nobody answers", script.transfer_failed),
    }
    if script.transfer_number:
        fields["transfer_message"] = ("transfer message", script.transfer_message)
    if hours.week or hours.closed_days:
        fields["closed_message"] = ("closed message", script.closed_message)
    for field, (label, text) in fields.items():
        yield Text(of_bot(label, f"id_{field}"), text, field in {"fallback", "no_input"})


def names_in(said: ScriptReply) -> tuple[str, ...]:
    """Return the placeholders of a row, each once."""
    both = (said.text, said.parameter, said.otherwise)
    return tuple(dict.fromkeys(name for text in both for name in placeholders(text)))


def _reprompts(
    intent: ScriptIntent | None,
    no_input: tuple[ScriptReply, ...],
    no_match: tuple[ScriptReply, ...],
) -> Iterator[Row]:
    for name, kind, all_said in (
        ("no_input", "said nothing", no_input),
        ("no_match", "not understood", no_match),
    ):
        for index, said in enumerate(all_said):
            label = f"{kind} “{_short(said.text)}”" if said.text else f"{kind} {index + 1}"
            place = Place(label, f"{name}-{index}")
            if intent is not None:
                place = replace(place, intent_id=intent.id, intent=intent.name)
            yield Row(place, said)


def _short(said: str) -> str:
    text = plain(said)
    return text if len(text) <= _MAX_QUOTED else f"{text[: _MAX_QUOTED - 1].rstrip()}…"
