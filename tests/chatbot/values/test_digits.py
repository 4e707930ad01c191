"""Digits that callers say or key in."""

import pytest

from tests.chatbot.values.reading import canonical, said_again


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("4477", "4477"),
        ("44 77", "4477"),
        ("4,477", "4477"),
        ("#4477", "4477"),
        ("4477#", "4477"),
        ("*9", "9"),
        ("44-77.", "4477"),
        ("one", "1"),
        ("zero", "0"),
        ("four four seven seven", "4477"),
        ("Four, four, seven, seven!", "4477"),
        ("double four seven seven", "4477"),
        ("double 4 seven 7", "4477"),
        ("triple oh", "000"),
        ("treble six", "666"),
        ("four oh seven", "407"),
        ("oh seven", "07"),
        ("o 7", "07"),
        ("zero zero seven", "007"),
        ("four 47", "447"),
        ("forty-four seventy-seven", "4477"),
        ("nineteen eighty four", "1984"),
        ("one hundred and five", "105"),
        ("four thousand four hundred seventy seven", "4477"),
        ("seven to four", "724"),
        ("seven too for four", "7244"),
    ],
)
def test_digits_in_english(text: str, digits: str) -> None:
    """Digits, doubles, numbers of several digits and figures may be mixed."""
    assert canonical("digits", text, "en-US") == digits


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("vier zeven", "47"),
        ("nul zes één twee", "0612"),
        ("een", "1"),
        ("dubbel vier zeven zeven", "4477"),
        ("driedubbel nul", "000"),
        ("vierenveertig zevenenzeventig", "4477"),
        ("vier-en-veertig", "44"),
        ("drieëntwintig", "23"),
        ("drieentwintig", "23"),
    ],
)
def test_digits_in_dutch(text: str, digits: str) -> None:
    """Compounds count with their diaeresis and without."""
    assert canonical("digits", text, "nl-NL") == digits


@pytest.mark.parametrize(
    ("text", "language", "digits"),
    [
        ("zwei vier", "de-DE", "24"),
        ("zéro six", "fr-FR", "06"),
        ("12 34", "ja-JP", "1234"),
        ("٣٤", "ar-EG", "34"),
        ("１２", "cmn-Hans-CN", "12"),
        ("4477", "xx", "4477"),
        ("4477", "\ud800", "4477"),
    ],
)
def test_digits_in_other_languages(text: str, language: str, digits: str) -> None:
    """Figures of any script are read whatever the language."""
    assert canonical("digits", text, language) == digits


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "oh",
        "oh oh",
        "to",
        "for",
        "for seven seven",
        "seven seven for",
        "double",
        "double seventy",
        "double double four",
        "four and five",
        "twenty third",
        "my order is four",
        "A4",
        "12.5",
        "12,50",
        "11/23",
        "10:30",
        "2½",
        "5%",
        "*",
        "#",
    ],
)
def test_digits_refuse(text: str) -> None:
    """Other words, exclamations, lone homophones, decimals, dates and times are no digits."""
    assert canonical("digits", text, "en-US") is None


@pytest.mark.parametrize("text", ["", "hallo", "dubbel", "twaalf komma vijf", "de vierde"])
def test_digits_refuse_in_dutch(text: str) -> None:
    """What is not wholly digits is none."""
    assert canonical("digits", text, "nl-NL") is None


def test_digits_spoken() -> None:
    """A voice says digit by digit."""
    assert said_again("digits", "forty-four 77", "en-US") == "4 4 7 7"
