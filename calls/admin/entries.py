"""The turns of a call as its page shows them: what was said, and why it was answered so."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from calls.admin.wording import action_words, percent
from calls.caller_numbers import without_number
from calls.models import StaffAct, Turn
from chatbot.answers import Rule
from chatbot.matching import MatchKind

CALLER_RULES: Mapping[str, str] = {
    Rule.COMMAND: "asked for what callers can always ask for",
    Rule.NO_MATCH: "matched no intent",
    Rule.LIMIT: "came when the call had taken too many turns or minutes",
    Rule.REMOTE: "was put to a chatbot elsewhere",
    Rule.ASIDE: "wanted no answer",
}
"""What a caller's turn came to where no intent answered it."""

BOT_RULES: Mapping[str, str] = {
    Rule.GREETING: "the greeting",
    Rule.COMMAND: "callers can always ask for that",
    Rule.NO_MATCH: "said where nothing was understood",
    Rule.NO_INPUT: "the caller had said nothing",
    Rule.LIMIT: "the call had taken too many turns or minutes",
    Rule.REMOTE: "from a chatbot elsewhere",
    Rule.NOT_TRANSFERRED: "nobody answered where the call was transferred to",
    Rule.CLOSED: "the call came outside the opening hours",
    Rule.STILL_THERE: "the caller had had no chance to be heard",
    Rule.APOLOGY: "the caller could not be heard",
}
"""Why the bot spoke; an intent that answered is named at the turn of the caller."""

KINDS: Mapping[str, str] = {
    MatchKind.EXACT: "all that was said",
    MatchKind.PHRASE: "word for word",
    MatchKind.NEAR: "in another form or a little misheard",
    MatchKind.OPEN: "its blank takes any words",
}

ERRANDS: Mapping[str, str] = {
    Turn.Errand.DUE: "the SMS is not sent yet",
    Turn.Errand.BEGUN: "the SMS is being sent",
    Turn.Errand.DONE: "the SMS was sent",
    Turn.Errand.FAILED: "the SMS was not sent",
}

SLOW_MS = 1000
"""Who waits longer for an answer begins to wonder whether he was heard."""


@dataclass(frozen=True, slots=True)
class Captured:
    """A value that the caller said, the words that he said it in, and the name of its blank."""

    name: str
    value: str
    said: str
    kind: str


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """What the words were like as well, or nearly."""

    intent: str
    keyword: str
    score: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A turn and what there is to say of it; what there is not is empty.

    `match` is how the keyword was heard, `follows` the intent that it is a follow-up of, and
    `rule` why an answer came where no intent gave it. `otherwise` is said where the action fails.
    `heard` tells how much of it the caller heard, and `early` that it was answered early.
    """

    turn: Turn
    text: str
    rule: str = ""
    match: str = ""
    follows: str = ""
    captured: tuple[Captured, ...] = ()
    runners_up: tuple[RunnerUp, ...] = ()
    action: str = ""
    otherwise: str = ""
    errand: str = ""
    heard: str = ""
    early: str = ""
    note: str = ""

    @property
    def is_miss(self) -> bool:
        """Whether the bot did not understand it."""
        is_unanswered = self.turn.rule == "" and not self.turn.intent_name
        is_caller = self.turn.role == Turn.Role.CALLER
        return is_caller and (self.turn.rule == Rule.NO_MATCH or is_unanswered)

    @property
    def is_slow(self) -> bool:
        """Whether the caller had to wait for it."""
        return self.turn.answer_ms is not None and self.turn.answer_ms > SLOW_MS

    @property
    def is_errand_noted(self) -> bool:
        """Whether the note says already what became of the SMS."""
        return self.turn.errand == Turn.Errand.FAILED and bool(self.note)


def entries(turns: Iterable[Turn], number: str) -> list[Entry]:
    """Return the turns of a call, in their order, as entries.

    The turns come with their intents and what those follow; otherwise each costs a query.
    `number` is the caller's where it is to be hidden wherever it was said or noted, else empty.
    """
    found: list[Entry] = []
    answered: Turn | None = None
    for turn in turns:
        if turn.role == Turn.Role.CALLER:
            found.append(_heard(turn, answered, number))
            if turn.intent_name and turn.rule in {Rule.INTENT, ""}:
                answered = turn
        else:
            found.append(_said(turn, number))
    return found


def last_captured(found: Iterable[Entry]) -> list[Captured]:
    """Return the values of a call as they were at its end, each name once."""
    values = {captured.name: captured for entry in found for captured in entry.captured}
    return list(values.values())


def _heard(turn: Turn, answered: Turn | None, number: str) -> Entry:
    """Describe a caller's turn; `answered` is the one that an intent answered before it."""
    has_match = bool(turn.intent_name)
    return Entry(
        turn,
        text=without_number(turn.text, number),
        rule=CALLER_RULES.get(turn.rule, "" if turn.rule or has_match else "matched no intent"),
        match=_match(turn) if has_match else "",
        follows=_followed(turn, answered) if turn.is_follow_up else "",
        captured=tuple(_captured(turn.captured, number)),
        runners_up=tuple(_runners_up(turn.runners_up)),
        early=without_number(_early(turn), number),
        note=without_number(turn.note, number),
    )


