"""Each change is on record with the whole of what it changed."""

from contextlib import AbstractContextManager

import pytest
import reversion
from reversion.models import Revision, Version

from chatbot.history import OUTSIDE, Change, about_to_change, changes_of, changes_with
from chatbot.models import Bot, Intent, Keyword
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db


def revision() -> AbstractContextManager[None]:
    return reversion.create_revision()  # type: ignore[no-any-return]


def changes(bot: Bot) -> list[Change]:
    """Return all changes of a bot, newest first."""
    return changes_with(bot, changes_of(bot))


def said(bot: Bot) -> list[str]:
    """Return what the newest change did, in words."""
    return [
        f"{part.name} {part.event}: {', '.join(part.sentences)}".removesuffix(": ")
        for part in changes(bot)[0].parts
    ]


@pytest.fixture
def bot() -> Bot:
    return create_bot()


@pytest.fixture
def hello(bot: Bot) -> Intent:
    """An intent that is on record."""
    with revision():
        return create_intent(bot, "hello", "hi")


def test_recording_intent_added(bot: Bot, hello: Intent) -> None:
    assert said(bot) == ["hello added"]


def test_recording_keyword_added(bot: Bot, hello: Intent) -> None:
    with revision():
        hello.keywords.create(text="hey")
    assert said(bot) == ["hello changed: keyword “hey” added"]


def test_recording_keyword_deleted(bot: Bot, hello: Intent) -> None:
    with revision():
        hello.keywords.get().delete()
    assert said(bot) == ["hello changed: keyword “hi” deleted"]


def test_recording_keywords_deleted_by_a_query(bot: Bot, hello: Intent) -> None:
    with revision():
        Keyword.objects.filter(intent=hello).delete()
    assert said(bot) == ["hello changed: keyword “hi” deleted"]


def test_recording_reply_changed(bot: Bot, hello: Intent) -> None:
    reply = hello.replies.get()
    with revision():
        reply.text, reply.action = "Bye.", "hangup"
        reply.save()
    assert said(bot) == [
        "hello changed: reply “Well.” became “Bye.”, "
        "reply “Bye.”, then: Go on listening → Hang up after saying this"
    ]


def test_recording_bot_field_changed(bot: Bot) -> None:
    with revision():
        bot.threshold = 90
        bot.save()
    assert said(bot) == ["Test bot changed: likeness in percent: 85 → 90"]


def test_recording_row_of_the_bot_added(bot: Bot) -> None:
    with revision():
        bot.phone_numbers.create(number="+31201234567")
    assert said(bot) == ["Test bot changed: phone number “+31201234567” added"]


def test_recording_follows_changed(bot: Bot, hello: Intent) -> None:
    good = create_intent(bot, "good", "good")
    with revision():
        good.follows.add(hello)
    assert said(bot) == ["good changed: follows “hello” from now on"]


def test_recording_intent_deleted(bot: Bot, hello: Intent) -> None:
    with revision():
        hello.delete()
    assert said(bot) == ["hello deleted"]


def test_recording_intent_deleted_loses_its_followers(bot: Bot, hello: Intent) -> None:
    good = create_intent(bot, "good", "good")
    good.follows.add(hello)
    with revision():
        hello.delete()
    assert said(bot) == ["good changed: follows “hello” no longer", "hello deleted"]


def test_recording_intent_deleted_without_revision(bot: Bot, hello: Intent) -> None:
    """What cannot be found out later is recorded at once."""
    hello.delete()
    assert said(bot) == ["hello deleted"]
    assert changes(bot)[0].comment == OUTSIDE


def test_recording_intents_deleted_by_a_query(bot: Bot, hello: Intent) -> None:
    with revision():
        bot.intents.all().delete()
    assert said(bot) == ["hello deleted"]


