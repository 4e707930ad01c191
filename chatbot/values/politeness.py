"""Politeness around what is asked for: "please"."""

from chatbot.values.languages import vocabulary_of
from chatbot.values.text import fold, without_accents, words_of


def without_please(text: str, language: str) -> str:
    """Return a text without the “please” at its begin and its end; "" where it is no more."""
    please = [phrase.split() for phrase in vocabulary_of(language).please]
    pieces = text.split()
    plain = [" ".join(words_of(without_accents(fold(piece)))) for piece in pieces]
    begin, end = 0, len(pieces)
    while begin < end:
        rest = plain[begin:end]
        if size := next((len(words) for words in please if rest[: len(words)] == words), 0):
            begin += size
        elif size := next((len(words) for words in please if rest[-len(words) :] == words), 0):
            end -= size
        else:
            break
    return " ".join(pieces[begin:end])
