"""What a bot would answer to the callers it had, were they to call it now."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice

from django.db.models import Exists, OuterRef, Prefetch

from calls.exchanges import exchanges
from calls.models import Call, Turn
from chatbot import actions, dialogue, ssml
from chatbot.actions.base import GoTo, Say
from chatbot.answers import Answer, Question, Rule, Unanswered
from chatbot.explanation import Fact, explain
from chatbot.models import Bot
from chatbot.script import Script, ScriptIntent, ScriptReply
from chatbot.state import State
from chatbot.values import Value

NOT_ASKED = Unanswered("is not asked here")

MAX_TEXTS = 1000
"""How many ways to say something are looked at: intents that go on to each other have many."""


class Kind(StrEnum):
    """In what an answer differs, the weightiest first; the later ones are not looked at then."""

    MEANING = "meaning"
    """Another intent answers, or none, or one where none did."""
    ACTION = "action"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Difference:
    """A caller's turn that would be answered otherwise.

    `heard` and `then` are on record, `now` and `facts` are what the bot as it is says to it and
    why. `unreached` counts the caller's further turns, to which the call would not come.
    """

    call: Call
    heard: Turn
    then: Turn
    now: Answer
    kind: Kind
    facts: tuple[Fact, ...]
    unreached: int = 0


@dataclass(slots=True)
class Replay:
    """What came of replaying some calls.

    `turns` counts the answers that were compared, `outside` those of them by their intent only,
    since an outside address supplies the rest. `learned` counts the turns that were not
    understood and would be, `lost` those that were and would not be.
    """

    calls: int = 0
    turns: int = 0
    outside: int = 0
    learned: int = 0
    lost: int = 0
    differences: list[Difference] = field(default_factory=list)


def last_calls(bot: Bot, count: int) -> list[Call]:
    """Return the newest calls in which the caller spoke, with their turns. Two queries."""
    heard = Turn.objects.filter(call=OuterRef("pk"), role=Turn.Role.CALLER)
    turns = Turn.objects.order_by("number").only(
        *["call_id", "number", "role", "text", "at", "intent_id", "intent_name"],
        *["rule", "action", "parameter"],
    )
    calls = Call.objects.filter(Exists(heard), bot=bot).prefetch_related(Prefetch("turns", turns))
    return list(calls.order_by("-started_at", "-pk")[:count])


def replay(script: Script, calls: Iterable[Call]) -> Replay:
    """Answer what was said in these calls once more, each from the greeting on.

    What callers say is taken as it was said, at the moment at which it was. Nobody outside is
    asked. Raises ValueError for a bot whose answers come from elsewhere.
    """
    if script.remote is not None:
        raise ValueError("The answers of this bot come from elsewhere.")
    result = Replay()
    for call in calls:
        _replay_call(script, call, result)
    return result


def _replay_call(script: Script, call: Call, result: Replay) -> None:
    result.calls += 1
    # The very moment at which the dialogue began decides between replies given at random.
    began = State.from_json(call.dialogue).began or call.started_at
    _, state = dialogue.opening(script, began)
    said = exchanges(call.turns.all())
    for place, exchange in enumerate(said):
        heard, then = exchange.heard, exchange.answer
        if then is None:
            continue  # nobody was there to answer it
        if heard is None:
            state = _spoken_unasked(script, state, then)
            continue
        before = state
        result.turns += 1
        now, state, is_outside = _answer(script, before, heard)
        result.outside += is_outside
        kind = _kind(script, before, state, heard, then, now, is_outside=is_outside)
        if kind is None:
            state = replace(state, said=then.text or state.said)
            continue
        is_last = _leaves(now.action, now.parameter) and not _leaves(then.action, then.parameter)
        unreached = sum(1 for later in said[place + 1 :] if later.heard) if is_last else 0
        facts = explain(script, before, state, now)
        result.differences.append(Difference(call, heard, then, now, kind, facts, unreached))
        result.learned += then.rule == Rule.NO_MATCH and now.rule != Rule.NO_MATCH
        result.lost += then.rule != Rule.NO_MATCH and now.rule == Rule.NO_MATCH
        if is_last:
            return


def _spoken_unasked(script: Script, state: State, then: Turn) -> State:
    """Return where the dialogue stands after the bot spoke of its own accord."""
    match then.rule:
        case Rule.NO_INPUT:
            return dialogue.no_input(script, state, then.at)[1]
        case Rule.NOT_TRANSFERRED:
            return dialogue.not_transferred(script, state, then.text)[1]
    return state


def _answer(script: Script, state: State, heard: Turn) -> tuple[Answer, State, bool]:
    """Return the answer, where the dialogue stands then, and whether somebody else is to answer."""
    outcome, state = dialogue.respond(script, state, heard.text, now=heard.at)
    if isinstance(outcome, Question):
        return *dialogue.conclude(script, state, outcome, NOT_ASKED), True
    return outcome, state, False


def _leaves(action: str, parameter: str) -> bool:
    """Whether the caller does not talk to the bot any more after an action."""
    is_known = action in actions.ACTIONS
    return (is_known and actions.hangs_up(action)) or (
        action == actions.TRANSFER and bool(parameter)
    )


# --- What is otherwise ------------------------------------------------------------------------


def _kind(
    script: Script,
    before: State,
    after: State,
    heard: Turn,
    then: Turn,
    now: Answer,
    *,
    is_outside: bool,
) -> Kind | None:
    """Return in what an answer differs, or None."""
    if not _is_same_meaning(heard, then, now):
        return Kind.MEANING
    if is_outside:
        return None
    if (then.action, then.parameter) != (now.action, now.parameter):
        return Kind.ACTION
    if then.text == now.text or then.text in _texts(script, before, after, now):
        return None
    return Kind.TEXT


def _is_same_meaning(heard: Turn, then: Turn, now: Answer) -> bool:
    match = now.match if now.rule is Rule.INTENT else None
    if match is None:
        return not _intent_name(heard) and then.rule in {now.rule, ""}
    if then.rule not in {Rule.INTENT, ""}:
        return False
    if heard.intent_id is not None:
        return bool(heard.intent_id == match.intent_id)
    return bool(heard.intent_name == match.intent)  # its row was replaced by one of the name


def _intent_name(heard: Turn) -> str:
    """Return the intent that answered; near a command one may have been heard that did not."""
    return "" if heard.rule == Rule.COMMAND else str(heard.intent_name)


def _texts(script: Script, before: State, after: State, now: Answer) -> Iterator[str]:
    """Yield what the bot may say to what it understood, depending on which reply is due."""
    values = after.values
    if now.rule is Rule.NO_MATCH:
        context = script.intents_by_id.get(before.context) if before.context is not None else None
        own = context.no_match if context is not None else ()
        for row in own or (ScriptReply(script.fallback), *script.no_match_again):
            yield ssml.fill(row.text, values, script.language)
    elif now.rule is Rule.INTENT and now.match is not None:
        intent = script.intents_by_id[now.match.intent_id]
        said = _Saying(script, values, before.said)
        yield from islice(said.of(intent, dialogue.MAX_JUMPS), MAX_TEXTS)


@dataclass(frozen=True, slots=True)
class _Saying:
    """All that intents may say; `last` was said before."""

    script: Script
    values: Mapping[str, Value]
    last: str

    def of(self, intent: ScriptIntent | None, jumps: int) -> Iterator[str]:
        """Yield what the replies of an intent say, and the intents that they go on to."""
        if intent is None or not jumps:
            return
        for reply in intent.replies:
            match actions.ACTIONS[reply.action].move(reply, self.last):
                case Say(text):
                    yield ssml.fill(text, self.values, self.script.language)
                case GoTo(text, name):
                    onward = self.script.intents_by_name.get(name)
                    for rest in self.of(onward, jumps - 1):
                        said = ssml.fill(text, self.values, self.script.language)
                        yield ssml.join([said, rest])
