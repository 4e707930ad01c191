"""What one caller says, from sound and keys to turns.

It keeps the recognizer listening, waits for more words where there may be more, counts the words by
which a bot that speaks is interrupted, and tells when the caller has been silent for long.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from django.utils import timezone

from calls import conversation as talk
from calls.keypad import Keypad
from calls.speech.events import Final, Interim, SpeechStarted
from calls.speech.listener import GaveUp, Listener, ListenerEvent
from calls.speech.recognizer import RecognitionConfig, Recognizer
from calls.text import printable
from calls.turn_taking import Confirmed, Corrected, Judge, Outcome, TurnReady, TurnTaking
from chatbot.actions import NONE, REPEAT
from chatbot.backchannels import is_backchannel, word_count
from chatbot.script import Script, ScriptReply
from chatbot.turn_ends import Verdict, judge

PIECE_BYTES = 800
"""Audio goes to the recognizer in pieces of 100 ms: five of Twilio's frames."""

SPEECH_NOTE_SECONDS = 1.0
"""How often it is said that the caller is speaking, while he is."""

LONGEST_SPEECH_SECONDS = 20.0
"""How long a caller counts as speaking of whom nothing more is heard."""

FED_SECONDS = 3.0
"""How long a stream may bring no audio and still count as alive."""


def _is_revocable(reply: ScriptReply) -> bool:
    """Whether a reply may be an early answer, which may turn out to be the wrong one."""
    return reply.action in {NONE, REPEAT} and not reply.manner.is_uninterruptible


