"""The state machine of one call on one media stream: events in, actions out. Pure.

It decides; `calls.session` carries out, and reports back what came of it. Timers arrive
as events too, so every course of a call can be played in a test without a clock.
"""

import logging
from collections import deque
from dataclasses import replace
from enum import Enum

from calls.conversation_actions import (
    Action,
    Apologise,
    EndCall,
    ExpectEnd,
    ExpectSpeech,
    Fate,
    Leave,
    Listen,
    NoteSpeech,
    RecordTurn,
    SendAnswer,
    SettleTurn,
    StopListening,
    StopSpeaking,
    TakeSilence,
    TakeTurn,
)
from calls.conversation_events import (
    KEYS_INTERRUPT,
    AnswerCorrected,
    AnswerDecided,
    AnsweredElsewhere,
    AnswerHeard,
    AnswerNotSent,
    AnswerSent,
    Begun,
    CallEnded,
    EarlySettled,
    Event,
    GoodbyeOverdue,
    HearingFailed,
    SilenceElapsed,
    SpeechHeard,
    StaffSpoke,
    StreamEnded,
    StreamReplaced,
    Then,
    TurnFailed,
    UtteranceHeard,
    VoiceUnanswered,
)
from calls.turn_taking import Confirmed, Corrected
from chatbot.answers import Rule

__all__ = [
    "GRACE_SECONDS",
    "KEYS_INTERRUPT",
    "TRANSFERRED",
    "Action",
    "AnswerCorrected",
    "AnswerDecided",
    "AnswerHeard",
    "AnswerNotSent",
    "AnswerSent",
    "AnsweredElsewhere",
    "Apologise",
    "Begun",
    "CallEnded",
    "Conversation",
    "EarlySettled",
    "EndCall",
    "Event",
    "ExpectEnd",
    "ExpectSpeech",
    "Fate",
    "GoodbyeOverdue",
    "HearingFailed",
    "Leave",
    "Listen",
    "NoteSpeech",
    "Phase",
    "RecordTurn",
    "SendAnswer",
    "SettleTurn",
    "SilenceElapsed",
    "SpeechHeard",
    "StaffSpoke",
    "StopListening",
    "StopSpeaking",
    "StreamEnded",
    "StreamReplaced",
    "TakeSilence",
    "TakeTurn",
    "Then",
    "TurnFailed",
    "UtteranceHeard",
    "VoiceUnanswered",
]

logger = logging.getLogger(__name__)


TRANSFERRED = "the call was transferred"

GRACE_SECONDS = 10.0
"""How much longer than its goodbye a call may last before it is ended through the API."""


class Phase(Enum):
    """Where a conversation stands."""

    LISTENING = "listening"
    ANSWERING = "answering"
    """An utterance is in hand: being recorded, answered, or its answer being sent."""
    SPEAKING = "speaking"
    """The caller hears an answer of our own audio, and may interrupt it."""
    PARTING = "parting"
    """The last words are decided; only the end of the call is awaited."""
    TRANSFERRING = "transferring"
    """The caller is about to be connected to somebody else, and no more is heard of him here."""
    LEFT = "left"
    """Nothing more is done, but for the caller's last words, which are recorded."""


_SERVED = frozenset({Phase.LISTENING, Phase.ANSWERING, Phase.SPEAKING})
"""The phases in which the caller is waited for, or waits."""

_ENDS = {
    Then.END: "the bot ended the call",
    Then.TRANSFER: TRANSFERRED,
    Then.GO_ON: "the call does something without us",
}

ONWARD_REASONS = frozenset(_ENDS.values())
"""Why streams are closed that have done what they were opened for."""


