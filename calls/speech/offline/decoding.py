"""What the worker processes do: keep decoders by phrase set, and turn utterances into phrases."""

import math
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from pocketsphinx import Decoder

from calls.speech.offline.audio import prepare
from calls.speech.offline.grammar import Path, PhraseSet, compile_grammar, transitions
from calls.speech.offline.rejection import (
    Evidence,
    confidence,
    is_accepted,
    longest_voice_seconds,
)
from calls.speech.offline.rivals import rival_words

_KEPT_DECODERS = 16  # about 6 MB each
_BYTES_PER_SECOND = 16000
_FRAMES_PER_SECOND = 100
_LOG_BASE = math.log(1.0001)  # the engine's scores are logarithms to this base

_PHRASES, _RANKING, _RIVALS, _PHONES = "phrases", "ranking", "rivals", "phones"

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
        self._phrases = grammar.phrases
        self._sounds = grammar.sounds
        rivals = rival_words(grammar)
        self._engine = Decoder(
            lm=None,
            dict=None,
            cmn="live",
            compallsen=True,  # else each search scores relative to the sounds it has in mind
            bestpath=False,  # its scores depend on the size of the grammar
            loglevel="FATAL",
        )
        for word, sounds in {**rivals, **grammar.sounds}.items():
            self._add_word(word, sounds)
        if self._phrases:
            self._add_search(_PHRASES, list(self._phrases))
            self._add_search(_RIVALS, [(word,) for word in rivals])
            self._engine.add_allphone_file(_PHONES, None)
            # A search takes this setting as it is when the search is added. It gives posteriors.
            self._engine.config["bestpath"] = True
            self._add_search(_RANKING, list(self._phrases))
        self._longest = max(
            (longest_voice_seconds(self._phone_count(path)) for path in self._phrases), default=0.0
        )

    def hear(self, voice: bytes) -> Heard:
        """Decode one utterance, 16-bit PCM at 8 kHz."""
        seconds = len(voice) / _BYTES_PER_SECOND
        if seconds > self._longest:
            return _NOTHING
        audio = prepare(np.frombuffer(voice, dtype=np.int16))
        best = self._explain(_PHRASES, audio)
        if best is None or best.words not in self._phrases:  # half a phrase is none
            return _NOTHING
        evidence = self._evidence(best, audio, seconds)
        if not is_accepted(evidence):
            return _NOTHING
        return Heard(self._phrases[best.words], confidence(evidence))

    def _add_word(self, word: str, sounds: tuple[str, ...]) -> None:
        for number, phones in enumerate(sounds, start=1):
            name = word if number == 1 else f"{word}({number})"
            self._engine.add_word(name, phones, False)

    def _add_search(self, name: str, paths: list[Path]) -> None:
        self._engine.add_fsg(name, self._engine.create_fsg(name, 0, 1, transitions(paths)))

    def _evidence(self, best: _Explanation, audio: bytes, voice_seconds: float) -> Evidence:
        return Evidence(
            phone_margin=self._margin(best, _PHONES, audio),
            rival_margin=self._margin(best, _RIVALS, audio),
            posterior=self._posterior(best, audio),
            phones=self._phone_count(best.words),
            phrase_seconds=best.frames / _FRAMES_PER_SECOND,
            voice_seconds=voice_seconds,
        )

    def _posterior(self, best: _Explanation, audio: bytes) -> float:
        """Give how likely the phrase is among all phrases; nothing if another is likelier."""
        ranked = self._explain(_RANKING, audio)
        return ranked.posterior if ranked and ranked.words == best.words else 0.0

    def _margin(self, best: _Explanation, search: str, audio: bytes) -> float:
        """Give by how much a frame is better explained so than by another search."""
        other = self._explain(search, audio)
        if other is None:
            return -math.inf
        frames: int = self._engine.n_frames()
        return (best.score - other.score) / frames

    def _phone_count(self, path: Path) -> int:
        return sum(min(len(sound.split()) for sound in self._sounds[word]) for word in path)

    def _explain(self, search: str, audio: bytes) -> _Explanation | None:
        """Run one search over a whole utterance; None where it finds no way through."""
        self._engine.activate_search(search)
        self._engine.set_cmn(_TELEPHONE_MEAN)
        self._engine.start_utt()
        self._engine.process_raw(audio)
        self._engine.end_utt()
        hypothesis = self._engine.hyp()
        if hypothesis is None or hypothesis.score <= 0:
            return None
        segments = [
            segment
            for segment in self._engine.seg()
            if not segment.word.startswith(("<", "(", "["))
        ]
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
