"""The offline voices: what each speaks, and which speaks what. None of them is imported here."""

from collections.abc import Collection
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec

from calls.voice.synthesizer import SynthesizerRefused

INSTALL = "Run “make voice” in the folder of the server, and restart it"


@dataclass(frozen=True, slots=True)
class OfflineVoice:
    """A voice: its name, its package, and the languages it speaks, by their first subtag.

    Without languages it says itself, in its process, which it does not speak. `takes_markup` tells
    that it reads SSML.
    """

    name: str
    distribution: str
    module: str
    languages: frozenset[str] = frozenset()
    takes_markup: bool = False

    @property
    def is_installed(self) -> bool:
        """Whether its package is there."""
        return find_spec(self.module) is not None

    @property
    def version(self) -> str:
        """The name with the version of its package, which tells how it sounds."""
        return f"{self.name}-{version(self.distribution)}"

    def speaks(self, language: str) -> bool:
        """Whether it may be asked to speak a language, given as a BCP-47 tag."""
        return not self.languages or language.partition("-")[0].lower() in self.languages


VOICES = (
    OfflineVoice("hibari", "hibari-tts", "hibari", frozenset({"en"})),
    OfflineVoice("pico", "py-nanotts", "py_nanotts", frozenset({"en", "de", "es", "fr", "it"})),
    OfflineVoice("espeak", "espeakng-loader", "espeakng_loader", takes_markup=True),
)
"""All voices, those that are worth more to a listener first."""


def installed() -> tuple[OfflineVoice, ...]:
    """Return the voices whose packages are there."""
    return tuple(voice for voice in VOICES if voice.is_installed)


def choose(language: str, name: str, among: Collection[OfflineVoice]) -> OfflineVoice:
    """Return the voice of a name, or the best for a language. Raises SynthesizerRefused."""
    named = [voice for voice in among if name in ("", voice.name)]
    if not named:
        raise SynthesizerRefused(
            f"There is no offline voice “{name}”. Give the bot no voice, or one of "
            f"{', '.join(voice.name for voice in among) or 'none'}"
        )
    for voice in named:
        if voice.speaks(language):
            return voice
    speaker = f"The offline voice “{name}” does" if name else "The installed offline voices do"
    raise SynthesizerRefused(
        f"{speaker} not speak the language “{language}”. {INSTALL}, or set SYNTHESIZER=google"
    )