class Conversation:
    """One caller, one bot, one media stream. `name` stands in the log.

    `streams` tells that the caller hears audio of our own: it is known when it was heard, can be
    cut short, and what follows it is done once the stream is closed.
    """

    def __init__(self, name: str, *, streams: bool = False) -> None:
        self._name = name
        self._streams = streams
        self._phase = Phase.LISTENING
        self._speaking: AnswerDecided | None = None
        """What the caller hears at the moment, of our own audio."""
        self._waiting: deque[UtteranceHeard] = deque()
        self._is_early_taken = False
        """Whether the latest early utterance was taken as a turn, and its final is to come."""
        self._pending: deque[AnswerDecided] = deque()
        """What is said next, such as what an earlier stream left unsaid."""
        self._sending: int | None = None
        """The turn that Twilio was last told to speak, None for an apology."""
        self._last_words_sent = False

    @property
    def phase(self) -> Phase:
        return self._phase

    def _enter(self, phase: Phase) -> None:
        logger.debug("%s: %s -> %s", self._name, self._phase.value, phase.value)
        self._phase = phase

    def receive(self, event: Event) -> list[Action]:
        """Take one event; return what is to be done, in this order."""
        match event:
            case Begun(pending):
                return self._begin(pending)
            case UtteranceHeard():
                return self._utterance(event)
            case EarlySettled(outcome):
                return self._settle(outcome)
            case SpeechHeard() if self._phase is Phase.SPEAKING:
                return self._spoken_into(event)
            case SpeechHeard() if self._phase in {Phase.LISTENING, Phase.ANSWERING}:
                return [NoteSpeech()]
            case VoiceUnanswered() if self._phase in _SERVED:
                return [NoteSpeech()]
            case AnswerDecided() if self._phase is Phase.ANSWERING:
                return self._speak(event) if self._streams else self._answer(event)
            case AnswerDecided() if self._phase is Phase.SPEAKING:
                # The caller said more before it was known that he had been misunderstood.
                self._pending.append(event)
            case AnswerCorrected(answer) if self._phase in _SERVED:
                return self._correct(answer)
            case StaffSpoke(answer) if self._phase in _SERVED:
                return self._speak_for_staff(answer)
            case AnswerHeard() if self._is_spoken(event):
                return self._heard_out()
            case SilenceElapsed() if self._phase is Phase.LISTENING:
                self._enter(Phase.ANSWERING)
                return [TakeSilence()]
            case AnswerNotSent() if self._streams:
                # It is said by the telephone service, which asks for it behind the stream.
                return self._leave("the answer could not be spoken", Fate.ONWARD)
            case AnswerSent(turn_id) | AnswerNotSent(turn_id) if turn_id != self._sending:
                return []  # Another has taken its place, and is on its way.
            case AnswerSent() if self._phase is Phase.PARTING:
                self._last_words_sent = True
                return [ExpectEnd(event.seconds + GRACE_SECONDS)]
            case AnswerSent() if self._phase is Phase.TRANSFERRING:
                return self._leave(TRANSFERRED, Fate.ELSEWHERE)
            case AnswerNotSent() if self._phase is Phase.TRANSFERRING:
                return self._leave("the transfer was not sent", Fate.UNKNOWN)
            case AnswerSent() | AnswerNotSent() | AnsweredElsewhere() if (
                self._phase is Phase.ANSWERING
            ):
                return self._next_utterance()
            case HearingFailed() if self._phase in _SERVED:
                return [StopListening(), *self._leave("no recognizer can be had", Fate.DEAF)]
            case TurnFailed() if self._phase in _SERVED:
                self._sending = None
                return self._part(Apologise())
            case GoodbyeOverdue() if self._phase is Phase.PARTING:
                return [EndCall(), *self._leave("the call did not end by itself", Fate.OVER)]
            case StreamEnded() if self._phase is Phase.TRANSFERRING and not self._streams:
                # Twilio stops the stream as it was told to, before it says so.
                return self._leave(TRANSFERRED, Fate.ELSEWHERE)
            case StreamEnded():
                # A call that was told its last words, and to hang up, takes its stream along.
                if self._phase is Phase.PARTING and self._last_words_sent:
                    # Audio of our own ends where they begin, and is not the end of the call.
                    fate = Fate.ELSEWHERE if self._streams else Fate.OVER
                    return self._leave(event.reason, fate)
                return self._leave(event.reason, Fate.UNKNOWN)
            case StreamReplaced():
                return self._leave("another stream took over", Fate.ELSEWHERE)
            case CallEnded():
                return self._leave("the call ended", Fate.OVER)
        return []

    def _begin(self, pending: tuple[AnswerDecided, ...]) -> list[Action]:
        if not self._streams or self._phase is not Phase.LISTENING:
            return []
        self._pending.extend(pending)
        return self._next_utterance()

    def _utterance(self, event: UtteranceHeard) -> list[Action]:
        match self._phase:
            case Phase.LISTENING:
                return [self._take(event)]
            case Phase.SPEAKING if not (event.words or self._waiting):
                # A “mhm” or a cough is no answer to what is still being said.
                return [self._record(event, is_aside=True), *self._hear_on()]
            case Phase.SPEAKING if self._is_interrupted_by(event.words):
                self._speaking = None
                self._waiting.append(event)
                return [StopSpeaking(), *self._next_utterance()]
            case Phase.SPEAKING:
                self._waiting.append(event)
                return self._hear_on()
            case Phase.ANSWERING:
                self._waiting.append(event)
                return []
            case Phase.PARTING | Phase.TRANSFERRING | Phase.LEFT:
                return [self._record(event)]

    def _take(self, utterance: UtteranceHeard) -> Action:
        self._enter(Phase.ANSWERING)
        self._is_early_taken = self._is_early_taken or utterance.is_early
        return TakeTurn(utterance)

    def _record(self, utterance: UtteranceHeard, *, is_aside: bool = False) -> Action:
        self._is_early_taken = self._is_early_taken and not utterance.is_early
        return RecordTurn(utterance, is_aside)

    def _settle(self, outcome: Confirmed | Corrected) -> list[Action]:
        """Have an early utterance that waits for its turn taken by its final words."""
        for index in reversed(range(len(self._waiting))):
            waiting = self._waiting[index]
            if waiting.is_early:
                self._waiting[index] = replace(
                    waiting, text=outcome.text, confidence=outcome.confidence, is_early=False
                )
                return []
        is_taken, self._is_early_taken = self._is_early_taken, False
        return [SettleTurn(outcome)] if is_taken else []

    def _answer(self, event: AnswerDecided) -> list[Action]:
        self._sending = event.turn_id
        match event.then:
            case Then.END:
                return self._part(SendAnswer(event))
            case Then.TRANSFER | Then.GO_ON:
                self._enter(Phase.TRANSFERRING)
                return [StopListening(), *self._record_waiting(), SendAnswer(event)]
            case Then.LISTEN:
                # The answer first: the caller waits for it, and what he says meanwhile is kept.
                return [SendAnswer(event), Listen(event.answer.listening)]

    def _correct(self, answer: AnswerDecided) -> list[Action]:
        return [*([StopSpeaking()] if self._streams else []), *self._deliver(answer)]

    def _deliver(self, answer: AnswerDecided) -> list[Action]:
        if self._streams:
            return self._speak(answer)
        self._enter(Phase.ANSWERING)
        return self._answer(answer)

    def _speak_for_staff(self, answer: AnswerDecided) -> list[Action]:
        if self._phase is Phase.ANSWERING and not self._streams:
            # The answer in hand would replace it before anybody heard it, so it comes after that.
            self._pending.append(answer)
            return []
        return self._correct(answer)

    def _next_utterance(self) -> list[Action]:
        if self._pending:
            return self._deliver(self._pending.popleft())
        if self._waiting:
            return [self._take(self._waiting.popleft())]
        self._enter(Phase.LISTENING)
        return [ExpectSpeech()] if self._streams else []

    # --- Audio of our own -----------------------------------------------------------------------

    def _speak(self, answer: AnswerDecided) -> list[Action]:
        self._speaking = answer
        # Who speaks up into the goodbye that follows a silence takes the dialogue up again.
        if answer.then is Then.LISTEN or answer.answer.rule is Rule.NO_INPUT:
            self._enter(Phase.SPEAKING)
            return [SendAnswer(answer), Listen(answer.answer.listening)]
        self._enter(Phase.PARTING if answer.then is Then.END else Phase.TRANSFERRING)
        return [StopListening(), *self._record_waiting(), SendAnswer(answer)]

    def _is_spoken(self, event: AnswerHeard) -> bool:
        return self._speaking is not None and self._speaking.turn_id == event.turn_id

    def _is_interrupted_by(self, words: int) -> bool:
        least = self._speaking.interrupted_by if self._speaking is not None else None
        return least is not None and words >= least

    def _spoken_into(self, event: SpeechHeard) -> list[Action]:
        if not self._is_interrupted_by(event.words):
            return [NoteSpeech()]
        self._speaking = None
        return [StopSpeaking(), NoteSpeech(), *self._next_utterance()]

    def _hear_on(self) -> list[Action]:
        """Listen into what is still being said: the next words of the caller may stop it."""
        return [Listen(self._speaking.answer.listening)] if self._speaking is not None else []

    def _heard_out(self) -> list[Action]:
        """Go on behind an answer that was heard to its end."""
        answer, self._speaking = self._speaking, None
        if answer is not None and answer.then is not Then.LISTEN:
            return self._leave(_ENDS[answer.then], Fate.ONWARD)
        return self._next_utterance()

    # --- Ends -----------------------------------------------------------------------------------

    def _part(self, last_words: SendAnswer | Apologise) -> list[Action]:
        self._enter(Phase.PARTING)
        return [
            StopListening(),
            *self._record_waiting(),
            last_words,
            # Holds whatever becomes of the last words, until it is known how long they take.
            ExpectEnd(GRACE_SECONDS * 3),
        ]

    def _leave(self, reason: str, fate: Fate) -> list[Action]:
        if self._phase is Phase.LEFT:
            return []
        self._enter(Phase.LEFT)
        self._speaking = None
        return [*self._record_waiting(), Leave(reason, fate)]

    def _record_waiting(self) -> list[Action]:
        waiting = [self._record(utterance) for utterance in self._waiting]
        self._waiting.clear()
        return waiting
