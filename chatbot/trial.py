"""A dialogue that an editor tries without a telephone: the same steps, and nothing is done."""

import secrets
import time
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

import msgspec
from asgiref.sync import async_to_sync
from django.core import signing

from chatbot import actions, answering, dialogue
from chatbot.answers import Answer, Question
from chatbot.explanation import Asked, Fact, effects, explain
from chatbot.script import Script
from chatbot.state import State

MAX_CHARACTERS = 10_000
"""How much the caller may say at once."""

_SALT = "chatbot.trial"

_ask = async_to_sync(answering.ask)


class TrialError(Exception):
    """A step that cannot be taken, with a sentence for the editor."""


class Stage(StrEnum):
    """What can come next."""

    TALKING = "talking"
    CONNECTED = "connected"
    """The caller would be talking to somebody else by now."""
    OVER = "over"


class Speaker(StrEnum):
    """Who an entry is of."""

    CALLER = "caller"
    BOT = "bot"
    NOTE = "note"
    """Nobody: it tells the editor something."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was said; of the bot, also why, and what the line would do then."""

    speaker: Speaker
    text: str
    facts: tuple[Fact, ...] = ()
    effects: tuple[str, ...] = ()


Entries = tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """Where such a dialogue stands between two steps.

    `version` is that of the bot at the last step, `session` names the dialogue to whoever else is
    asked, `otherwise` is what is said where nobody answers the transfer.
    """

    bot_id: int
    version: int
    session: str
    state: State
    stage: Stage = Stage.TALKING
    otherwise: str = ""

    def to_token(self) -> str:
        """Return the trial as a signed text that the page can keep."""
        plain = {**msgspec.to_builtins(self), "state": self.state.to_json()}
        return signing.dumps(plain, salt=_SALT, compress=True)

    @classmethod
    def from_token(cls, token: str, bot_id: int) -> Self:
        """Read what `to_token` wrote for this bot. Raises TrialError for anything else."""
        try:
            plain = signing.loads(token, salt=_SALT)
            trial = msgspec.convert({**plain, "state": {}}, cls, str_keys=True)
        except (signing.BadSignature, msgspec.ValidationError, TypeError, ValueError) as error:
            raise TrialError(
                "This conversation cannot be read any more. Start over to begin a new one."
            ) from error
        if trial.bot_id != bot_id:
            raise TrialError(
                "This conversation is with another bot. Start over to begin one with this bot."
            )
        return replace(trial, state=State.from_json(plain["state"]))


def begin(script: Script, now: datetime) -> tuple[Trial, Entries]:
    """Answer the call; `now` is aware, here and below."""
    answer, state = dialogue.opening(script, now)
    trial = Trial(script.bot_id, script.version, secrets.token_urlsafe(12), state)
    return _step(script, trial, answer, state, ())


def say(script: Script, trial: Trial, text: str, now: datetime) -> tuple[Trial, Entries]:
    """Have the caller say or key in something. Raises TrialError."""
    _expect(trial, Stage.TALKING)
    if not text.strip():
        raise TrialError("Write what the caller says, or choose “Say nothing”.")
    if len(text) > MAX_CHARACTERS:
        raise TrialError(
            f"That is {len(text):,} characters; a caller says at most {MAX_CHARACTERS:,} here. "
            "Shorten it."
        )
    outcome, state = dialogue.respond(script, trial.state, text, now=now, session=trial.session)
    asked = None
    if isinstance(outcome, Question):
        began = time.monotonic()
        reaction = _ask(outcome)
        asked = Asked(outcome.url, round((time.monotonic() - began) * 1000), reaction)
        outcome, state = dialogue.conclude(script, state, outcome, reaction)
    said = Entry(Speaker.CALLER, text)
    return _step(script, trial, outcome, state, (said,), asked)


def stay_silent(script: Script, trial: Trial, now: datetime) -> tuple[Trial, Entries]:
    """Have the caller say nothing until the bot asks. Raises TrialError."""
    _expect(trial, Stage.TALKING)
    answer, state = dialogue.no_input(script, trial.state, now)
    note = Entry(Speaker.NOTE, f"The caller says nothing for {script.silence_seconds} seconds.")
    return _step(script, trial, answer, state, (note,))


def nobody_answers(script: Script, trial: Trial) -> tuple[Trial, Entries]:
    """Have a transferred call come back. Raises TrialError."""
    _expect(trial, Stage.CONNECTED)
    answer, state = dialogue.not_transferred(script, trial.state, trial.otherwise)
    return _step(script, trial, answer, state, (Entry(Speaker.NOTE, "Nobody answers there."),))


def _expect(trial: Trial, stage: Stage) -> None:
    if trial.stage is stage:
        return
    raise TrialError(
        {
            Stage.TALKING: "The caller is talking to the bot.",
            Stage.CONNECTED: "The caller is connected to somebody else. Choose “Nobody answers "
            "there”, or start over.",
            Stage.OVER: "The call is over. Start over to place another one.",
        }[trial.stage]
    )


def _step(
    script: Script,
    trial: Trial,
    answer: Answer,
    state: State,
    said: Entries,
    asked: Asked | None = None,
) -> tuple[Trial, Entries]:
    """Return the trial after an answer, and all that is new in it."""
    notes: Entries = ()
    if script.version != trial.version:
        text = f"The bot was changed meanwhile: from here on version {script.version} answers."
        notes = (Entry(Speaker.NOTE, text),)
    facts = explain(script, trial.state, state, answer, asked)
    said = (*notes, *said, Entry(Speaker.BOT, answer.plain_text, facts, effects(answer)))
    trial = replace(
        trial,
        version=script.version,
        state=state,
        stage=_stage(answer, state),
        otherwise=answer.otherwise,
    )
    return trial, said


def _stage(answer: Answer, state: State) -> Stage:
    if state.ended:
        return Stage.OVER
    is_transferred = answer.action == actions.TRANSFER and bool(answer.parameter)
    return Stage.CONNECTED if is_transferred else Stage.TALKING
