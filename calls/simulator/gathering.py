"""What becomes of a Gather: the caller presses keys, speaks, or does neither.

Source: twilio.com/docs/voice/twiml/gather.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from calls.simulator.call_log import CallLog
from calls.simulator.handset import Handset
from calls.simulator.verbs import Gather

_T = TypeVar("_T")

FIRST_PAUSE_SECONDS: Final = 0.1
"""How long after speech its result is there, where the first pause ends it."""


@dataclass(frozen=True, slots=True)
class Words:
    """What the telephone service understood; blank where it was speech, and no word of it.

    `confidence` is from 0 to 1, or None: Twilio does not always tell it.
    """

    text: str
    confidence: float | None


_KINDS: Final[dict[str, type[str | Words]]] = {"dtmf": str, "speech": Words}


class Gatherer:
    """Carries out the Gather verbs of one call."""

    def __init__(self, log: CallLog, pause_scale: float, handset: Handset | None = None) -> None:
        self._inputs: asyncio.Queue[str | Words] = asyncio.Queue()
        """Keys and words in their order. Keys that nobody waits for are kept."""
        self._running: Gather | None = None
        self.is_used = False
        """Whether the call was ever told to gather."""
        self._changed = asyncio.Condition()
        self._log = log
        self._pause_scale = pause_scale
        self._handset = handset

    async def running(self) -> Gather:
        """Give the Gather that runs, waiting for one where none does."""
        async with self._changed:
            while self._running is None:
                await self._changed.wait()
            return self._running

    def press(self, key: str) -> None:
        """Take a key that the caller presses."""
        self._inputs.put_nowait(key)

    def say(self, words: Words) -> bool:
        """Take what the caller says; False where no Gather hears speech, and it is lost."""
        if self._running is None or "speech" not in self._running.inputs:
            return False
        self._inputs.put_nowait(words)
        return True

    async def gather(
        self, verb: Gather, prompt: Coroutine[Any, Any, None]
    ) -> dict[str, str] | None:
        """Wait for the caller while the prompt is spoken; the first key or word cuts it.

        Returns the parameters that are posted to the action, or None where nothing is.
        """
        prompting = asyncio.create_task(prompt)
        self._run(verb)
        self.is_used = True
        try:
            async with self._changed:
                self._changed.notify_all()
            return await self._hear(verb, prompting)
        finally:
            self._run(None)
            self._forget_words()
            prompting.cancel()
            await asyncio.wait({prompting})

    def _run(self, verb: Gather | None) -> None:
        self._running = verb
        if self._handset is not None:
            self._handset.gather(verb)

    async def _hear(self, verb: Gather, prompting: asyncio.Task[None]) -> dict[str, str] | None:
        first = await self._first(verb, prompting)
        if isinstance(first, Words):
            words = await self._speech(verb, first)
            result, heard = {"SpeechResult": words.text}, bool(words.text)
            if heard and words.confidence is not None:
                result["Confidence"] = str(words.confidence)
        else:
            digits = await self._digits(verb, first)
            result, heard = {"Digits": digits}, bool(digits)
        return result if heard or verb.action_on_empty_result else None

    async def _first(self, verb: Gather, prompting: asyncio.Task[None]) -> str | Words | None:
        """Wait for a key or a word; patience begins to run out when the prompt has been spoken."""
        kinds: tuple[type[str | Words], ...] = tuple(_KINDS[kind] for kind in verb.inputs)
        heard = asyncio.create_task(self._next(kinds))
        try:
            await asyncio.wait({heard, prompting}, return_when=asyncio.FIRST_COMPLETED)
            if prompting.done():
                prompting.result()  # what cannot be spoken fails the document
            await asyncio.wait({heard}, timeout=verb.timeout * self._pause_scale)
            return heard.result() if heard.done() else None
        finally:
            heard.cancel()
            prompting.cancel()

    async def _digits(self, verb: Gather, key: str | None) -> str:
        """Give the keys up to the one that ends them, to a pause, or to as many as are wanted."""
        digits = ""
        while key is not None and key != verb.finish_on_key:
            digits += key
            if len(digits) == verb.num_digits:
                break
            key = await self._soon(str, verb.timeout)
        return digits

    async def _speech(self, verb: Gather, first: Words) -> Words:
        """Give all that is said up to a silence; keys do not matter any more."""
        pause = FIRST_PAUSE_SECONDS if verb.speech_timeout is None else verb.speech_timeout
        parts = [first]
        while more := await self._soon(Words, pause):
            parts.append(more)
        confidences = [part.confidence for part in parts if part.confidence is not None]
        text = " ".join(part.text for part in parts if part.text)
        return Words(text, min(confidences, default=None))

    async def _next(self, kinds: tuple[type[_T], ...]) -> _T:
        """Wait for what is of these kinds; what else comes meanwhile is passed over."""
        while not isinstance(heard := await self._inputs.get(), kinds):
            pass
        return heard

    async def _soon(self, kind: type[_T], seconds: float) -> _T | None:
        """Give the next of a kind, or None where none comes within so many seconds."""
        try:
            async with asyncio.timeout(seconds * self._pause_scale):
                return await self._next((kind,))
        except TimeoutError:
            return None

    def _forget_words(self) -> None:
        inputs = [self._inputs.get_nowait() for _ in range(self._inputs.qsize())]
        for key in inputs:
            if isinstance(key, str):
                self._inputs.put_nowait(key)
