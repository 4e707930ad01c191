"""When a caller's turn is over: what a recognizer hears in, turns out. Pure.

A recognizer takes a pause for the end, so a caller who thinks in the middle of a sentence would be
answered on half of it. Here a text that may not be all is kept a while for more. And a text that
can only mean one thing is answered before the recognizer is sure of it.

All times are `time.monotonic()`, in seconds, and handed in. Whoever calls sees to it that `tick` is
called at `next_tick`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chatbot.normalise import normalise
from chatbot.turn_ends import Strength, Verdict

MOST_PATIENCE_MS = 3000

STABLE_SECONDS = 0.25
"""How long the words of an interim stay the same before they are believed."""

SPEECH_SECONDS = 4.0
"""How long after the last sign of speech its final is waited for."""

HOLD_SECONDS = 15.0
"""How long a text is kept for more at most: a television may go on for ever."""

FORGET_SECONDS = 2.5
"""How long after the last sign of speech a final still belongs to an early answer."""

Judge = Callable[[str], Verdict]


@dataclass(frozen=True, slots=True)
class TurnReady:
    """A turn to be recorded and answered.

    `heard_at` is when the last of its words were heard, since when the caller has waited. An early
    one has no final yet: Confirmed, Corrected or nothing follows it.
    """

    text: str
    confidence: float | None
    heard_at: float
    is_early: bool = False


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The final after an early turn means the same; `text` is what was said to the last word.

    `gained_ms` is how much earlier the turn was answered.
    """

    text: str
    confidence: float | None
    gained_ms: int


@dataclass(frozen=True, slots=True)
class Corrected:
    """The final after an early turn means something else: `text` stands in place of the turn's."""

    text: str
    confidence: float | None
    heard_at: float
    gained_ms: int


Outcome = TurnReady | Confirmed | Corrected


@dataclass(frozen=True, slots=True)
class _Part:
    """A final, or an interim that is answered early."""

    text: str
    confidence: float | None


@dataclass(slots=True)
class _Interim:
    """What an utterance that still runs sounds like, and since when."""

    text: str
    words: tuple[str, ...]
    since: float
    is_judged: bool = False


@dataclass(frozen=True, slots=True)
class _Early:
    """A turn that was answered at a moment; `parts` are the finals that it began with."""

    parts: tuple[_Part, ...]
    text: str
    verdict: Verdict
    judge: Judge
    at: float


