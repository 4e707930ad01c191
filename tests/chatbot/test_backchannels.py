"""What listeners say to show that they listen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.backchannels import is_backchannel, word_count

ANY_TEXT = st.text(st.characters(), max_size=200)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("mhm", "en-US"),
        ("Uh-huh.", "en-GB"),
        ("OK, yeah, I see", "en"),
        ("ja ja", "nl-NL"),
        ("Oké, ik snap het", "nl-BE"),
        ("Ach so, genau!", "de-AT"),
        ("d’accord", "fr-CA"),
        ("Sí, sí, de acuerdo", "es-419"),
        ("yeah", "EN-us"),
    ],
)
def test_backchannels_are_known_in_their_language(text: str, language: str) -> None:
    """One or more of them, in any region, however they are written."""
    assert is_backchannel(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("yeah but wait", "en-US"),
        ("no", "en-US"),
        ("stop", "en-US"),
        ("I got", "en-US"),
        ("huh uh", "en-US"),
        ("ja", "en-US"),
        ("", "en-US"),
        ("?", "en-US"),
        ("yeah", "sv-SE"),
        ("yeah", ""),
    ],
)
def test_other_texts_are_no_backchannels(text: str, language: str) -> None:
    """A single other word is enough, in a language without a list any word."""
    assert not is_backchannel(text, language)


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("", "en-US", 0),
        ("Don't hang up!", "en-US", 3),
        ("予約したい", "ja-JP", 3),
        ("你好", "zh-CN", 1),
        ("我想预订", "cmn-Hans-CN", 2),
        ("สวัสดี", "th-TH", 1),
    ],
)
def test_words_are_counted_in_any_script(text: str, language: str, count: int) -> None:
    """Where no spaces part the words, their number is taken from that of the characters."""
    assert word_count(text, language) == count


@given(ANY_TEXT, st.sampled_from(["en", "ja"]) | ANY_TEXT)
def test_any_text_is_counted(text: str, language: str) -> None:
    """Whatever was heard, in whatever language: a backchannel has a word at least."""
    assert word_count(text, language) >= is_backchannel(text, language)
