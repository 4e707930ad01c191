"""What the worker processes do: keep decoders by phrase set, and turn utterances into phrases."""

import math
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from pocketsphinx import Decoder

from calls.speech.offline import digit_rows
from calls.speech.offline.audio import prepare
from calls.speech.offline.grammar import (
    Path,
    PhraseSet,
    Transition,
    compile_grammar,
    transitions,
    transitions_with_rows,
)
from calls.speech.offline.rejection import (
    Evidence,
    confidence,
    is_accepted,
    is_distinct,
    is_row_accepted,
    longest_voice_seconds,
)
from calls.speech.offline.rivals import rival_words

_KEPT_DECODERS = 16  # about 12 MB each
_BYTES_PER_SECOND = 16000
_FRAMES_PER_SECOND = 100
_LOG_BASE = math.log(1.0001)  # the engine's scores are logarithms to this base

_PHRASES, _ROWS, _RIVALS, _PHONES = "phrases", "rows", "rivals", "phones"

# Of an utterance, with what is kept around the voice.
_SHORTEST_ROW_SECONDS = 1.0

# The mean of the cepstra of telephone speech prepared by `prepare`, measured over many speakers.
# Without it the engine starts from a mean of wideband speech, and mishears half of the phrases.
_TELEPHONE_MEAN = "42.4,22.8,-44.6,40.8,-30.2,2.6,11,-27.4,23.4,-19.2,5.3,5.3,-13.6"


@dataclass(frozen=True, slots=True)
class Heard:
    """The phrase that was said, spelled as its hint, or nothing; and how sure that is, 0..1."""

    text: str
    confidence: float


_NOTHING = Heard("", 0.0)


@dataclass(frozen=True, slots=True)
class _Explanation:
    """How one search explains an utterance; `score` is a logarithm, `frames` are 10 ms each."""

    words: Path
    score: float
    posterior: float
    frames: int


class PhraseDecoder:
    """Listens for the phrases of one set."""

    def __init__(self, phrase_set: PhraseSet) -> None:
        grammar = compile_grammar(phrase_set)
        self.unknown = grammar.unknown
        self._grammar = grammar
        # Ranks the phrases, and gives the posterior of the best. It takes a third of the time of
        # the other, which finds scores that can be compared from search to search.
        self._ranker = _engine(compallsen=False, bestpath=True)
        self._scorer = _engine(compallsen=True, bestpath=False)
        rivals = rival_words(grammar)
        _add_words(self._ranker, grammar.sounds)
        _add_words(self._scorer, {**rivals, **grammar.sounds})
        paths = list(grammar.phrases)
        if paths:
            _add_search(self._ranker, _PHRASES, transitions(paths))
            _add_search(self._scorer, _PHRASES, transitions(paths))
            _add_search(self._scorer, _RIVALS, transitions([(word,) for word in rivals]))
            self._scorer.add_allphone_file(_PHONES, None)
        if grammar.has_digits:
            _add_search(self._ranker, _ROWS, transitions_with_rows(paths))
            _add_search(self._scorer, _ROWS, transitions_with_rows(paths))
            paths += [(digit,) * digit_rows.LONGEST for digit in digit_rows.DIGITS]
        self._longest = max(
            (longest_voice_seconds(self._phone_count(path)) for path in paths), default=0.0
        )

    def hear(self, voice: bytes) -> Heard:
        """Decode one utterance, 16-bit PCM at 8 kHz."""
        seconds = len(voice) / _BYTES_PER_SECOND
        if seconds > self._longest:
            return _NOTHING
        audio = prepare(np.frombuffer(voice, dtype=np.int16))
        # A short utterance is no row of digits: a phrase, or a single digit, is told better alone.
        may_be_row = self._grammar.has_digits and seconds >= _SHORTEST_ROW_SECONDS
        search = _ROWS if may_be_row else _PHRASES
        ranked = _explain(self._ranker, search, audio)
        text = None if ranked is None else self._grammar.text(ranked.words)
        if ranked is None or text is None:  # half a phrase is none
            return _NOTHING
        # Rows of digits are so many, and so much alike, that each has a small share of them all.
        is_row = may_be_row and self._grammar.is_row(ranked.words)
        if not is_row and not is_distinct(ranked.posterior):
            return _NOTHING
        best = _explain(self._scorer, search, audio)
        if best is None or best.words != ranked.words:
            return _NOTHING
        evidence = self._evidence(best, audio, seconds)
        if not (is_row_accepted(evidence) if is_row else is_accepted(evidence)):
            return _NOTHING
        return Heard(text, confidence(evidence))

    def _evidence(self, best: _Explanation, audio: bytes, voice_seconds: float) -> Evidence:
        return Evidence(
            phone_margin=self._margin(best, _PHONES, audio),
            rival_margin=self._margin(best, _RIVALS, audio),
            phones=self._phone_count(best.words),
            phrase_seconds=best.frames / _FRAMES_PER_SECOND,
            voice_seconds=voice_seconds,
        )

    def _margin(self, best: _Explanation, search: str, audio: bytes) -> float:
        """Give by how much a frame is better explained so than by another search."""
        other = _explain(self._scorer, search, audio)
        if other is None:
            return -math.inf
        frames: int = self._scorer.n_frames()
        return (best.score - other.score) / frames

    def _phone_count(self, path: Path) -> int:
        return sum(min(len(sound.split()) for sound in self._grammar.sounds[word]) for word in path)


