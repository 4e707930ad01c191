"""What is written is what is read: file, contents and rows agree, whatever the texts are."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis.extra.django import TestCase

from chatbot.bot_file import bot_contents, bot_create, bot_replace, read, write
from chatbot.bot_file.contents import BotContents
from chatbot.bot_file.yaml_text import dump
from chatbot.models import Bot
from tests.chatbot.bot_file.generated import TRAPS, any_text, bots


@given(bots)
@settings(max_examples=300, deadline=None)
def test_file_holds_the_contents(contents: BotContents) -> None:
    """Reading what was written gives the same values, and writing them the same bytes."""
    text = write(contents)
    assert read(text.encode()) == contents
    assert write(read(text.encode())) == text


@given(any_text)
@settings(max_examples=500, deadline=None)
def test_text_is_the_same_to_other_readers_of_yaml(text: str) -> None:
    """A reader that guesses types by the rules of YAML 1.1 gets the same texts."""
    document = {"key": text, "list": [text, {"inner": {"deep": text}}]}
    assert yaml.safe_load(dump(document)) == document


@pytest.mark.parametrize("text", TRAPS)
def test_trap_is_the_same_as_key_and_value(text: str) -> None:
    """Each text that YAML has a meaning for stands in quotes, as a key too."""
    assert yaml.safe_load(dump({text: text, "a": [text]})) == {text: text, "a": [text]}


class RowsTest(TestCase):
    """Through the database: exported, imported and exported again."""

    @given(bots)
    @settings(max_examples=40, deadline=None)
    def test_rows_hold_the_contents(self, contents: BotContents) -> None:
        """A bot that is saved and exported gives the file that it was saved from."""
        bot = bot_create(contents)
        assert write(bot_contents(bot.pk)) == write(contents)

    @given(bots, bots)
    @settings(max_examples=40, deadline=None)
    def test_replaced_rows_hold_the_contents(self, before: BotContents, after: BotContents) -> None:
        """A bot that takes the place of another leaves nothing of it."""
        bot = bot_create(before)
        version = Bot.objects.get(pk=bot.pk).version
        changed = bot_replace(bot.pk, after)
        assert bot_contents(bot.pk) == after
        assert Bot.objects.get(pk=bot.pk).version == version + (1 if changed else 0)
