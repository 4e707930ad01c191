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
