"""Times that callers say."""

import pytest

from chatbot.values import Value, spoken
from tests.chatbot.values.reading import canonical, said_again


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("15:30", "15:30"),
        ("3:30", "03:30"),
        ("3.30", "03:30"),
        ("24:00", "00:00"),
        ("3 pm", "15:00"),
        ("3pm", "15:00"),
        ("3 p.m.", "15:00"),
        ("3:30 PM", "15:30"),
        ("12 am", "00:00"),
        ("twelve pm", "12:00"),
        ("three", "03:00"),
        ("at three", "03:00"),
        ("three o'clock", "03:00"),
        ("three o clock", "03:00"),
        ("three thirty", "03:30"),
        ("three oh five", "03:05"),
        ("fifteen thirty", "15:30"),
        ("half past three", "03:30"),
        ("half three", "03:30"),
        ("quarter past three", "03:15"),
        ("a quarter to four", "03:45"),
        ("quarter to one", "12:45"),
        ("ten past three", "03:10"),
        ("ten minutes to four", "03:50"),
        ("twenty to five", "04:40"),
        ("half past three in the afternoon", "15:30"),
        ("quarter to twelve in the morning", "11:45"),
        ("11 at night", "23:00"),
        ("2 at night", "02:00"),
        ("tomorrow morning at nine", "09:00"),
        ("noon", "12:00"),
        ("12 noon", "12:00"),
        ("midnight", "00:00"),
    ],
)
def test_time_in_english(text: str, time: str) -> None:
    """The clock, with the half of the day where it is said."""
    assert canonical("time", text, "en-US") == time


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("15:30", "15:30"),
        ("om 15.30 uur", "15:30"),
        ("drie uur", "03:00"),
        ("drie uur dertig", "03:30"),
        ("15 uur 30", "15:30"),
        ("half vier", "03:30"),
        ("half een", "12:30"),
        ("half een 's nachts", "00:30"),
        ("half vier 's middags", "15:30"),
        ("kwart voor vier", "03:45"),
        ("kwart over drie", "03:15"),
        ("tien over drie", "03:10"),
        ("tien voor half vier", "03:20"),
        ("vijf over half vier", "03:35"),
        ("acht uur ’s avonds", "20:00"),
        ("twaalf uur 's middags", "12:00"),
        ("12 uur 's nachts", "00:00"),
        ("middernacht", "00:00"),
    ],
)
def test_time_in_dutch(text: str, time: str) -> None:
    """ "half vier" is half an hour before four."""
    assert canonical("time", text, "nl-NL") == time


@pytest.mark.parametrize(
    ("text", "language", "time"),
    [
        ("halb vier", "de-DE", "03:30"),
        ("Viertel nach drei", "de-DE", "03:15"),
        ("15h30", "fr-FR", "15:30"),
        ("midi", "fr-FR", "12:00"),
        ("15:30", "ja-JP", "15:30"),
        ("15:30", "xx", "15:30"),
    ],
)
def test_time_in_other_languages(text: str, language: str, time: str) -> None:
    """Figures are read whatever the language."""
    assert canonical("time", text, language) == time


@pytest.mark.parametrize(
    "text",
    ["", "hello", "to", "at", "half", "quarter to", "3 5", "3:75", "25", "25:00", "4477", "11/23",
     "1,200", "15 am", "3 pm in the morning", "half past fifteen", "seventy past three",
     "3 noon", "three four five", "in the morning", "99999999999999999999"],
)  # fmt: skip
def test_time_refuses(text: str) -> None:
    """Numbers that no clock shows, and halves of the day that disagree, are no times."""
    assert canonical("time", text, "en-US") is None


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("3 pm", "en-US", "3:00 PM"),
        ("15:30", "en-US", "3:30 PM"),
        ("half past three", "en-US", "3:30"),
        ("9 am", "en-US", "9:00 AM"),
        ("half past three", "en-GB", "03:30"),
        ("half vier", "nl-NL", "03:30"),
        ("15:30", "xx", "15:30"),
    ],
)
def test_time_spoken(text: str, language: str, said: str) -> None:
    """AM and PM are said only where the caller told which."""
    assert said_again("time", text, language) == said


def test_time_spoken_that_nobody_said() -> None:
    """A time whose words tell nothing of the half of the day is certain of it."""
    assert spoken(Value("time", "09:00", ""), "en-US") == "9:00 AM"
