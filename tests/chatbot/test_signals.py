"""Every change of a bot, whoever makes it, raises its version."""

from collections.abc import Callable, Iterator

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from chatbot.models import Bot, Intent, Keyword, Pronunciation, Reply
from chatbot.signals import bots_changed, raise_version
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db


def version_of(bot: Bot) -> int:
    return Bot.objects.values_list("version", flat=True).get(pk=bot.pk)


@pytest.fixture
def bot() -> Bot:
    """A bot with one row of every kind."""
    bot = create_bot()
    create_intent(bot, "hello", "hi")
    bot.pronunciations.create(word="hi", phones="HH AY")
    return bot


CHANGES: dict[str, Callable[[Bot], object]] = {
    "bot saved": lambda bot: bot.save(),
    "one field of the bot saved": lambda bot: bot.save(update_fields=["greeting"]),
    "intent added": lambda bot: bot.intents.create(name="bye"),
    "intent saved": lambda bot: bot.intents.get().save(),
    "intent deleted": lambda bot: bot.intents.get().delete(),
    "intents deleted": lambda bot: bot.intents.all().delete(),
    "keyword added": lambda bot: bot.intents.get().keywords.create(text="hey"),
    "keyword saved": lambda bot: Keyword.objects.get().save(),
    "keyword deleted": lambda bot: Keyword.objects.get().delete(),
    "keywords deleted": lambda bot: Keyword.objects.all().delete(),
    "reply added": lambda bot: bot.intents.get().replies.create(text="Hey."),
    "reply saved": lambda bot: Reply.objects.get().save(),
    "reply deleted": lambda bot: Reply.objects.get().delete(),
    "pronunciation added": lambda bot: bot.pronunciations.create(word="hey", phones="HH EY"),
    "pronunciation saved": lambda bot: Pronunciation.objects.get().save(),
    "pronunciation deleted": lambda bot: Pronunciation.objects.get().delete(),
    "version raised by hand": lambda bot: raise_version([bot.pk]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_change_raises_the_version(bot: Bot, change: Callable[[Bot], object]) -> None:
    """The next turn of a live call notices the change."""
    before = version_of(bot)
    change(bot)
    assert version_of(bot) > before


def test_change_moves_the_time_of_the_last_change(bot: Bot) -> None:
    """The list of bots shows when any part of a bot was changed."""
    before = Bot.objects.get().changed_at
    Keyword.objects.get().save()
    assert Bot.objects.get().changed_at > before


def test_change_of_another_bot_raises_nothing(bot: Bot) -> None:
    """A bot is not read again for the sake of another."""
    other = create_bot("Other")
    before = version_of(other)
    Keyword.objects.get().save()
    assert version_of(other) == before


def test_stale_save_does_not_set_the_version_back(bot: Bot) -> None:
    """An object that was read long ago does not bring its old version with it."""
    stale = Bot.objects.get()
    for _ in range(5):
        Keyword.objects.get().save()
    before = version_of(bot)
    stale.save()
    assert version_of(bot) == before + 1


def test_bot_can_be_saved_twice(bot: Bot) -> None:
    """Saving leaves an object behind that can be saved again."""
    bot.save()
    bot.save()
    assert isinstance(bot.version, int)


def test_moved_intent_raises_both_versions(bot: Bot) -> None:
    """The bot that lost the intent must not go on answering by it."""
    other = create_bot("Other")
    before = version_of(bot), version_of(other)
    intent = Intent.objects.get()
    intent.bot = other
    intent.save()
    assert version_of(bot) > before[0]
    assert version_of(other) > before[1]


def test_moved_keyword_raises_both_versions(bot: Bot) -> None:
    """So too where only a keyword goes to another bot."""
    other = create_bot("Other")
    intent = create_intent(other, "bye")
    keyword = Keyword.objects.get()
    before = version_of(bot), version_of(other)
    keyword.intent = intent
    keyword.save()
    assert version_of(bot) > before[0]
    assert version_of(other) > before[1]


def test_bot_is_deleted_with_its_parts(bot: Bot) -> None:
    """The signals of the parts do not get in the way."""
    bot.delete()
    for model in (Bot, Intent, Keyword, Reply, Pronunciation):
        assert not model._default_manager.exists()


def test_bots_are_deleted_in_bulk(bot: Bot) -> None:
    """The admin deletes what was ticked as a query set."""
    create_intent(create_bot("Other"), "bye", "bye")
    Bot.objects.all().delete()
    assert not Intent.objects.exists()


def test_deleted_intent_raises_the_version_once(bot: Bot) -> None:
    """The keywords and replies that go with it cost no updates of their own."""
    before = version_of(bot)
    Intent.objects.get().delete()
    assert version_of(bot) == before + 1


@pytest.fixture
def told() -> Iterator[list[frozenset[int]]]:
    """The bots that another app learns of."""
    heard: list[frozenset[int]] = []

    def listen(bot_ids: frozenset[int], **kwargs: object) -> None:
        heard.append(bot_ids)

    bots_changed.connect(listen)
    yield heard
    bots_changed.disconnect(listen)


def test_change_is_told_once_it_is_committed(
    bot: Bot,
    told: list[frozenset[int]],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """Whoever reads the bot then reads the new one."""
    with django_capture_on_commit_callbacks(execute=True):
        bot.intents.create(name="bye")
        assert told == []
    assert told == [{bot.pk}]


def test_fault_of_a_listener_does_not_reach_who_saved(
    bot: Bot,
    told: list[frozenset[int]],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def break_down(**kwargs: object) -> None:
        raise RuntimeError

    bots_changed.connect(break_down)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            bot.save()
    finally:
        bots_changed.disconnect(break_down)
    assert told == [{bot.pk}]
