"""What all live calls of a process share: threads for the database, REST clients, engines."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Protocol
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import Error as DatabaseError

from calls import conversation as talk
from calls import store
from calls.endings import calls_close_lost
from calls.speech.engines import create_recognizer, recognizer_named
from calls.speech.recognizer import Recognizer
from calls.store import Store
from calls.twilio.accounts import TwilioAccount, account_of
from calls.twilio.rest import TwilioRest
from calls.voice.background import renderer
from calls.voice.engines import create_synthesizer
from calls.voice.renders import Renders
from calls.voice.synthesizer import Synthesizer, SynthesizerUnavailable
from chatbot.manner import Manner
from chatbot.script import Script

logger = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
"""How often the streams of this process are marked as alive."""

SWEEP_SECONDS = 60.0
"""How often calls of which no end was reported are looked for."""

LEAVE_SECONDS = 8.0
"""How long a process that is stopped may take to hand its calls over."""

ANSWER_SECONDS = 1.0
"""How long it then goes on answering the webhooks of those calls."""


class Session(Protocol):
    """What the switchboard knows of a session: see `calls.session`."""

    @property
    def is_fed(self) -> bool: ...

    def post(self, event: talk.Event) -> None: ...

    def say_for_staff(self, turn_id: int) -> None: ...


class Switchboard:
    """One for each event loop; made with the first call and kept for the life of the process."""

    _of_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, Switchboard] = WeakKeyDictionary()

    def __init__(
        self,
        store: Store,
        recognizer: Recognizer,
        synthesizer: Synthesizer | None = None,
    ) -> None:
        self._synthesizer = synthesizer
        self._renders = (
            None if synthesizer is None else Renders(synthesizer, store, renderer.request)
        )
        self.store = store
        self._rests: dict[TwilioAccount, TwilioRest] = {}
        self._recognizers: dict[str, Recognizer] = {"": recognizer}
        """The engines in use: the first by no name, the second ones of bots by theirs."""
        # A thread of its own: streams must not look dead because turns are waiting.
        self._beat_store = Store(1)
        self._sessions: dict[int, Session] = {}
        self._is_empty = asyncio.Event()
        self._is_empty.set()
        self._heart: asyncio.Task[None] | None = None
        self.is_closing = False
        """Whether the process ends, and takes no further streams."""

    @classmethod
    def current(cls) -> Switchboard:
        """Return the switchboard of the running event loop."""
        loop = asyncio.get_running_loop()
        if loop not in cls._of_loop:
            recognizer = create_recognizer()
            cls._of_loop[loop] = cls(
                Store(settings.CALL_DATABASE_THREADS), recognizer, create_synthesizer()
            )
        return cls._of_loop[loop]

    def rest_of(self, account_sid: str) -> TwilioRest:
        """Return the REST client of the account that a call belongs to."""
        account = account_of(account_sid)
        if account not in self._rests:
            self._rests[account] = account.rest()
        return self._rests[account]

    def recognizers(self, second: str) -> list[Recognizer]:
        """Return the engines for a call, first choice first; `second` is a name or blank."""
        if second not in self._recognizers:
            try:
                self._recognizers[second] = recognizer_named(second)
            except (ImportError, ValueError) as error:
                # The call goes on with the first, as without a second.
                logger.error("The second recognizer “%s” cannot be used: %s", second, error)
                return [self._recognizers[""]]
        first = self._recognizers[""]
        other = self._recognizers[second]
        return [first] if other is first else [first, other]

    def speak(self, script: Script, text: str, manner: Manner) -> AsyncIterator[bytes]:
        """Give the audio of a text of the bot. Its iteration may raise SynthesisError."""
        if self._renders is None:
            return _no_audio()
        return self._renders.audio(script, text, manner)

    @classmethod
    async def shut_down(cls) -> None:
        """Hand over the calls of this event loop and release what they shared, if anything."""
        switchboard = cls._of_loop.get(asyncio.get_running_loop())
        if switchboard is not None:
            await switchboard.aclose()

    @contextmanager
    def holding(self, stream_id: int, session: Session) -> Iterator[None]:
        """Mark a stream as alive, in the database, while the block runs and audio arrives."""
        self._sessions[stream_id] = session
        self._is_empty.clear()
        if self._heart is None:
            self._heart = asyncio.create_task(self._beat(), name="switchboard-heart")
        try:
            yield
        finally:
            del self._sessions[stream_id]
            if not self._sessions:
                self._is_empty.set()
                if self._heart is not None:
                    self._heart.cancel()
                    self._heart = None

    async def aclose(self) -> None:
        """Have all calls ask what to do now, of another process; then release everything."""
        self.is_closing = True
        if self._sessions:
            await self._hand_over()
        for recognizer in {id(one): one for one in self._recognizers.values()}.values():
            await recognizer.aclose()
        if self._renders is not None:
            await self._renders.aclose()
        if self._synthesizer is not None:
            await self._synthesizer.aclose()
        for rest in self._rests.values():
            await rest.aclose()
        self.store.close()
        self._beat_store.close()

    async def _hand_over(self) -> None:
        for session in self._sessions.values():
            session.post(talk.StreamEnded("the server is stopping"))
        try:
            async with asyncio.timeout(LEAVE_SECONDS):
                await self._is_empty.wait()
        except TimeoutError:
            logger.warning("%d calls were not handed over in time", len(self._sessions))
        # What these calls ask and report now may still come to this process, which listens
        # until it is gone; a request that is cut off would keep the process from ending.
        await asyncio.sleep(ANSWER_SECONDS)

    async def _beat(self) -> None:
        sweep_at = time.monotonic()
        while True:
            held = list(self._sessions)
            fed = [stream_id for stream_id in held if self._sessions[stream_id].is_fed]
            try:
                for closing in await self._beat_store.run(store.streams_seen, held, fed):
                    self._give_up(closing)
                for stream_id, turn_id in await self._beat_store.run(
                    store.staff_turns_unsaid, held
                ):
                    self._catch_up(stream_id, turn_id)
                if time.monotonic() >= sweep_at:
                    sweep_at = time.monotonic() + SWEEP_SECONDS
                    await self._beat_store.run(calls_close_lost)
            except DatabaseError:
                logger.exception("Live streams could not be looked after; trying again")
            await asyncio.sleep(BEAT_SECONDS)

    def _catch_up(self, stream_id: int, turn_id: int) -> None:
        """Tell a session what a member of the staff has said, which may not have been announced."""
        session = self._sessions.get(stream_id)
        if session is not None:
            session.say_for_staff(turn_id)

    def _give_up(self, closing: store.Closing) -> None:
        """Tell a session that its stream was closed on record."""
        session = self._sessions.get(closing.stream_id)
        if session is None:
            return
        if closing.call_is_over:
            session.post(talk.CallEnded())
        else:
            session.post(talk.StreamEnded("it was closed on record"))


async def _no_audio() -> AsyncIterator[bytes]:
    """Stand for the audio of a text where the process that took the call could speak."""
    raise SynthesizerUnavailable("no synthesizer is there any more")
    yield b""
