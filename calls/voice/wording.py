"""A text together with how it is to be spoken. Pure."""

import hashlib
import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """What a synthesizer is given.

    `text` is plain, or SSML where it begins with `<speak`. `language` is a BCP-47 tag, `voice` a
    name that the engine knows, or blank for its own choice; `speed` is in percent of the voice's.
    """

    text: str
    language: str
    voice: str = ""
    speed: int = 100

    def key(self, engine: str) -> str:
        """Return what tells its audio from any other: 64 hexadecimal digits.

        `engine` names the synthesizer, and its version where another would sound otherwise.
        """
        parts = [engine, self.text, self.language, self.voice, self.speed]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
