"""Speaks what a bot will have to say, before anybody calls."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections, connection

from calls.voice.attempts import attempt_begin, attempt_fail, attempt_give_up
from calls.voice.fixed_texts import fixed_wordings
from calls.voice.kept_renders import lengths_ms, render_keep
from calls.voice.synthesizer import SynthesisError, Synthesizer, SynthesizerUnavailable
from calls.voice.wording import Wording
from chatbot.script import Script

logger = logging.getLogger(__name__)

GIVE_UP_AFTER = 3
"""How many texts in a row an engine may fail to speak that cannot be reached or is overloaded."""


@dataclass(slots=True)
class Outcome:
    """What came of the texts of a bot. `missing` are those that were not tried.

    `total` counts all; those that are in no other count were rendered before.
    """

    total: int = 0
    rendered: int = 0
    failed: int = 0
    missing: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether every text can be heard."""
        return not (self.failed or self.missing)


def render_missing(
    script: Script,
    synthesizer: Synthesizer,
    runner: asyncio.Runner,
    is_wanted: Callable[[], bool] = lambda: True,
) -> Outcome:
    """Render what is not rendered yet, until it is not wanted any more.

    One text at a time, so that a live call never waits for more than one of them. `runner` runs
    the engine; between the texts this thread queries the database, and holds no connection while
    the engine speaks. What another process is rendering is left to it.
    """
    engine = synthesizer.name
    wordings = {wording.key(engine): wording for wording in fixed_wordings(script)}
    there = lengths_ms(wordings)
    missing = {key: wording for key, wording in wordings.items() if key not in there}
    outcome = Outcome(total=len(wordings), missing=len(missing))
    unavailable = 0
    for key, wording in missing.items():
        if not is_wanted():
            break
        if not attempt_begin(key):
            continue
        outcome.missing -= 1
        try:
            _render(key, wording, synthesizer, runner)
        except SynthesisError as error:
            outcome.failed += 1
            logger.warning("A text of bot %d was not rendered: %s", script.bot_id, error)
            attempt_fail(key, str(error))
            unavailable = unavailable + 1 if error.retryable else 0
            if unavailable == GIVE_UP_AFTER:
                break
        else:
            outcome.rendered += 1
            unavailable = 0
    return outcome


def _render(key: str, wording: Wording, synthesizer: Synthesizer, runner: asyncio.Runner) -> None:
    if not connection.in_atomic_block:
        close_old_connections()
    try:
        audio = runner.run(_spoken(synthesizer, wording))
    except SynthesisError:
        raise
    except Exception as error:
        logger.exception("The voice engine broke")
        raise SynthesizerUnavailable("The voice engine broke; the log says how.") from error
    except BaseException:
        attempt_give_up(key)  # somebody interrupts a command: others need not wait
        raise
    if not audio:
        raise SynthesizerUnavailable("The voice engine returned no audio.")
    render_keep(key, audio, synthesizer.name)


async def _spoken(synthesizer: Synthesizer, wording: Wording) -> bytes:
    return b"".join([piece async for piece in synthesizer.speak(wording)])
