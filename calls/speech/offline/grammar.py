"""The phrases that one decoder listens for, as words with sounds, and as the paths of a grammar."""

from dataclasses import dataclass

from calls.speech.offline.accents import with_accents
from calls.speech.offline.pronunciation import Lexicon
from calls.speech.offline.wording import spoken_words

Path = tuple[str, ...]
Transition = tuple[int, int, float, str]


@dataclass(frozen=True, slots=True)
class PhraseSet:
    """What a stream was told to expect; the key under which decoders are kept."""

    hints: tuple[str, ...]
    pronunciations: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grammar:
    """A phrase set that the engine can hear.

    `phrases` gives each path of words the hint it stands for, as the editor spelled it; `sounds`
    gives each of these words its pronunciations. `unknown` are the words without one: a phrase that
    has such a word is left out.
    """

    phrases: dict[Path, str]
    sounds: dict[str, tuple[str, ...]]
    unknown: tuple[str, ...]


def compile_grammar(phrase_set: PhraseSet) -> Grammar:
    """Find the words and sounds of each hint; of hints that have the same words keep the first."""
    lexicon = Lexicon(phrase_set.pronunciations)
    phrases: dict[Path, str] = {}
    unknown: dict[str, None] = {}
    for hint in phrase_set.hints:
        path = spoken_words(hint, lexicon.__contains__)
        missing = [word for word in path if word not in lexicon]
        if missing:
            unknown.update(dict.fromkeys(missing))
        elif path:
            phrases.setdefault(path, hint)
    sounds = {word: with_accents(lexicon.sounds(word)) for path in phrases for word in path}
    return Grammar(phrases, sounds, tuple(unknown))


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
