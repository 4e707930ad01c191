"""Common English words, as rivals of the phrases of a bot: often a caller says one of them."""

from functools import cache
from importlib.resources import files
from itertools import product

from calls.speech.offline.grammar import Grammar
from calls.speech.offline.pronunciation import Lexicon


def rival_words(grammar: Grammar) -> dict[str, tuple[str, ...]]:
    """Give common words and their sounds, but none that sounds like a phrase or a word of one."""
    taken = {sound for sounds in grammar.sounds.values() for sound in sounds}
    for path in grammar.phrases:
        taken.update(" ".join(sound) for sound in product(*(grammar.sounds[word] for word in path)))
    return {word: sounds for word, sounds in _common_words() if taken.isdisjoint(sounds)}


@cache
def _common_words() -> list[tuple[str, tuple[str, ...]]]:
    lexicon = Lexicon()
    text = files("calls.speech.offline").joinpath("rivals.txt").read_text(encoding="utf-8")
    return [(word, lexicon.sounds(word)) for word in text.split()]
