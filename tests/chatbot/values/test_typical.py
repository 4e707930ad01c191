"""What callers typically say for a value."""

import pytest

from chatbot.values import KINDS, read, typical
from chatbot.values.languages import VOCABULARIES, number_words, typical_phrases
from tests.chatbot.values.reading import TODAY, canonical

LANGUAGES = sorted(VOCABULARIES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_number_words_are_numbers_in_their_order(language: str) -> None:
    """The list is that of the library which reads them."""
    numbers = [*range(21), *range(30, 100, 10)]
    found = [canonical("number", word, language) for word in number_words(language)]
    assert found == [str(number) for number in numbers]


@pytest.mark.parametrize("language", LANGUAGES)
def test_typical_answers_are_read_as_yes_or_no(language: str) -> None:
    """Nothing is listened for that would not be understood."""
    answers = {canonical("yesno", phrase, language) for phrase in typical("yesno", language)}
    assert answers == {"yes", "no"}


@pytest.mark.parametrize("language", ["en-US", "nl-NL"])
def test_typical_days_are_read_as_dates(language: str) -> None:
    """So are those near today."""
    days = typical_phrases("date", language)
    assert days
    assert all(read("date", day, language, TODAY) for day in days)


@pytest.mark.parametrize("language", ["en-US", "nl-NL"])
def test_typical_date_names_weekdays_and_months(language: str) -> None:
    """Of dates there are too many; of their parts there are few."""
    named = {word.lower() for word in typical("date", language)}
    assert named >= {"en-US": {"friday", "may"}, "nl-NL": {"vrijdag", "mei"}}[language]


@pytest.mark.parametrize("language", [*LANGUAGES, "ja-JP", "xx"])
@pytest.mark.parametrize("kind", KINDS)
def test_typical_phrases_are_few(kind: str, language: str) -> None:
    """In a list of all that may come they must not crowd out the keywords."""
    assert len(typical(kind, language)) <= 40


def test_nothing_is_typical_of_any_words() -> None:
    """Nobody foresees a name."""
    assert typical("words", "en-US") == ()
