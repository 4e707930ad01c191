"""Contents as rows: a new bot, a bot in the place of another, a copy."""

from dataclasses import replace

import pytest
import reversion
from pytest_django import DjangoAssertNumQueries
from reversion.models import Revision

from chatbot.bot_file import BotContents, bot_contents, bot_copy, bot_create, bot_replace, read
from chatbot.history import changes_of, changes_with
from chatbot.models import Bot, IgnoredPhrase, Intent, Keyword, Rehearsal
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db

RECEPTION = """
format: 1
name: Reception
greeting: Good day.
fallback: Pardon?
intents:
- name: hello
  keywords: [hello, hi]
  replies: [Hello.]
- name: bye
  keywords: [bye]
  replies:
  - text: Bye.
    action: hangup
- name: good
  follows: [hello]
  keywords: [good]
  replies: [Nice.]
rehearsals:
- name: Short
  lines:
  - says: hello
    intent: hello
ignored_phrases: [uh]
"""


def reception() -> BotContents:
    """Return a small bot."""
    return read(RECEPTION.encode())


def changed(**parts: object) -> BotContents:
    """Return the small bot with other parts."""
    return replace(reception(), **parts)


def version(bot: Bot) -> int:
    return Bot.objects.get(pk=bot.pk).version


def test_new_bot_has_what_the_file_says() -> None:
    """The rows are those of the file, in its order."""
    bot = bot_create(reception())
    assert [intent.name for intent in bot.intents.all()] == ["hello", "bye", "good"]
    assert [keyword.text for keyword in Keyword.objects.filter(intent__bot=bot)] == [
        "hello",
        "hi",
        "bye",
        "good",
    ]
    assert [row.name for row in bot.intents.get(name="good").follows.all()] == ["hello"]


def test_new_bot_gets_a_number_where_its_name_is_taken() -> None:
    """Two bots of one name could not be told apart."""
    names = [bot_create(reception()).name for _ in range(3)]
    assert names == ["Reception", "Reception (2)", "Reception (3)"]


def test_long_name_is_cut_for_its_number() -> None:
    """A name as long as it may be stays so."""
    contents = changed(fields={**reception().fields, "name": "n" * 100})
    bot_create(contents)
    assert bot_create(contents).name == "n" * 96 + " (2)"


def test_new_bot_is_one_version() -> None:
    """However many rows there are, live calls are told once."""
    assert version(bot_create(reception())) == version(create_bot())


def test_replaced_intent_keeps_its_row() -> None:
    """Transcripts and history name intents by their id."""
    bot = bot_create(reception())
    ids = dict(bot.intents.values_list("name", "pk"))
    first, *others = reception().intents
    bot_replace(bot.pk, changed(intents=(*others, replace(first, keywords=("good day",)))))
    assert dict(bot.intents.values_list("name", "pk")) == ids


def test_replaced_bot_has_intents_in_the_new_order() -> None:
    """The order decides which intent wins."""
    bot = bot_create(reception())
    bot_replace(bot.pk, changed(intents=reception().intents[::-1]))
    assert [intent.name for intent in bot.intents.all()] == ["good", "bye", "hello"]


def test_intent_that_stays_as_it_is_keeps_its_keywords() -> None:
    """Only what differs is written."""
    bot = bot_create(reception())
    before = set(Keyword.objects.values_list("pk", flat=True))
    bot_replace(bot.pk, changed(ignored_phrases=("eh",)))
    assert set(Keyword.objects.values_list("pk", flat=True)) == before


def test_replaced_bot_is_one_version_further() -> None:
    """Rows deleted, changed and added are one change to live calls."""
    bot = bot_create(reception())
    before = version(bot)
    intent = replace(reception().intents[0], keywords=("good day",))
    bot_replace(bot.pk, changed(intents=(intent, replace(intent, name="new"))))
    assert version(bot) == before + 1


