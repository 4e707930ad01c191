"""Which phrases a keyword leads to expect."""

from chatbot.hints import phrases_of


def test_phrase_is_the_keyword() -> None:
    """As the editor wrote it."""
    assert list(phrases_of("Café", "en-US")) == ["Café"]


def test_phrases_of_a_blank_are_in_the_language() -> None:
    """What it typically holds there."""
    assert list(phrases_of("{ok:yesno} graag", "nl-NL"))[:2] == ["ja", "nee"]


def test_phrases_of_a_blank_as_many_as_wanted() -> None:
    """One is enough where only the language matters."""
    assert list(phrases_of("{ok:yesno} please", "en-US", of_blank=1)) == ["yes", "please"]


def test_dates_are_left_to_the_reply_that_asks() -> None:
    """They would make every turn listen for the names of months."""
    assert list(phrases_of("on {day:date}", "en-US")) == ["on"]


def test_unreadable_keyword_is_no_phrase() -> None:
    """The editor is told elsewhere."""
    assert list(phrases_of("on {day", "en-US")) == []
