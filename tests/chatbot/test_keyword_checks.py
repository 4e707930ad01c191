"""The checks that the settings name are asked about keywords."""

import pytest
from pytest_django import Settings

from chatbot.keyword_checks import keyword_problems
from tests.chatbot.bots import create_bot

pytestmark = pytest.mark.django_db


def repeat(text: str, language: str, pronunciations: list[tuple[str, str]]) -> list[str]:
    """Say what the check was told."""
    return [f"{text} {language} {pronunciations}"]


def complain(text: str, language: str, pronunciations: list[tuple[str, str]]) -> list[str]:
    """Find the same fault in every keyword."""
    return ["Odd."]


def test_checks_are_told_keyword_language_and_pronunciations(settings: Settings) -> None:
    """A check knows all that the recognizer will know."""
    settings.CHATBOT_KEYWORD_CHECKS = [f"{__name__}.repeat"]
    bot = create_bot()
    bot.pronunciations.create(word="hi", phones="HH AY")
    assert keyword_problems(bot, ["hello"]) == ["hello en-US [('hi', 'HH AY')]"]


def test_checks_that_say_the_same_are_heard_once(settings: Settings) -> None:
    """An editor reads each sentence once."""
    settings.CHATBOT_KEYWORD_CHECKS = [f"{__name__}.complain"]
    assert keyword_problems(create_bot(), ["hello", "hi"]) == ["Odd."]


def test_checks_may_be_none(settings: Settings) -> None:
    """A recognizer that hears every word needs no check."""
    settings.CHATBOT_KEYWORD_CHECKS = []
    assert keyword_problems(create_bot(), ["hello"]) == []


def test_checks_that_do_not_exist_are_an_error(settings: Settings) -> None:
    """A wrong setting is not passed over."""
    settings.CHATBOT_KEYWORD_CHECKS = [f"{__name__}.missing"]
    with pytest.raises(ImportError):
        keyword_problems(create_bot(), ["hello"])