def test_bot_replaced_by_itself_is_no_change() -> None:
    """A file that was not edited does nothing, and says so."""
    bot = bot_create(reception())
    before = version(bot)
    assert bot_replace(bot.pk, reception()) is False
    assert version(bot) == before


def test_replaced_bot_keeps_what_belongs_to_the_installation() -> None:
    """Its numbers, its secret and its place as default are not in the file."""
    bot = bot_create(reception())
    Bot.objects.filter(pk=bot.pk).update(is_default=True, secret="ours")
    bot.phone_numbers.create(number="+31201234567")
    bot_replace(bot.pk, changed(intents=()))
    bot.refresh_from_db()
    assert (bot.is_default, bot.secret) == (True, "ours")
    assert bot.phone_numbers.count() == 1


def test_rehearsal_that_stays_keeps_its_row() -> None:
    """Its last run stays on record."""
    bot = bot_create(reception())
    ids = list(Rehearsal.objects.values_list("pk", flat=True))
    bot_replace(bot.pk, changed(intents=()))
    assert list(Rehearsal.objects.values_list("pk", flat=True)) == ids


def test_ignored_phrase_that_stays_keeps_its_time() -> None:
    """When it was ignored is not in the file."""
    bot = bot_create(reception())
    before = IgnoredPhrase.objects.get().ignored_at
    bot_replace(bot.pk, changed(ignored_phrases=("eh", "uh")))
    assert IgnoredPhrase.objects.get(text="uh").ignored_at == before


def test_replacing_leaves_other_bots_alone() -> None:
    """Another bot with intents of the same names stays as it is."""
    other = bot_create(reception())
    bot = bot_create(reception())
    before = bot_contents(other.pk)
    bot_replace(bot.pk, changed(intents=()))
    assert bot_contents(other.pk) == before


def test_copy_has_all_but_numbers_secret_and_default() -> None:
    """A copy answers no calls until it is given a number."""
    bot = bot_create(reception())
    bot.phone_numbers.create(number="+31201234567")
    Bot.objects.filter(pk=bot.pk).update(is_default=True)
    copy = bot_copy(bot)
    copy.refresh_from_db()
    fields = {**bot_contents(copy.pk).fields, "name": "Reception"}
    assert replace(bot_contents(copy.pk), fields=fields) == reception()
    assert (copy.is_default, copy.phone_numbers.count()) == (False, 0)
    assert copy.secret != bot.secret


def test_second_copy_has_a_name_of_its_own() -> None:
    """Copies can be told apart."""
    bot = bot_create(reception())
    assert [bot_copy(bot).name for _ in range(2)] == ["Reception (copy)", "Reception (copy) (2)"]


def test_replacement_is_in_the_history_of_the_bot() -> None:
    """What an import added, changed and deleted can be read, and put back."""
    with reversion.create_revision():
        bot = bot_create(reception())
    first, _, last = reception().intents
    intents = (replace(first, keywords=("good day",)), last, replace(last, name="new"))
    with reversion.create_revision():
        bot_replace(bot.pk, changed(intents=intents))
    newest = changes_with(bot, changes_of(bot))[0]
    events = {part.name: part.event for part in newest.parts if not part.is_bot}
    assert events == {"hello": "changed", "bye": "deleted", "new": "added"}


def test_replacement_is_one_entry_of_the_history() -> None:
    """Nothing is taken for a change outside the admin."""
    with reversion.create_revision():
        bot = bot_create(reception())
    with reversion.create_revision():
        bot_replace(bot.pk, changed(intents=(), closed_days=(), ignored_phrases=()))
    assert Revision.objects.count() == 2


def test_export_takes_as_many_queries_for_many_rows_as_for_one(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """Rows are read by their table, not one by one."""
    bot = create_bot()
    for number in range(200):
        create_intent(bot, f"intent {number}", f"keyword {number}")
    with django_assert_num_queries(17):
        bot_contents(bot.pk)
    Intent.objects.filter(bot=bot).exclude(name="intent 0").delete()
    with django_assert_num_queries(17):
        bot_contents(bot.pk)
