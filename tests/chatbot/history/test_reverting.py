"""A bot's own fields, or one intent with its rows, go back to how they were."""

from contextlib import AbstractContextManager
from datetime import date, time

import pytest
import reversion
from django.contrib.auth.models import Permission, User
from reversion.models import Version

from chatbot.history import Change, Part, RevertError, changes_of, changes_with, revert
from chatbot.models import Bot, Intent, Keyword
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db


def revision() -> AbstractContextManager[None]:
    return reversion.create_revision()  # type: ignore[no-any-return]


def newest(bot: Bot) -> Change:
    revisions = changes_of(bot)[:1]
    return changes_with(bot, revisions)[0]


def part_of(bot: Bot, name: str) -> Part:
    """Return what the newest change did to one intent, or to the bot's own fields."""
    return next(part for part in newest(bot).parts if part.name == name)


def undo(bot: Bot, user: User, name: str = "hello") -> str:
    """Put back how it was before the newest change."""
    before = part_of(bot, name).before
    assert before is not None
    return revert(bot, before, user)


def user_with(*permissions: str) -> User:
    user = User.objects.create(username="somebody", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


@pytest.fixture
def user() -> User:
    return User.objects.create(username="root", is_superuser=True, first_name="Ada")


@pytest.fixture
def bot() -> Bot:
    """A bot that is on record."""
    with revision():
        return create_bot()


@pytest.fixture
def hello(bot: Bot) -> Intent:
    """An intent that is on record."""
    with revision():
        return create_intent(bot, "hello", "hi", "hey")


def test_revert_intent_to_before(bot: Bot, hello: Intent, user: User) -> None:
    """Rows that were changed, added or deleted are again as they were, with their ids."""
    rows = list(hello.keywords.values_list("pk", "text"))
    with revision():
        hello.name = "greeting"
        hello.save()
        Keyword.objects.filter(pk=rows[0][0]).get().delete()
        changed = Keyword.objects.get(pk=rows[1][0])
        changed.text = "good day"
        changed.save()
        hello.keywords.create(text="howdy")
    undo(bot, user, "greeting")
    hello.refresh_from_db()
    assert hello.name == "hello"
    assert list(hello.keywords.values_list("pk", "text")) == rows


def test_revert_intent_to_after(bot: Bot, hello: Intent, user: User) -> None:
    """Each change can be gone back to, not only the last one undone."""
    with revision():
        hello.keywords.create(text="howdy")
    with revision():
        hello.keywords.all().delete()
    after = changes_with(bot, changes_of(bot))[1].parts[0].after
    assert after is not None
    revert(bot, after, user)
    assert hello.keyword_summary() == "hi, hey, howdy"


def test_revert_is_a_change_itself(bot: Bot, hello: Intent, user: User) -> None:
    with revision():
        hello.keywords.create(text="howdy")
    done = undo(bot, user)
    change = newest(bot)
    assert change.who == "Ada"
    assert change.comment == done
    assert done.startswith("The intent “hello” was put back to how it was on ")
    assert change.parts[0].sentences == ("keyword “howdy” deleted",)


def test_revert_says_what_it_did_in_a_sentence(bot: Bot, hello: Intent, user: User) -> None:
    """It ends with the time, which may end with a full stop of its own."""
    with revision():
        hello.keywords.create(text="howdy")
    done = undo(bot, user)
    assert done.endswith(".")
    assert not done.endswith("..")


def test_revert_can_be_reverted(bot: Bot, hello: Intent, user: User) -> None:
    with revision():
        hello.keywords.create(text="howdy")
    undo(bot, user)
    undo(bot, user)
    assert hello.keyword_summary() == "hi, hey, howdy"


def test_revert_raises_the_version_once(bot: Bot, hello: Intent, user: User) -> None:
    with revision():
        hello.keywords.all().delete()
        hello.replies.all().delete()
    bot.refresh_from_db()
    before = bot.version
    undo(bot, user)
    bot.refresh_from_db()
    assert bot.version == before + 1


def test_revert_brings_a_deleted_intent_back(bot: Bot, hello: Intent, user: User) -> None:
    """It has its id again, and those that followed it follow it again."""
    good = create_intent(bot, "good", "good")
    good.follows.add(hello)
    id = hello.pk
    with revision():
        hello.delete()
    assert not good.follows.exists()
    undo(bot, user)
    back = Intent.objects.get(pk=id)
    assert (back.name, back.keyword_summary(), back.reply_summary()) == (
        "hello",
        "hi, hey",
        "Well.",
    )
    assert list(good.follows.all()) == [back]


def test_revert_intent_leaves_other_intents(bot: Bot, hello: Intent, user: User) -> None:
    with revision():
        good = create_intent(bot, "good", "good")
        hello.keywords.all().delete()
    undo(bot, user)
    assert good.keyword_summary() == "good"
    assert hello.keyword_summary() == "hi, hey"


def test_revert_intent_whose_followed_one_is_gone(bot: Bot, hello: Intent, user: User) -> None:
    """The editor is told that it is now considered at any time."""
    with revision():
        good = create_intent(bot, "good", "good")
        good.follows.add(hello)
    with revision():
        good.keywords.create(text="fine")
    before = part_of(bot, "good").before
    hello.delete()
    assert before is not None
    assert revert(bot, before, user).endswith("so it is now considered at any time.")


def test_revert_bot_puts_its_fields_and_rows_back(bot: Bot, hello: Intent, user: User) -> None:
    with revision():
        bot.phone_numbers.create(number="+31201234567")
    with revision():
        bot.greeting, bot.threshold = "Hey.", 95
        bot.save()
        bot.phone_numbers.all().delete()
        bot.opening_times.create(weekday=0, opens=time(9), closes=time(17))
        hello.keywords.create(text="howdy")
    undo(bot, user, "Test bot")
    bot.refresh_from_db()
    assert (bot.greeting, bot.threshold) == ("Welcome.", 85)
    assert [str(row) for row in bot.phone_numbers.all()] == ["+31201234567"]
    assert not bot.opening_times.exists()
    assert hello.keyword_summary() == "hi, hey, howdy"


def test_revert_bot_whose_rows_have_changed_places(bot: Bot, user: User) -> None:
    """No two may be the same day, also while they are put back one after the other."""
    with revision():
        first = bot.closed_days.create(day=date(2026, 12, 26))
        second = bot.closed_days.create(day=date(2026, 12, 27))
    with revision():
        first.day = date(2026, 12, 25)
        first.save()
        second.day = date(2026, 12, 26)
        second.save()
    undo(bot, user, "Test bot")
    assert list(bot.closed_days.values_list("pk", "day")) == [
        (first.pk, date(2026, 12, 26)),
        (second.pk, date(2026, 12, 27)),
    ]


def test_revert_bot_keeps_its_secret(bot: Bot, user: User) -> None:
    with revision():
        bot.greeting = "Hey."
        bot.save()
    Bot.objects.update(secret="a new one")
    undo(bot, user, "Test bot")
    bot.refresh_from_db()
    assert bot.secret == "a new one"


def test_revert_takes_no_number_from_another_bot(bot: Bot, user: User) -> None:
    with revision():
        bot.phone_numbers.create(number="+31201234567")
    with revision():
        bot.phone_numbers.all().delete()
    other = create_bot("Other bot")
    other.phone_numbers.create(number="+31201234567")
    with pytest.raises(RevertError, match="Another bot answers this number already"):
        undo(bot, user, "Test bot")
    assert other.phone_numbers.exists()


def test_revert_refuses_a_version_of_another_bot(bot: Bot, hello: Intent, user: User) -> None:
    with revision():
        hello.keywords.all().delete()
    before = part_of(bot, "hello").before
    assert before is not None
    with pytest.raises(RevertError, match="another bot"):
        revert(create_bot("Other bot"), before, user)
    assert not hello.keywords.exists()


def test_revert_refuses_an_intent_that_moved_away(bot: Bot, hello: Intent, user: User) -> None:
    with revision():
        hello.keywords.all().delete()
    before = part_of(bot, "hello").before
    hello.bot = create_bot("Other bot")
    hello.save()
    assert before is not None
    with pytest.raises(RevertError, match="belongs to the bot “Other bot” now"):
        revert(bot, before, user)


def test_revert_refuses_a_name_that_is_taken(bot: Bot, hello: Intent, user: User) -> None:
    with revision():
        hello.delete()
    part = part_of(bot, "hello")
    create_intent(bot, "hello", "good day")
    assert part.before is not None
    with pytest.raises(RevertError, match="already has an intent with this name"):
        revert(bot, part.before, user)


def test_revert_refuses_what_the_program_no_longer_knows(
    bot: Bot, hello: Intent, user: User
) -> None:
    with revision():
        hello.keywords.all().delete()
    before = part_of(bot, "hello").before
    version = Version.objects.get(pk=before)
    version.serialized_data = version.serialized_data.replace('"name"', '"title"')
    version.save()
    assert before is not None
    with pytest.raises(RevertError, match="had a field “title”"):
        revert(bot, before, user)
    assert not hello.keywords.exists()


def test_revert_refuses_a_value_that_is_no_longer_allowed(
    bot: Bot, hello: Intent, user: User
) -> None:
    with revision():
        hello.reply_order = "mixed"
        hello.save()
    with revision():
        hello.reply_order = "in-turn"
        hello.save()
    with pytest.raises(RevertError, match="“hello” cannot be put back as it was: Value 'mixed'"):
        undo(bot, user)


def test_revert_to_what_is_there_already(bot: Bot, hello: Intent, user: User) -> None:
    with revision():
        hello.keywords.create(text="howdy")
    before = part_of(bot, "hello").before
    assert before is not None
    revert(bot, before, user)
    with pytest.raises(RevertError, match="nothing was changed"):
        revert(bot, before, user)


def test_revert_to_a_deletion_is_refused(bot: Bot, hello: Intent, user: User) -> None:
    with revision():
        hello.delete()
    deletion = Version.objects.latest("pk")
    with pytest.raises(RevertError, match="was deleted then"):
        revert(bot, deletion.pk, user)


@pytest.mark.parametrize("version_id", [0, -1, 2**63 - 1])
def test_revert_to_what_is_not_on_record(bot: Bot, user: User, version_id: int) -> None:
    with pytest.raises(RevertError, match="not on record"):
        revert(bot, version_id, user)


def test_revert_needs_permission_to_change_intents(bot: Bot, hello: Intent) -> None:
    with revision():
        hello.keywords.all().delete()
    with pytest.raises(RevertError, match="may not change intents"):
        undo(bot, user_with("view_bot", "change_bot", "add_intent"))


def test_revert_of_a_deletion_needs_permission_to_add_intents(bot: Bot, hello: Intent) -> None:
    with revision():
        hello.delete()
    with pytest.raises(RevertError, match="may not change intents"):
        undo(bot, user_with("view_bot", "change_bot", "change_intent"))


def test_revert_of_the_bot_needs_permission_to_change_it(bot: Bot) -> None:
    with revision():
        bot.greeting = "Hey."
        bot.save()
    with pytest.raises(RevertError, match="may not change bots"):
        undo(bot, user_with("view_bot", "change_intent"), "Test bot")


def test_revert_of_the_backend_needs_permission_to_connect(bot: Bot) -> None:
    with revision():
        bot.backend, bot.backend_url = "http", "http://localhost:5005/"
        bot.save()
    with pytest.raises(RevertError, match="answers came from elsewhere"):
        undo(bot, user_with("view_bot", "change_bot"), "Test bot")
    bot.refresh_from_db()
    assert bot.backend == "http"
