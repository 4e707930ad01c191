"""The phrases that one decoder listens for, as words with sounds, and as the paths of a grammar."""

from dataclasses import dataclass

from calls.speech.offline import digit_rows
from calls.speech.offline.accents import with_accents
from calls.speech.offline.pronunciation import Lexicon
from calls.speech.offline.wording import spoken_words

Path = tuple[str, ...]
Transition = tuple[int, int, float, str]


@dataclass(frozen=True, slots=True)
class PhraseSet:
    """What a stream was told to expect; the key under which decoders are kept.

    `has_digits` adds rows of digits to the phrases.
    """

    hints: tuple[str, ...]
    pronunciations: tuple[tuple[str, str], ...]
    has_digits: bool = False


@dataclass(frozen=True, slots=True)
class Grammar:
    """A phrase set that the engine can hear.

    `phrases` gives each path of words the hint it stands for, as the editor spelled it; `sounds`
    gives each of these words its pronunciations. `unknown` are the words without one: a phrase that
    has such a word is left out. `has_digits` tells that rows of digits are heard too.
    """

    phrases: dict[Path, str]
    sounds: dict[str, tuple[str, ...]]
    unknown: tuple[str, ...]
    has_digits: bool = False

    def text(self, path: Path) -> str | None:
        """Give what a way through the grammar stands for; None for half a phrase."""
        return " ".join(path) if self.is_row(path) else self.phrases.get(path)

    def is_row(self, path: Path) -> bool:
        """Say whether a way through the grammar is a row of digits."""
        return self.has_digits and digit_rows.is_row(path)


def compile_grammar(phrase_set: PhraseSet) -> Grammar:
    """Find the words and sounds of each hint; of hints that have the same words keep the first."""
    lexicon = Lexicon(phrase_set.pronunciations)
    phrases: dict[Path, str] = {}
    unknown: dict[str, None] = {}
    digits = digit_rows.DIGITS if phrase_set.has_digits else ()
    for hint in (*phrase_set.hints, *digits):
        path = spoken_words(hint, lexicon.__contains__)
        missing = [word for word in path if word not in lexicon]
        if missing:
            unknown.update(dict.fromkeys(missing))
        elif path:
            phrases.setdefault(path, hint)
    words = {word for path in phrases for word in path}
    if phrase_set.has_digits:
        words |= digit_rows.WORDS
    sounds = {word: with_accents(lexicon.sounds(word)) for word in words}
    return Grammar(phrases, sounds, tuple(unknown), phrase_set.has_digits)


def transitions(paths: list[Path]) -> list[Transition]:
    """Give one way per path from state 0 to state 1, all equally likely.

    Every probability is 1, so that the scores of two grammars of different size can be compared.
    """
    steps: list[Transition] = []
    fresh = 2
    for path in paths:
        state = 0
        for word in path[:-1]:
            steps.append((state, fresh, 1.0, word))
            state, fresh = fresh, fresh + 1
        steps.append((state, 1, 1.0, path[-1]))
    return steps


def transitions_with_rows(paths: list[Path]) -> list[Transition]:
    """Give the ways of the paths, and those of rows of digits, from state 0 to state 1.

    A path of digits alone is left out: of two ways to the same words none would be distinct.
    """
    steps = transitions([path for path in paths if not digit_rows.WORDS.issuperset(path)])
    fresh = max((end for _, end, _, _ in steps), default=1) + 1
    return [*steps, *digit_rows.transitions(max(fresh, 2))]