def test_recording_intent_renamed_takes_those_along_that_go_to_it(bot: Bot, hello: Intent) -> None:
    again = create_intent(bot, "again", "once more")
    again.replies.update(action="goto", parameter="hello")
    with revision():
        hello.name = "greeting"
        hello.save()
    assert said(bot) == [
        "greeting changed: name “hello” became “greeting”",
        "again changed: reply “Well.”, with “hello” became “greeting”",
    ]


def test_recording_intent_moved_is_in_both_bots(bot: Bot, hello: Intent) -> None:
    other = create_bot("Other bot")
    with revision():
        hello.bot = other
        hello.save()
    assert said(bot) == ["hello changed: bot: “Test bot” → “Other bot”"]
    assert said(other) == ["hello changed: bot: “Test bot” → “Other bot”"]


def test_recording_first_change_of_what_was_there(bot: Bot) -> None:
    """How it was before the first change is recorded along."""
    intent = create_intent(bot, "hello", "hi")
    with revision():
        intent.keywords.create(text="hey")
    assert said(bot) == ["hello changed: keyword “hey” added"]
    assert [part.event for part in changes(bot)[1].parts] == ["first recorded"] * 2
    assert changes(bot)[1].is_outside


def test_recording_change_outside_is_found_at_the_next_change(bot: Bot, hello: Intent) -> None:
    hello.keywords.update(text="good day")
    with revision():
        hello.replies.create(text="Hi.")
    newest, outside = changes(bot)[:2]
    assert [part.sentences for part in newest.parts] == [("reply “Hi.” added",)]
    assert [part.sentences for part in outside.parts] == [("keyword “hi” became “good day”",)]
    assert outside.is_outside


def test_recording_change_outside_is_recorded_once(bot: Bot, hello: Intent) -> None:
    hello.keywords.update(text="good day")
    with revision():
        hello.keywords.create(text="hey")
        hello.keywords.create(text="howdy")
        hello.save()
    assert sum(change.is_outside for change in changes(bot)) == 2  # the bot's, before `hello`


def test_recording_bot_and_then_intent_that_was_there(bot: Bot) -> None:
    """What the revision did to the bot so far is not taken for a change outside."""
    intent = create_intent(bot, "hello", "hi")
    with revision():
        bot.threshold = 90
        bot.save()
        intent.keywords.create(text="hey")
    assert said(bot) == [
        "Test bot changed: likeness in percent: 85 → 90",
        "hello changed: keyword “hey” added",
    ]
    assert [(part.name, part.event) for change in changes(bot)[1:] for part in change.parts] == [
        ("hello", "first recorded"),
        ("Test bot", "first recorded"),
    ]


def test_recording_save_as_it_was_is_no_change(bot: Bot, hello: Intent) -> None:
    before = Revision.objects.count()
    with revision():
        hello.save()
        hello.keywords.get().save()
    assert Revision.objects.count() == before


def test_recording_save_that_fails_leaves_nothing(bot: Bot, hello: Intent) -> None:
    before = Revision.objects.count()

    def fail() -> None:
        with revision():
            hello.delete()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with revision():
        create_intent(bot, "good", "good")
    assert said(bot) == ["good added"]
    assert Revision.objects.count() == before + 1


def test_recording_keeps_no_secret(bot: Bot, hello: Intent) -> None:
    kept = " ".join(Version.objects.values_list("serialized_data", flat=True))
    assert bot.secret not in kept


def test_recording_bot_deleted_takes_its_intents_along(bot: Bot, hello: Intent) -> None:
    before = Revision.objects.count()
    with revision():
        bot.delete()
    assert Revision.objects.count() == before


def test_recording_of_bulk_operations(bot: Bot) -> None:
    """They send no signals: who uses them says what is about to change."""
    intent = create_intent(bot, "hello", "hi")
    with revision():
        about_to_change(bot.pk, [intent.pk])
        Keyword.objects.bulk_create([Keyword(intent=intent, text="hey")])
        reversion.add_to_revision(intent)
    assert said(bot) == ["hello changed: keyword “hey” added"]
