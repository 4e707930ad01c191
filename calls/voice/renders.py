"""Every reply as audio: from memory, from what any process rendered before, or from the engine."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from django.db import Error as DatabaseError

from calls.store import Store
from calls.voice.attempts import attempt_fail
from calls.voice.fixed_texts import is_fixed, wording_of
from calls.voice.kept_renders import KeptRender, render_check, render_find, render_keep
from calls.voice.memory import Memory, Remembered
from calls.voice.speech import Speech
from calls.voice.synthesizer import SynthesisError, Synthesizer, SynthesizerUnavailable
from calls.voice.whole_audio import WholeAudio
from calls.voice.wording import Wording
from chatbot.manner import AS_EVER, Manner
from chatbot.script import Script

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

MEMORY_BYTES = 64 * 1024 * 1024
"""What a process keeps at hand: more than two hours of speech."""

CHECK_SECONDS = 600.0
"""How long a process may go on with a render that was made anew, or deleted, by another."""


class Renders:
    """What the live calls of one event loop have to say, each text rendered once.

    Texts that are the same in every call are kept in the database. Others, which may tell of the
    caller, stay in memory and go with the process.
    """

    def __init__(
        self,
        synthesizer: Synthesizer,
        store: Store,
        on_missing: Callable[[int], None] = lambda bot_id: None,
        *,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        """`on_missing` is told the bot of which a caller had to wait for a text of those kept."""
        self._synthesizer = synthesizer
        self._store = store
        self._on_missing = on_missing
        self._memory = Memory(memory_bytes)
        self._coming: dict[str, Speech] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def audio(self, script: Script, text: str, manner: Manner = AS_EVER) -> AsyncIterator[bytes]:
        """Return the audio of a text of the bot, mu-law 8 kHz, in pieces of any length.

        It is sought at once, and to its end, also where nobody waits for it any more. Iterating
        raises a SynthesisError, also in the middle.
        """
        wording = wording_of(script, text, manner)
        key = wording.key(self._synthesizer.name)
        render = self._memory.get(key)
        if render is not None:
            self._check_at_times(key, render)
            return WholeAudio(render.audio)
        speech = self._coming.get(key)
        if speech is None:
            speech = self._coming[key] = Speech()
            self._start(self._seek(script, wording, key, speech))
        return speech.listen()

    async def aclose(self) -> None:
        """Break off what is being rendered. The engine is its owner's to close."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _seek(self, script: Script, wording: Wording, key: str, speech: Speech) -> None:
        """Fill a speech, and keep it where it was not kept."""
        kept: KeptRender | None = None
        problem: SynthesisError | None = None
        try:
            kept = await self._find(key)
            if kept is None:
                await self._speak(wording, speech)
            else:
                speech.add(kept.audio)
            speech.end()
        except SynthesisError as error:
            logger.warning("A text of bot %d was not rendered: %s", script.bot_id, error)
            problem = error
            speech.fail(error)
        finally:
            if not speech.is_over:
                speech.fail(SynthesizerUnavailable("The server is stopping."))
            del self._coming[key]
        if problem is not None:
            await self._write(script, wording, attempt_fail, key, str(problem))
            return
        rendered_at = None if kept is None else kept.rendered_at
        render = Remembered(speech.audio, rendered_at, time.monotonic())
        self._memory.put(key, render)
        if kept is None:
            engine = self._synthesizer.name
            render.rendered_at = await self._write(
                script, wording, render_keep, key, render.audio, engine
            )
            if render.rendered_at is not None:
                # In a thread too: it may take as long as it takes to start another one.
                await self._store.run(self._on_missing, script.bot_id)

    async def _find(self, key: str) -> KeptRender | None:
        try:
            return await self._store.run(render_find, key)
        except DatabaseError:
            logger.exception("A render was not found for a fault; its text is spoken anew")
            return None

    async def _speak(self, wording: Wording, speech: Speech) -> None:
        try:
            async for piece in self._synthesizer.speak(wording):
                speech.add(piece)
        except SynthesisError:
            raise
        except Exception as error:
            logger.exception("The voice engine broke")
            raise SynthesizerUnavailable("The voice engine broke; the log says how.") from error
        if not speech.audio:
            raise SynthesizerUnavailable("The voice engine returned no audio.")

    async def _write(
        self, script: Script, wording: Wording, job: Callable[P, T], *args: P.args, **kw: P.kwargs
    ) -> T | None:
        """Put on record what came of a text, where it is the same in every call."""

        def write() -> T | None:
            return job(*args, **kw) if is_fixed(script, wording) else None

        try:
            return await self._store.run(write)
        except DatabaseError:
            logger.exception("What came of a text of bot %d was not recorded", script.bot_id)
            return None

    def _check_at_times(self, key: str, render: Remembered) -> None:
        """Note that a render is used, and look now and then whether it is still the one kept."""
        now = time.monotonic()
        if render.rendered_at is not None and now - render.checked_at >= CHECK_SECONDS:
            render.checked_at = now
            self._start(self._check(key, render))

    async def _check(self, key: str, render: Remembered) -> None:
        try:
            rendered_at = await self._store.run(render_check, key)
        except DatabaseError:
            logger.exception("A render in memory was not compared with the one kept")
            return
        if rendered_at != render.rendered_at and self._memory.get(key) is render:
            self._memory.drop(key)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._on_done)

    def _on_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("A part of the rendering broke", exc_info=error)