class CallerTurns:
    """What one caller says. `hear` and `press` feed it; neither blocks, nor does anything else."""

    def __init__(
        self,
        recognizers: Sequence[Recognizer],
        script: Script,
        context: int | None,
        *,
        post: Callable[[talk.Event], None],
        note: Callable[[ListenerEvent], None],
        tell: Callable[[str], None] = lambda text: None,
    ) -> None:
        """`post` takes events of the conversation.

        `note` takes what the listener reports of itself: seams, retries, failures. `tell` takes
        what the running turn sounds like so far, empty where no word is known yet.
        """
        self._script = script
        self._context = context
        self._language = script.language
        self._post = post
        self._note = note
        self._tell = tell
        self._listener = Listener(recognizers, self._on_heard)
        self._keypad = Keypad(self._on_keys)
        self._taking = TurnTaking(
            self._judge(), patience_ms=script.patience_ms, answers_early=script.answers_early
        )
        self._config: RecognitionConfig | None = None
        self._next_config: RecognitionConfig | None = None
        """What to listen with once the final of an early turn has come."""
        self._tick: asyncio.TimerHandle | None = None
        self._silence: asyncio.TimerHandle | None = None
        self._piece = bytearray()
        self._speaks_until = 0.0
        self._noted_at = 0.0
        self._unanswered_noted_at = 0.0
        self._words = 0
        """How many words of the running utterance interrupt the bot."""
        self._taken_words = 0
        """How many of them were taken as an early turn: heard once more, they interrupt nothing."""
        self._fed_at = time.monotonic()

    # --- From the caller ------------------------------------------------------------------------

    def hear(self, audio: bytes) -> None:
        """Take the caller's audio, mu-law 8 kHz."""
        self._piece += audio
        if len(self._piece) >= PIECE_BYTES:
            self._listener.hear(bytes(self._piece))
            self._piece.clear()
            self._fed_at = time.monotonic()
            self._note_if_speaking()
            self._note_if_unanswered()

    def press(self, key: str) -> None:
        """Take a key that the caller pressed: a digit, * or #."""
        self._keypad.press(key)
        if self._keypad.is_begun:
            self._post(talk.SpeechHeard())
            if self._silence is not None:
                self._await_silence(LONGEST_SPEECH_SECONDS)

    @property
    def is_fed(self) -> bool:
        """Whether audio arrives. Twilio sends it in silence too: a quiet socket is a dead one."""
        return time.monotonic() - self._fed_at < FED_SECONDS

    # --- From the session -----------------------------------------------------------------------

    def listen(self, config: RecognitionConfig, script: Script, context: int | None) -> None:
        """Hear the next turn, said right after the intent `context` was answered."""
        self._script, self._context, self._language = script, context, config.language
        self._taking.judge_by(self._judge())
        if self._taking.awaits_final:
            # A new stream would hear the same words once more.
            self._next_config = config
            return
        self._config = config
        self._listener.listen(config)

    def expect_speech(self, seconds: float) -> None:
        """Report SilenceElapsed where nothing is said for so long.

        It is the caller's turn now: a recognizer that was asleep hears him from the first sound.
        """
        if self._config is not None and not self._taking.awaits_final:
            self._listener.listen(self._config)
        if self._keypad.is_begun:
            seconds = LONGEST_SPEECH_SECONDS
        self._await_silence(max(seconds, self._speaks_until - time.monotonic()))

    def _await_silence(self, seconds: float) -> None:
        if self._silence is not None:
            self._silence.cancel()
        loop = asyncio.get_running_loop()
        self._silence = loop.call_later(seconds, self._on_silence)

    def _on_silence(self) -> None:
        """Report the silence, unless it may be that of a deaf recognizer."""
        if self._listener.has_unanswered_voice:
            self._await_silence(SPEECH_NOTE_SECONDS)
        else:
            self._post(talk.SilenceElapsed())

    async def stop(self) -> None:
        """Hear no more; what was said and is not final is dropped."""
        self._give(self._taking.flush())
        await self._listener.aclose()

    async def finish(self, timeout: float) -> None:  # noqa: ASYNC109
        """The caller is gone: report what was still said, within `timeout` seconds."""
        self._keypad.complete()
        if self._piece:
            self._listener.hear(bytes(self._piece))
        await self._listener.finish(timeout)
        self._give(self._taking.flush())

    async def aclose(self) -> None:
        """Drop everything at once."""
        self._keypad.stop()
        for timer in (self._tick, self._silence):
            if timer is not None:
                timer.cancel()
        await self._listener.aclose()

    # --- Turns ----------------------------------------------------------------------------------

    def _judge(self) -> Judge:
        """Return the judge of what is said at this place of the dialogue."""
        script, context, today = self._script, self._context, self._today()
        language = self._language

        def judged(text: str) -> Verdict:
            verdict = judge(script, context, text, today=today, language=language)
            meant = verdict.meaning.of if verdict.meaning is not None else None
            if isinstance(meant, int) and not all(
                map(_is_revocable, script.intents_by_id[meant].replies)
            ):
                return replace(verdict, is_final_word=False)
            return verdict

        return judged

    def _today(self) -> date:
        return self._script.local(timezone.now()).date()

    def _give(self, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            match outcome:
                case TurnReady(text, confidence, heard_at, is_early):
                    self._taken_words = self._words if is_early else 0
                    self._words = 0
                    words = self._count(text)
                    self._post(talk.UtteranceHeard(text, confidence, heard_at, words, is_early))
                case Confirmed() | Corrected():
                    self._post(talk.EarlySettled(outcome))
        self._wait_for_more()

    def _wait_for_more(self) -> None:
        """Look again when the turn that is being said may be over."""
        if self._tick is not None:
            self._tick.cancel()
            self._tick = None
        if (due := self._taking.next_tick) is not None:
            wait = max(0.0, due - time.monotonic())
            self._tick = asyncio.get_running_loop().call_later(wait, self._on_tick)

    def _on_tick(self) -> None:
        self._give(self._taking.tick(time.monotonic()))
        self._listen_on()

    def _listen_on(self) -> None:
        """Hear on: the recognizer stops with each final, which need not be all of the turn."""
        if self._next_config is not None and not self._taking.awaits_final:
            self._config, self._next_config = self._next_config, None
            self._listener.listen(self._config)
        elif self._taking.next_tick is not None and self._config is not None:
            self._listener.listen(self._config)

    # --- What comes back ------------------------------------------------------------------------

    def _on_heard(self, event: ListenerEvent) -> None:
        now = time.monotonic()
        match event:
            case SpeechStarted():
                self._on_speech("")
                self._give(self._taking.speech_started(now))
                self._tell(self._taking.so_far)
            case Interim(text):
                self._on_speech(text)
                self._give(self._taking.interim(printable(text), now))
                if so_far := self._taking.so_far:
                    self._tell(so_far)
            case Final(text, confidence):
                self._speaks_until, self._words = 0.0, 0
                self._keypad.complete()
                self._give(self._taking.final(printable(text), confidence, now))
                self._listen_on()
            case GaveUp():
                self._note(event)
                self._give(self._taking.flush())
                self._post(talk.HearingFailed())
            case _:
                self._note(event)

    def _on_keys(self, keys: str) -> None:
        self._give(self._taking.flush())
        now = time.monotonic()
        self._post(talk.UtteranceHeard(keys, None, now, talk.KEYS_INTERRUPT))

    # --- Speech that goes on --------------------------------------------------------------------

    def _on_speech(self, text: str) -> None:
        """Say at once that speech began or more words were heard, else once a second."""
        words = self._count(text)
        if self._taking.awaits_final:
            words = max(0, words - self._taken_words)
        if words > self._words or not self._speaks_until:
            self._noted_at = 0.0
        self._words = max(words, self._words)
        self._speaks_until = time.monotonic() + LONGEST_SPEECH_SECONDS
        self._note_if_speaking()
        if self._silence is not None:
            self._await_silence(LONGEST_SPEECH_SECONDS)

    def _note_if_speaking(self) -> None:
        """Say that the caller speaks: engines may report no more than the begin."""
        if self._taking.awaits_final and not self._words:
            return  # what there is of it is answered, and may be repeated before it is final
        now = time.monotonic()
        if now < self._speaks_until and now - self._noted_at >= SPEECH_NOTE_SECONDS:
            self._noted_at = now
            self._post(talk.SpeechHeard(self._words))

    def _note_if_unanswered(self) -> None:
        """Say once a second that there is a voice of which the recognizer tells nothing."""
        now = time.monotonic()
        is_due = now - self._unanswered_noted_at >= SPEECH_NOTE_SECONDS
        if is_due and self._listener.has_unanswered_voice:
            self._unanswered_noted_at = now
            self._post(talk.VoiceUnanswered())

    def _count(self, text: str) -> int:
        """Count the words by which the caller interrupts; an answer to a question is no “mhm”."""
        language = self._script.language
        if is_backchannel(text, language):
            matching = self._script.matcher.find(text, after=self._context, today=self._today())
            if matching.best is None or not matching.best.is_certain:
                return 0
        return word_count(text, language)
