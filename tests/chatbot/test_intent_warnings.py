"""What an editor is told of an intent that was saved."""

import pytest
from pytest_django import Settings

from chatbot.intent_warnings import intent_warnings
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _hearing(settings: Settings) -> None:
    settings.CHATBOT_KEYWORD_CHECKS = []
    settings.CHATBOT_HEARS_KEYS = True


def test_intent_without_a_fault_gets_no_warning() -> None:
    """Most intents are saved without a word."""
    intent = create_intent(create_bot(), "order", "order {order:digits}", reply="{order}, right?")
    assert intent_warnings(intent) == []


def test_placeholder_that_another_intent_fills_gets_no_warning() -> None:
    """Values are kept with the call, whichever intent they came with."""
    bot = create_bot()
    create_intent(bot, "order", "order {order:digits}")
    assert intent_warnings(create_intent(bot, "bye", "bye", reply="Bye, {order}.")) == []


def test_placeholder_that_nothing_fills_gets_a_warning() -> None:
    """The editor learns what callers would hear."""
    intent = create_intent(create_bot(), "hello", "hello", reply="Hello {name}.")
    assert [warning.partition(":")[0] for warning in intent_warnings(intent)] == [
        "Nothing is ever put in the place of {name}"
    ]


@pytest.mark.parametrize("saved", ["a", "b"])
def test_intents_that_go_to_each_other_get_a_warning(saved: str) -> None:
    """Whichever of them was saved."""
    bot = create_bot()
    for name, target in [("a", "b"), ("b", "a")]:
        intent = create_intent(bot, name, name)
        intent.replies.update(text="", action="goto", parameter=target)
    warnings = intent_warnings(bot.intents.get(name=saved))
    assert len(warnings) == 1
    assert "go to each other in a circle" in warnings[0]


def test_fault_of_another_intent_gets_no_warning() -> None:
    """The editor is not told of what was not saved."""
    bot = create_bot()
    create_intent(bot, "hello", "hello", reply="Hello {name}.")
    assert intent_warnings(create_intent(bot, "bye", "bye")) == []


def test_keys_get_a_warning_where_calls_carry_none(settings: Settings) -> None:
    """On such a line nobody can press them."""
    settings.CHATBOT_HEARS_KEYS = False
    warnings = intent_warnings(create_intent(create_bot(), "menu", "*"))
    assert len(warnings) == 1
    assert "no key reaches the bot" in warnings[0]


def test_keys_get_no_warning_where_calls_carry_them() -> None:
    """There is nothing to say."""
    assert intent_warnings(create_intent(create_bot(), "menu", "1", "*")) == []
