"""The texts of a bot that are the same in every call, and so need to be spoken only once. Pure."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, islice

from calls.voice.wording import Wording
from chatbot import actions, ssml
from chatbot.actions.base import Ask, GoTo, Say
from chatbot.dialogue import MAX_JUMPS
from chatbot.manner import AS_EVER, Manner
from chatbot.patterns import placeholders
from chatbot.script import Script, ScriptIntent, ScriptReply

MAX_ROUTES = 50
"""How many texts are known beforehand of one reply that goes on to other intents."""

_Said = Iterator[tuple[str, Manner]]


def wording_of(script: Script, text: str, manner: Manner = AS_EVER) -> Wording:
    """Return a text of the bot together with how it is to be spoken."""
    return Wording(
        text=text.strip(),
        language=script.language,
        voice=manner.voice or script.voice,
        speed=manner.speed or script.speed,
    )


def fixed_wordings(script: Script) -> tuple[Wording, ...]:
    """Return all that a bot says without captured values, what callers hear soonest first."""
    return tuple(_fixed(_Same(script)))


def is_fixed(script: Script, wording: Wording) -> bool:
    """Whether the bot says this without captured values. Slow at the first call for a script."""
    return wording in _fixed(_Same(script))


class _Same:
    """A script as a key that is compared by identity: to compare its values takes too long."""

    def __init__(self, script: Script) -> None:
        self.script = script

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.script is other.script

    def __hash__(self) -> int:
        return id(self.script)


@lru_cache(maxsize=16)
def _fixed(same: _Same) -> dict[Wording, None]:
    return {
        wording_of(same.script, text, manner): None
        for text, manner in _said(same.script)
        if text.strip() and not placeholders(text)
    }


def _said(script: Script) -> _Said:
    """Yield what the bot says, and again what it says in several places."""
    intents = () if script.remote is not None else script.intents
    ladders = (*script.no_match_again, *script.no_input_again)
    own_ladders = chain.from_iterable((*intent.no_match, *intent.no_input) for intent in intents)
    for text in (script.greeting, script.fallback, script.no_input):
        yield text, AS_EVER
    for reply in _in_turn(intents):
        yield from islice(_routes(script, reply), MAX_ROUTES)
    for row in (*ladders, *own_ladders):
        yield from _routes(script, row)
    for text in (
        script.goodbye,
        script.transfer_message,
        script.transfer_failed,
        script.closed_message,
        script.limit_message,
        script.apology,
    ):
        yield text, AS_EVER
    for row in (*_in_turn(intents), *ladders):
        # After a transfer, when nothing is known any more of the reply that led to it.
        yield row.otherwise, AS_EVER


def _in_turn(intents: tuple[ScriptIntent, ...]) -> Iterator[ScriptReply]:
    """Yield the first replies of all intents, then the second ones, and so on."""
    longest = max((len(intent.replies) for intent in intents), default=0)
    for place in range(longest):
        for intent in intents:
            yield from intent.replies[place : place + 1]


def _routes(script: Script, reply: ScriptReply, before: str = "", jumps: int = 0) -> _Said:
    """Yield what may be said where a reply is given: more than one text if it goes on elsewhere."""
    match actions.ACTIONS[reply.action].move(reply, ""):
        case Say(words):
            if reply.action != actions.REPEAT:  # never said without what was said last
                yield ssml.join([before, words]), reply.manner
        case Ask():
            yield ssml.join([before, reply.otherwise or reply.text]), reply.manner
            yield ssml.join([before, reply.text]), reply.manner
        case GoTo(words, name):
            said = ssml.join([before, words])
            target = script.intents_by_name.get(name)
            if target is None or not target.replies or jumps + 1 == MAX_JUMPS:
                yield said, AS_EVER  # nobody answers, as whom it could be said
                return
            for following in target.replies:
                yield from _routes(script, following, said, jumps + 1)
