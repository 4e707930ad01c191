"""Numbers that callers say."""

import pytest

from tests.chatbot.values.reading import canonical, said_again


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("25", "25"),
        ("25.", "25"),
        ("007", "7"),
        ("0", "0"),
        ("-0", "0"),
        ("-5", "-5"),
        ("−5", "-5"),
        ("minus five", "-5"),
        ("negative 2.50", "-2.5"),
        ("12.50", "12.5"),
        ("12,5", "12.5"),
        ("1,200", "1200"),
        ("1,200.50", "1200.5"),
        ("1 200", "1200"),
        ("$25", "25"),
        ("one", "1"),
        ("twenty five", "25"),
        ("Twenty-five!", "25"),
        ("twelve point five", "12.5"),
        ("zero point zero five", "0.05"),
        ("two and a half", "2.5"),
        ("two and a quarter", "2.25"),
        ("2 and a half", "2.5"),
        ("half", "0.5"),
        ("three quarters", "0.75"),
        ("a hundred", "100"),
        ("a hundred and five", "105"),
        ("ten thousand", "10000"),
        ("5 million", "5000000"),
        ("2.5 million", "2500000"),
    ],
)
def test_number_in_english(text: str, number: str) -> None:
    """Figures, words, fractions and magnitudes give decimal notation."""
    assert canonical("number", text, "en-US") == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("1.200", "1200"),
        ("1.200,50", "1200.5"),
        ("€ 12,50", "12.5"),
        ("vijfentwintig", "25"),
        ("vijf en twintig", "25"),
        ("twaalf komma vijf", "12.5"),
        ("min vijf", "-5"),
        ("anderhalf", "1.5"),
        ("een half", "0.5"),
        ("twee en een half", "2.5"),
        ("tweeëneenhalf", "2.5"),
        ("vierenhalf", "4.5"),
        ("drie kwart", "0.75"),
        ("duizend twintig", "1020"),
        ("2,5 miljoen", "2500000"),
    ],
)
def test_number_in_dutch(text: str, number: str) -> None:
    """The comma is the decimal sign; a point before three digits groups."""
    assert canonical("number", text, "nl-NL") == number


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("fünfundzwanzig", "de-DE", "25"),
        ("deux virgule cinq", "fr-FR", "2.5"),
        ("1,5", "ru-RU", "1.5"),
        ("1.5", "ja-JP", "1.5"),
        ("1.5", "xx", "1.5"),
    ],
)
def test_number_in_other_languages(text: str, language: str, number: str) -> None:
    """CLDR tells the decimal sign; text2num knows the words."""
    assert canonical("number", text, language) == number


@pytest.mark.parametrize(
    "text",
    ["", "-", "hello", "one two three", "to", "and a half", "twelve third", "first", "1,2,3", "A4",
     "11/23", "minus", "five half", "two point five and a half", "1/2", "2½"],
)  # fmt: skip
def test_number_refuses(text: str) -> None:
    """Words, several numbers, ordinals and written fractions are not one number."""
    assert canonical("number", text, "en-US") is None


@pytest.mark.parametrize(
    ("language", "said"), [("en-US", "12.5"), ("nl-NL", "12,5"), ("xx", "12.5")]
)
def test_number_spoken(language: str, said: str) -> None:
    """A number is said with the decimal sign of the language."""
    assert said_again("number", "12.5", language) == said