def _engine(*, compallsen: bool, bestpath: bool) -> Decoder:
    """Give an engine without words and searches.

    Without `compallsen` each search scores relative to the sounds it has in mind; with `bestpath`
    the scores depend on the size of the grammar, and there are posteriors.
    """
    return Decoder(
        lm=None, dict=None, cmn="live", compallsen=compallsen, bestpath=bestpath, loglevel="FATAL"
    )


def _add_words(engine: Decoder, words: dict[str, tuple[str, ...]]) -> None:
    for word, sounds in words.items():
        for number, phones in enumerate(sounds, start=1):
            engine.add_word(word if number == 1 else f"{word}({number})", phones, False)


def _add_search(engine: Decoder, name: str, ways: list[Transition]) -> None:
    engine.add_fsg(name, engine.create_fsg(name, 0, 1, ways))


def _explain(engine: Decoder, search: str, audio: bytes) -> _Explanation | None:
    """Run one search over a whole utterance; None where it finds no way through."""
    engine.activate_search(search)
    engine.set_cmn(_TELEPHONE_MEAN)
    engine.start_utt()
    engine.process_raw(audio)
    engine.end_utt()
    hypothesis = engine.hyp()
    if hypothesis is None or hypothesis.score <= 0:
        return None
    segments = [segment for segment in engine.seg() if not segment.word.startswith(("<", "(", "["))]
    if not segments:
        return None
    return _Explanation(
        words=tuple(hypothesis.hypstr.split()),
        posterior=hypothesis.prob,
        score=math.log(hypothesis.score) / _LOG_BASE,
        frames=segments[-1].end_frame - segments[0].start_frame + 1,
    )


_decoders: OrderedDict[PhraseSet, PhraseDecoder] = OrderedDict()


def warm(phrase_set: PhraseSet) -> tuple[str, ...]:
    """Have the decoder of a phrase set ready; give the words without pronunciation in it."""
    return _decoder(phrase_set).unknown


def decode(phrase_set: PhraseSet, voice: bytes) -> Heard:
    """Turn one utterance, 16-bit PCM at 8 kHz, into the phrase that was said."""
    return _decoder(phrase_set).hear(voice)


def _decoder(phrase_set: PhraseSet) -> PhraseDecoder:
    decoder = _decoders.pop(phrase_set, None) or PhraseDecoder(phrase_set)
    _decoders[phrase_set] = decoder
    if len(_decoders) > _KEPT_DECODERS:
        _decoders.popitem(last=False)
    return decoder
