"""What the bot answers: a script, where the dialogue stands, and what was said, give an answer.

Pure: imports neither Django nor asyncio.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from chatbot.matching import Match
from chatbot.script import Action, Script

SILENCES_BEFORE_GOODBYE = 2


@dataclass(frozen=True, slots=True)
class State:
    """Where a dialogue stands between two turns.

    `silences` counts those since the caller last spoke. `replies_given` says how often each
    intent, by id, has been answered. `ended` is set once an answer has hung up.
    """

    silences: int = 0
    replies_given: Mapping[int, int] = field(default_factory=dict)
    ended: bool = False

    def to_json(self) -> dict[str, object]:
        """Return the state as a value that JSON can hold."""
        return {
            "silences": self.silences,
            "replies_given": {str(key): count for key, count in self.replies_given.items()},
            "ended": self.ended,
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read what `to_json` wrote. Never raises: any other value gives a fresh state.

        A call must go on after an update that changed the shape of the state.
        """
        match value:
            case {"silences": int(silences), "replies_given": dict(given), "ended": bool(ended)}:
                counts = {
                    int(key): count
                    for key, count in given.items()
                    if isinstance(key, str) and _is_id(key) and _is_count(count)
                }
                if _is_count(silences) and len(counts) == len(given):
                    return cls(silences, counts, ended)
        return cls()


def _is_id(key: str) -> bool:
    return key.isascii() and key.isdecimal() and len(key) < 20 and str(int(key)) == key


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say, what to do after that, why, and what to expect the caller to say next.

    `text` may be empty where there is an action. `match` is None where no keyword was heard.
    """

    text: str
    action: Action
    match: Match | None
    hints: tuple[str, ...]


def opening(script: Script) -> tuple[Answer, State]:
    """Begin a dialogue with the greeting."""
    return Answer(script.greeting, Action.NONE, None, script.hints), State()


def respond(script: Script, state: State, text: str) -> tuple[Answer, State]:
    """Answer what the caller said. An intent with several replies gives them in turn."""
    # Who speaks up into the goodbye that follows a silence takes the dialogue up again.
    state = replace(state, silences=0, ended=False)
    match = script.matcher.match(text)
    replies = script.intents_by_id[match.intent_id].replies if match else ()
    if match is None or not replies:
        return Answer(script.fallback, Action.NONE, match, script.hints), state
    given = state.replies_given.get(match.intent_id, 0)
    reply = replies[given % len(replies)]
    state = replace(
        state,
        replies_given={**state.replies_given, match.intent_id: given + 1},
        ended=reply.action is Action.HANGUP,
    )
    return Answer(reply.text, reply.action, match, script.hints), state


def no_input(script: Script, state: State) -> tuple[Answer, State]:
    """Answer a silence: ask whether the caller is there, and at the second in a row hang up."""
    state = replace(state, silences=state.silences + 1)
    if state.silences < SILENCES_BEFORE_GOODBYE:
        return Answer(script.no_input, Action.NONE, None, script.hints), state
    return Answer(script.goodbye, Action.HANGUP, None, script.hints), replace(state, ended=True)


def reprompt(script: Script, state: State) -> tuple[Answer, State]:
    """Ask whether the caller is there where he had no chance to be heard: no silence of his."""
    return Answer(script.no_input, Action.NONE, None, script.hints), state


def apologise(script: Script, state: State) -> tuple[Answer, State]:
    """Take leave of a caller who cannot be heard any more."""
    return Answer(script.apology, Action.HANGUP, None, ()), replace(state, ended=True)
