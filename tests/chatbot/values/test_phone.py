"""Telephone numbers that callers say."""

import pytest

from tests.chatbot.values.reading import canonical, said_again


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("2025550123", "en-US", "+12025550123"),
        ("(202) 555-0123", "en-US", "+12025550123"),
        ("two oh two triple five oh one two three", "en-US", "+12025550123"),
        ("+31 6 12345678", "en-US", "+31612345678"),
        ("plus three one six one two three four five six seven eight", "en", "+31612345678"),
        ("020 7946 0123", "en-GB", "+442079460123"),
        ("06 12345678", "nl-NL", "+31612345678"),
        ("06 12345678", "nl", "+31612345678"),
        ("nul zes één twee drie vier vijf zes zeven acht", "nl-NL", "+31612345678"),
        ("+31 (0)20 123 4567", "nl-NL", "+31201234567"),
        ("0031 6 12345678", "nl-NL", "+31612345678"),
        ("0470 12 34 56", "nl-BE", "+32470123456"),
        ("+31612345678", "xx", "+31612345678"),
    ],
)
def test_phone_reads(text: str, language: str, number: str) -> None:
    """Numbers are dialled as in the country of the language, or with their country code."""
    assert canonical("phone", text, language) == number


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "en-US"),
        ("+", "en-US"),
        ("plus", "en-US"),
        ("hello", "en-US"),
        ("911", "en-US"),
        ("1234", "en-US"),
        ("+99 9999 9999", "en-US"),
        ("06 1234567", "nl-NL"),
        ("06 12345678", "xx"),
        ("1" * 150, "en-US"),
    ],
)
def test_phone_refuses(text: str, language: str) -> None:
    """Digits that no telephone has are no number, nor are local ones of no known country."""
    assert canonical("phone", text, language) is None


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("0612345678", "nl-NL", "0 6, 1 2 3 4 5 6 7 8"),
        ("+12025550123", "en-US", "2 0 2, 5 5 5, 0 1 2 3"),
        ("+31201234567", "en-US", "+ 3 1, 2 0, 1 2 3, 4 5 6 7"),
    ],
)
def test_phone_spoken(text: str, language: str, said: str) -> None:
    """The digits are said one by one, in the usual groups; with the code of another country."""
    assert said_again("phone", text, language) == said
