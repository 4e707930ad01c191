"""Speech to text on this machine, for the phrases a bot expects: no account, network or cost."""

import asyncio
import logging
from collections.abc import Iterator

from calls.speech.events import (
    EngineRefused,
    EngineUnavailable,
    Final,
    RecognitionEvent,
    SpeechStarted,
)
from calls.speech.offline.decoding import decode, warm
from calls.speech.offline.endpointing import PAUSE_MS, Utterance, UtteranceFinder
from calls.speech.offline.grammar import PhraseSet
from calls.speech.offline.pronunciation import is_english
from calls.speech.offline.workers import DecodingPool
from calls.speech.recognizer import RecognitionConfig

logger = logging.getLogger(__name__)

_REMEMBERED_PHRASE_SETS = 256

# The kinds of values that are said digit by digit. A number is not: “four four” is none.
_IN_DIGITS = frozenset({"digits", "phone"})

# Callers halt between the groups of digits.
PAUSE_IN_DIGITS_MS = 600


class OfflineRecognizer:
    """Hears the phrases of its hints, in English. PocketSphinx decodes in processes of its own."""

    name = "offline"
    max_stream_seconds: float | None = None
    is_metered = False
    has_interims = False

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._pool = DecodingPool(processes)
        self._warmed: dict[PhraseSet, None] = {}
        self._warming: set[asyncio.Task[None]] = set()

    def open(self, config: RecognitionConfig) -> "OfflineStream":
        """Open a stream at once; its decoders are made ready while the caller is silent."""
        has_digits = config.expects in _IN_DIGITS
        phrase_set = PhraseSet(config.hints, config.pronunciations, has_digits)
        if is_english(config.language):
            self._warm(phrase_set)
        return OfflineStream(self._pool, config.language, phrase_set)

    async def aclose(self) -> None:
        """End the processes. Streams that still need one end without a further event."""
        for task in self._warming:
            task.cancel()
        await asyncio.gather(*self._warming, return_exceptions=True)
        await self._pool.aclose()

    def _warm(self, phrase_set: PhraseSet) -> None:
        """Build the decoders of a phrase set that is new here in every process."""
        if phrase_set in self._warmed:
            return
        self._warmed[phrase_set] = None
        if len(self._warmed) > _REMEMBERED_PHRASE_SETS:
            del self._warmed[next(iter(self._warmed))]
        task = asyncio.create_task(self._warm_all(phrase_set))
        self._warming.add(task)
        task.add_done_callback(self._warming.discard)

    async def _warm_all(self, phrase_set: PhraseSet) -> None:
        jobs = [
            asyncio.create_task(self._pool.run(warm, phrase_set)) for _ in range(self._processes)
        ]
        try:
            # All find the same; the others may still be starting.
            unknown = await next(asyncio.as_completed(jobs))
            self._report(unknown)
            await asyncio.gather(*jobs)
        except EngineUnavailable as error:
            # The stream meets the same failure when it decodes, and reports it there.
            logger.warning("Could not prepare the offline recognizer for a phrase set: %s", error)
            self._warmed.pop(phrase_set, None)
        finally:
            await self._drop(jobs)

    @staticmethod
    async def _drop(jobs: list[asyncio.Task[tuple[str, ...]]]) -> None:
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)

    @staticmethod
    def _report(unknown: tuple[str, ...]) -> None:
        if unknown:
            logger.warning(
                "%d keyword words have no pronunciation, their phrases cannot be heard: %s",
                len(unknown),
                ", ".join(unknown),
            )


class OfflineStream:
    """One stream: finds utterances as audio comes in, and has each decoded in a process."""

    def __init__(self, pool: DecodingPool, language: str, phrase_set: PhraseSet) -> None:
        self._pool = pool
        self._language = language
        self._phrase_set = phrase_set
        pause_ms = PAUSE_IN_DIGITS_MS if phrase_set.has_digits else PAUSE_MS
        self._finder = UtteranceFinder(pause_ms)
        self._reports: asyncio.Queue[SpeechStarted | asyncio.Task[Final] | None] = asyncio.Queue()
        self._decoding: set[asyncio.Task[Final]] = set()
        self._next: SpeechStarted | asyncio.Task[Final] | None = None
        self._ended = not is_english(language)
        self._over = False

    def write(self, audio: bytes) -> None:
        """Look for utterances in mu-law 8 kHz audio. Finding them takes microseconds a frame."""
        if not self._ended:
            self._take(self._finder.feed(audio))

    def finish(self) -> None:
        """End the utterance that may be running; its Final is still reported."""
        if not self._ended:
            self._take(self._finder.finish())
            self._ended = True
            self._reports.put_nowait(None)

    def __aiter__(self) -> "OfflineStream":
        return self

    async def __anext__(self) -> RecognitionEvent:
        if not is_english(self._language):
            raise EngineRefused(
                "The offline recognizer understands English only, and the language is "
                f'"{self._language}". Set RECOGNIZER=google, or give the bot an English language.'
            )
        if self._next is None and not self._over:
            self._next = await self._reports.get()
        report = self._next
        if isinstance(report, asyncio.Task):
            await asyncio.wait(
                [report]
            )  # unlike await, leaves the decoding alone when we are cancelled
            if report.cancelled():
                report = None
        self._next = None
        if report is None:
            self._over = True
            raise StopAsyncIteration
        return report.result() if isinstance(report, asyncio.Task) else report

    async def aclose(self) -> None:
        """Drop what is being decoded and end the iteration."""
        self._ended = True
        self._reports.put_nowait(None)
        for task in self._decoding:
            task.cancel()
        await asyncio.gather(*self._decoding, return_exceptions=True)

    def _take(self, events: Iterator[SpeechStarted | Utterance]) -> None:
        for event in events:
            if isinstance(event, SpeechStarted):
                self._reports.put_nowait(event)
                continue
            task = asyncio.create_task(self._decode(event))
            self._decoding.add(task)
            task.add_done_callback(self._decoding.discard)
            self._reports.put_nowait(task)

    async def _decode(self, utterance: Utterance) -> Final:
        heard = await self._pool.run(decode, self._phrase_set, utterance.pcm)
        return Final(heard.text, heard.confidence, utterance.end_ms)
