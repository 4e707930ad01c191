"""Words as they were said."""

import pytest

from tests.chatbot.values.reading import canonical, said_again


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  Anna. ", "Anna"),
        ("O'Brien!", "O'Brien"),
        ("Jan  de\tWit", "Jan de Wit"),
        ("room 12", "room 12"),
        ("नमस्ते", "नमस्ते"),
        ("cafe\u0301.", "cafe\u0301"),
        ("Ann\x00a\ud800", "Ann a"),
    ],
)
def test_words_read(text: str, words: str) -> None:
    """Case stays; spaces, punctuation around, and what no database keeps, go."""
    assert canonical("words", text, "en-US") == words


@pytest.mark.parametrize("text", ["", " ", "?!", "\u0301", "\x00"])
def test_words_refuse(text: str) -> None:
    """Without a letter or digit nothing was said."""
    assert canonical("words", text, "en-US") is None


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Anna, please!", "en-US", "Anna"),
        ("please Anna", "en-GB", "Anna"),
        ("Jan alstublieft", "nl-NL", "Jan"),
        ("alsjeblieft Jan", "nl-NL", "Jan"),
        ("Uwe bitte", "de-DE", "Uwe"),
        ("Zoé, s’il vous plaît", "fr-FR", "Zoé"),
        ("Ana por favor", "es-ES", "Ana"),
        ("- please Anna + please", "en-US", "Anna"),
        ("Anna bitte", "en-US", "Anna bitte"),
        ("please", "en-US", None),
    ],
)
def test_words_leave_out_politeness(text: str, language: str, words: str | None) -> None:
    """“Please” around a name is no part of it, in the language of the bot."""
    assert canonical("words", text, language) == words


def test_words_spoken() -> None:
    """Words are said as they were."""
    assert said_again("words", "Anna!", "en-US") == "Anna"
