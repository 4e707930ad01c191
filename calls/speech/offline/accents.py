"""Ways to say a word that the engine's dictionary, which is American, does not list."""

_VOWELS = frozenset(
    ["AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"]
)
# Of an R behind these vowels a faint vowel remains: "here" ends like "idea".
_GLIDING = frozenset(["AW", "AY", "EH", "IH", "UH"])


def with_accents(sounds: tuple[str, ...]) -> tuple[str, ...]:
    """Give pronunciations and, behind them, how they are said by people who sound few an R."""
    return tuple(dict.fromkeys((*sounds, *map(_without_r, sounds))))


def _without_r(sound: str) -> str:
    """Leave out each R that no vowel follows, as England, Australia and much of Asia do."""
    phones = sound.split()
    said: list[str] = []
    for before, phone, after in zip(["", *phones], phones, [*phones[1:], ""], strict=False):
        if phone == "R" and before in _VOWELS and after not in _VOWELS:
            said += ["AH"] if before in _GLIDING else []
        elif phone == "ER" and not after and not _VOWELS.isdisjoint(said):
            said.append("AH")
        else:
            said.append(phone)
    return " ".join(said)