class TurnTaking:
    """Gathers what one caller says into turns.

    `judge` tells what a text is as the end of a turn; see `chatbot.turn_ends`. `patience_ms`, from
    0 to MOST_PATIENCE_MS, is how long more words are waited for where a text may not be all; at 0
    every final is a turn. `answers_early` has turns taken before their final.
    """

    def __init__(self, judge: Judge, *, patience_ms: int, answers_early: bool) -> None:
        if not 0 <= patience_ms <= MOST_PATIENCE_MS:
            raise ValueError(f"The patience must be from 0 to {MOST_PATIENCE_MS} ms.")
        self._judge = judge
        self._patience = patience_ms / 1000
        self._answers_early = answers_early
        self._parts: list[_Part] = []
        """The finals that are kept for more; while there are any, the next three count."""
        self._held_since = 0.0
        self._heard_at = 0.0
        self._held_until = 0.0
        self._interim: _Interim | None = None
        self._early: _Early | None = None
        """The early turn whose final has not come yet."""
        self._forgotten_at = 0.0

    @property
    def next_tick(self) -> float | None:
        """When to call `tick` at the latest, or None while nothing is waited for."""
        moments = []
        if self._parts:
            moments.append(self._held_until)
        if self._early is not None:
            moments.append(self._forgotten_at)
        elif self._answers_early and self._interim is not None and not self._interim.is_judged:
            moments.append(self._interim.since + STABLE_SECONDS)
        return min(moments, default=None)

    @property
    def awaits_final(self) -> bool:
        """Whether the final of an early turn has not come yet."""
        return self._early is not None

    @property
    def so_far(self) -> str:
        """What the running turn sounds like; empty where none runs that is not taken yet."""
        if self._early is not None or self._interim is None:
            return ""
        return _text([*self._parts, _Part(self._interim.text, None)])

    def judge_by(self, judge: Judge) -> None:
        """Judge by another place in the dialogue from now on.

        The final of an early turn is still judged as the turn was.
        """
        self._judge = judge

    def speech_started(self, now: float) -> list[Outcome]:
        """Take note that the caller begins to speak."""
        outcomes = self._settle(now)
        self._hold_on(now)
        return outcomes

    def interim(self, text: str, now: float) -> list[Outcome]:
        """Take what the running utterance sounds like so far."""
        outcomes = self._settle(now)
        self._hold_on(now)
        if self._early is None:
            words = normalise(text)
            if self._interim is None or self._interim.words != words:
                self._interim = _Interim(text, words, now)
            outcomes += self._answer_early(now)
        return outcomes

    def final(self, text: str, confidence: float | None, now: float) -> list[Outcome]:
        """Take an utterance; an empty text is speech of which nothing was understood."""
        outcomes = self._settle(now)
        self._interim = None
        part = _Part(text, confidence)
        if self._early is not None:
            return outcomes + self._reconcile(self._early, part, now)
        if not self._parts:
            self._held_since = now
        self._parts.append(part)
        self._heard_at = now
        if not self._patience or self._judge(_text(self._parts)).strength is Strength.STRONG:
            return outcomes + self._release()
        self._held_until = min(now + self._patience, self._held_since + HOLD_SECONDS)
        return outcomes

    def tick(self, now: float) -> list[Outcome]:
        """Take note of the time."""
        return self._settle(now) + self._answer_early(now)

    def flush(self) -> list[Outcome]:
        """Give what is kept for more words: something else happened that ends the turn."""
        return self._release() if self._parts else []

    def _settle(self, now: float) -> list[Outcome]:
        """Do what is due, but for believing an interim that the next event may change."""
        if self._early is not None and now >= self._forgotten_at:
            self._early = None
        return self._release() if self._parts and now >= self._held_until else []

    def _hold_on(self, now: float) -> None:
        """Wait for the final of somebody who speaks."""
        self._forgotten_at = now + FORGET_SECONDS
        self._held_until = min(now + SPEECH_SECONDS, self._held_since + HOLD_SECONDS)

    def _release(self) -> list[Outcome]:
        ready = TurnReady(_text(self._parts), _confidence(self._parts), self._heard_at)
        self._parts.clear()
        return [ready]

    def _answer_early(self, now: float) -> list[Outcome]:
        interim = self._interim
        if not self._answers_early or interim is None or interim.is_judged:
            return []
        if now < interim.since + STABLE_SECONDS:
            return []
        interim.is_judged = True
        text = _text([*self._parts, _Part(interim.text, None)])
        verdict = self._judge(text)
        if not verdict.is_final_word:
            return []
        self._early = _Early(tuple(self._parts), text, verdict, self._judge, now)
        self._forgotten_at = now + FORGET_SECONDS
        self._interim = None
        self._parts.clear()
        return [TurnReady(text, None, interim.since, is_early=True)]

    def _reconcile(self, early: _Early, final: _Part, now: float) -> list[Outcome]:
        """Compare an early turn with its final; one without words does not contradict it."""
        self._early = None
        if not normalise(final.text):
            return []
        parts = (*early.parts, final)
        text, confidence = _text(parts), _confidence(parts)
        gained_ms = round((now - early.at) * 1000)
        if normalise(text) == normalise(early.text) or early.judge(text).means_the_same(
            early.verdict
        ):
            return [Confirmed(text, confidence, gained_ms)]
        return [Corrected(text, confidence, now, gained_ms)]


def _text(parts: Sequence[_Part]) -> str:
    return " ".join(filter(None, (part.text.strip() for part in parts)))


def _confidence(parts: Sequence[_Part]) -> float | None:
    """Return the lowest confidence there is, of the parts with words if there are any."""
    spoken = [part for part in parts if part.text.strip()] or parts
    return min((part.confidence for part in spoken if part.confidence is not None), default=None)
