"""What the telephone side can do, as far as an editor is to be warned of it. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from chatbot.hints import phrases_of
from chatbot.keys import can_be_said, is_keys

# (text, BCP-47 language, (word, phones) pairs) -> sentences for the editor
KeywordCheck = Callable[[str, str, list[tuple[str, str]]], list[str]]

# (BCP-47 language, name of a voice or "") -> why nobody can speak so, or ""
VoiceCheck = Callable[[str, str], str]

# name of an engine -> why it can hear nobody, or ""
RecognizerCheck = Callable[[str], str]


def any_recognizer(name: str) -> str:
    """Find nothing wrong with a recognizer: nobody knows."""
    return ""


def any_voice(language: str, voice: str) -> str:
    """Find nothing wrong with a voice: nobody knows."""
    return ""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What callers are heard saying and pressing.

    `keyword_checks` tell of words that the recognizer cannot know; a recognizer that hears any
    word has none. `keys` tells whether the keys of the telephone reach the bot. `languages` are
    those that the recognizer understands, such as "en"; one that understands any has none. `models`
    tells whether it has several to choose from, and `interims` whether it tells words before the
    end of a sentence. `mute` says, in sentences, why callers can hear no
    audio of our own, or is empty; `voice_check` tells why they cannot in one voice.
    `recognizer_check` tells why a second recognizer could hear nobody.
    """

    keyword_checks: tuple[KeywordCheck, ...] = ()
    keys: bool = False
    languages: frozenset[str] = frozenset()
    models: bool = True
    interims: bool = True
    mute: str = ""
    voice_check: VoiceCheck = any_voice
    recognizer_check: RecognizerCheck = any_recognizer

    @property
    def only_expected(self) -> bool:
        """Whether the recognizer hears nothing but the phrases that it was told to expect."""
        return bool(self.keyword_checks)

    def understands(self, language: str) -> bool:
        """Whether callers are heard who speak the language of a BCP-47 tag."""
        return not self.languages or language.partition("-")[0].lower() in self.languages

    def keyword_problems(
        self, keyword: str, language: str, pronunciations: list[tuple[str, str]]
    ) -> list[str]:
        """Return why callers might not be heard saying a keyword, each sentence once.

        Of a keyword with blanks the words around them are looked at, and one of what each holds:
        were the language unknown, each would give a sentence. Keys such as “*” are pressed,
        not said.
        """
        if is_keys(keyword) and not can_be_said(keyword):
            return []
        problems = chain.from_iterable(
            check(phrase, language, pronunciations)
            for phrase in phrases_of(keyword, language, of_blank=1)
            for check in self.keyword_checks
        )
        return list(dict.fromkeys(problems))
