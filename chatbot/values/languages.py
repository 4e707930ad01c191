"""The vocabularies, by language."""

from collections.abc import Mapping

from chatbot.values.dutch import DUTCH
from chatbot.values.english import ENGLISH
from chatbot.values.european import FRENCH, GERMAN, ITALIAN, PORTUGUESE, SPANISH
from chatbot.values.vocabulary import Vocabulary

VOCABULARIES: Mapping[str, Vocabulary] = {
    "de": GERMAN,
    "en": ENGLISH,
    "es": SPANISH,
    "fr": FRENCH,
    "it": ITALIAN,
    "nl": DUTCH,
    "pt": PORTUGUESE,
}

_NONE = Vocabulary()


def vocabulary_of(language: str) -> Vocabulary:
    """Return the words of a BCP-47 tag's language: none where it has no vocabulary."""
    return VOCABULARIES.get(language.partition("-")[0].lower(), _NONE)


def typical_phrases(kind: str, language: str) -> tuple[str, ...]:
    """Return what callers typically say for a kind, beside number words and names."""
    phrases = map(str.strip, vocabulary_of(language).typical.get(kind, "").split(","))
    return tuple(filter(None, phrases))


def number_words(language: str) -> tuple[str, ...]:
    """Return the words for 0 to 20, then for the tens up to 90; none where they are not known."""
    return tuple(vocabulary_of(language).numbers.split())
