"""What listeners say to show that they listen, and how many words a caller has said.

Pure: imports neither Django nor asyncio. While the bot speaks, neither an "mhm" nor a single
syllable out of a noise is meant to interrupt it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from chatbot.normalise import normalise

# By the primary subtag of BCP 47. Words that answer “how are you?” or refuse are not here.
_PHRASES: Mapping[str, str] = MappingProxyType(
    {
        "en": "mhm, mm, mmm, mm hmm, mmhmm, hm, hmm, uh, uh huh, uhhuh, um, er, ah, aha, oh, okay, "
        "ok, yeah, yep, yup, yes, right, alright, all right, sure, i see, got it",
        "nl": "mhm, mm, mmm, hm, hmm, uh, uhu, uh huh, eh, ehm, ah, aha, oh, okay, oké, ok, ja, "
        "jaja, juist, precies, begrepen, ik snap het, ik begrijp het",
        "de": "mhm, mm, mmm, hm, hmm, äh, ähm, ah, aha, ach, ach so, oh, okay, ok, ja, jaja, jo, "
        "genau, alles klar, verstehe, ich verstehe, richtig, stimmt, klar",
        "fr": "mhm, mm, mmm, hm, hmm, hum, euh, heu, ah, ah bon, aha, oh, okay, ok, oui, ouais, "
        "d'accord, je vois, entendu, compris, voilà",
        "es": "mhm, mm, mmm, hm, hmm, eh, em, ah, ajá, oh, okay, ok, okey, sí, vale, bueno, "
        "claro, ya, ya veo, entiendo, de acuerdo",
    }
)

_BACKCHANNELS: Mapping[str, frozenset[tuple[str, ...]]] = MappingProxyType(
    {
        language: frozenset(normalise(phrase) for phrase in phrases.split(","))
        for language, phrases in _PHRASES.items()
    }
)
_MOST_WORDS = max(len(phrase) for phrases in _BACKCHANNELS.values() for phrase in phrases)

# In these each character counts as a word where texts are compared, and a word has so many on
# average: Chinese, Japanese; Thai, Lao, Khmer and Burmese.
_CHARACTERS_OF_A_WORD: Mapping[str, int] = MappingProxyType(
    {"zh": 2, "cmn": 2, "yue": 2, "ja": 2, "th": 4, "lo": 4, "km": 4, "my": 4}
)


def is_backchannel(text: str, language: str) -> bool:
    """Whether all of a text only shows that its speaker listens; `language` is a BCP-47 tag.

    This holds while the bot speaks: as the answer to a question the same "yes" says something. In a
    language without a list nothing is taken for a backchannel.
    """
    phrases = _BACKCHANNELS.get(_base(language), frozenset())
    words = normalise(text)
    # Where a row of phrases may end, reckoned from the begin of the text.
    ends = {0}
    for end in range(1, len(words) + 1):
        begins = range(max(0, end - _MOST_WORDS), end)
        if any(begin in ends and words[begin:end] in phrases for begin in begins):
            ends.add(end)
    return bool(words) and len(words) in ends


def word_count(text: str, language: str) -> int:
    """Return about how many words a text has, also where none are written apart."""
    return -(-len(normalise(text)) // _CHARACTERS_OF_A_WORD.get(_base(language), 1))


def _base(language: str) -> str:
    return language.partition("-")[0].lower()