def _said(turn: Turn, number: str) -> Entry:
    return Entry(
        turn,
        text=without_number(turn.plain_text, number),
        rule=_staff(turn) if turn.rule == Rule.STAFF else BOT_RULES.get(turn.rule, ""),
        action=without_number(action_words(turn.action, turn.parameter), number),
        otherwise=without_number(turn.otherwise, number),
        errand=ERRANDS.get(turn.errand, ""),
        heard=_heard_of(turn),
        note=without_number(turn.note, number),
    )


def _staff(turn: Turn) -> str:
    """Return who of the staff had a turn said; it comes with its act, or costs a query."""
    act: StaffAct | None = getattr(turn, "staff_act", None)
    return "from a member of the staff" if act is None else f"from {act.staff_name}"


def _heard_of(turn: Turn) -> str:
    """Return how much of a reply the caller heard, where he did not hear all of it."""
    if turn.heard_ms is None:
        return ""
    seconds = f"{turn.heard_ms / 1000:.1f} s"
    if turn.delivery == Turn.Delivery.PENDING:
        return f"the caller had heard {seconds} of it"
    return f"cut short by the caller after {seconds}"


def _early(turn: Turn) -> str:
    """Return what came of an early answer, in words."""
    if not turn.is_early:
        return ""
    if turn.early_text:
        return f"answered early, taken for “{turn.early_text}”"
    if turn.gained_ms is None:
        return "answered early"
    return f"answered early, {turn.gained_ms} ms before the words were certain"


def _followed(turn: Turn, answered: Turn | None) -> str:
    """Return which intent a follow-up came right after.

    The one that was answered before may have gone on to another, which is not on record.
    """
    if answered is not None and turn.intent is None:
        return str(answered.intent_name)
    followed = {} if turn.intent is None else {it.pk: it.name for it in turn.intent.follows.all()}
    if answered is not None and answered.intent_id in followed:
        return str(answered.intent_name)
    return next(iter(followed.values())) if len(followed) == 1 else "another intent"


def _match(turn: Turn) -> str:
    """Return how the keyword was heard, such as "near, in another form …, 87%"."""
    words = KINDS.get(turn.match_kind)
    parts = [turn.match_kind if words is None else f"{turn.match_kind}: {words}"]
    if turn.match_score is not None:
        parts.append(percent(turn.match_score))
    return ", ".join(filter(None, parts))


def _captured(values: object, number: str) -> Iterator[Captured]:
    """Yield the values of a turn; other than `Value.from_json`, of kinds that are no more too."""
    if not isinstance(values, dict):
        return
    for name, value in values.items():
        match value:
            case {"kind": str(kind), "value": str(canonical), "said": str(said)}:
                shown = without_number(canonical, number), without_number(said, number)
                yield Captured(str(name), *shown, kind)


def _runners_up(rows: object) -> Iterator[RunnerUp]:
    if not isinstance(rows, list):
        return
    for row in rows:
        match row:
            case {
                "intent": str(intent),
                "keyword": str(keyword),
                "score": int() | float() as score,
            }:
                yield RunnerUp(intent, keyword, percent(score))
