"""Number words as figures."""

import pytest

from chatbot.values.numerals import in_figures


@pytest.mark.parametrize(
    ("text", "language", "figures"),
    [
        ("twelve point five", "en-US", "12.5"),
        ("forty four seventy seven", "en-GB", "44 77"),
        ("the first", "en", "the 1st"),
        ("vijf en twintig", "nl-NL", "25"),
        ("ein und zwanzig", "de-DE", "21"),
        ("call me", "en-US", "call me"),
        ("one two", "ja-JP", "one two"),
        ("", "en-US", ""),
    ],
)
def test_in_figures(text: str, language: str, figures: str) -> None:
    """Runs of number words become figures, other words stay."""
    assert in_figures(text.split(), language) == figures.split()
