"""Whether a phrase was really said: the best phrase of a grammar is only the least unlikely one."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the decoding of one utterance measured.

    `phone_margin` and `rival_margin` say by how much the phrase explains the utterance better than
    any chain of phones does, and than any rival word does: in the engine's logarithms, per frame of
    10 ms. A chain of phones is free to follow every sound, so it nearly always wins; how narrowly
    tells how well the phrase fits. `phones` and `phrase_seconds` are its length, `voice_seconds` is
    the length of the utterance.
    """

    phone_margin: float
    rival_margin: float
    phones: int
    phrase_seconds: float
    voice_seconds: float


# A logistic regression over phrases heard right and sounds taken for a phrase, from many speakers
# and synthetic voices over a telephone line. It holds for grammars with one path per phrase and for
# the words of rivals.txt, which never held the words that stood for unknown ones.
_PHONE_WEIGHT = 0.19
_RIVAL_WEIGHT = 0.30
_OFFSET = 3.4
_LEAST_CONFIDENCE = 0.5

_LEAST_POSTERIOR = 0.6

# Of rows of digits by three speakers: a looser gate takes one wrong row for every two right ones.
_LEAST_ROW_MARGIN = -11.0

_LONGEST_PHONE_SECONDS = 0.25
_LEAST_COVERAGE = 0.4
# A phrase that needs the quiet around the voice as well was stretched to fit.
_MOST_COVERAGE = 1.1


def confidence(evidence: Evidence) -> float:
    """Give how sure it is, in 0..1, that the phrase was said and not something else."""
    logit = _PHONE_WEIGHT * evidence.phone_margin + _RIVAL_WEIGHT * evidence.rival_margin + _OFFSET
    return 1.0 / (1.0 + math.exp(-max(-700.0, min(700.0, logit))))


def is_distinct(posterior: float) -> bool:
    """Say whether a phrase, by its share among all phrases, is not likely to be another one."""
    return posterior > _LEAST_POSTERIOR


def is_accepted(evidence: Evidence) -> bool:
    """Say whether the phrase is to be believed; each gate alone can refuse it."""
    coverage = evidence.phrase_seconds / evidence.voice_seconds
    return (
        confidence(evidence) > _LEAST_CONFIDENCE
        and evidence.phrase_seconds < _LONGEST_PHONE_SECONDS * evidence.phones
        and _LEAST_COVERAGE < coverage < _MOST_COVERAGE
    )


def is_row_accepted(evidence: Evidence) -> bool:
    """Say whether a row of digits is to be believed.

    It is longer than any rival word and beats them all, whatever was said: so it has to fit the
    sounds more closely than a phrase.
    """
    return is_accepted(evidence) and evidence.phone_margin > _LEAST_ROW_MARGIN


def longest_voice_seconds(phones: int) -> float:
    """Give the length beyond which no utterance can be accepted as a phrase of so many phones."""
    return _LONGEST_PHONE_SECONDS * phones / _LEAST_COVERAGE
