"""What callers said in vain, from real rows."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from calls import missed_phrases as subject
from calls.missed_phrases import MissedGroup, missed_phrases, phrases_ignore
from calls.models import Turn
from chatbot.loader import load_script
from chatbot.models import Bot
from tests.calls.recorded import record_call, record_many
from tests.chatbot.bots import create_bot, create_intent

DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def bot(db: None) -> Bot:
    bot = create_bot()
    create_intent(bot, "hours", "opening hours")
    create_intent(bot, "order", "my order")
    return bot


def groups(bot: Bot) -> tuple[MissedGroup, ...]:
    return missed_phrases(load_script(bot.pk), timezone.now()).groups


def listed(bot: Bot) -> list[tuple[str, int]]:
    return [(group.first.said, group.count) for group in groups(bot)]


def test_what_matched_is_not_listed(bot: Bot) -> None:
    """Only what was said in vain."""
    record_call(bot, "opening hours", "flying fish")
    assert listed(bot) == [("flying fish", 1)]


def test_same_words_are_counted_together(bot: Bot) -> None:
    """Case and punctuation do not matter; the newest spelling is shown."""
    record_call(bot, "flying fish", ago=DAY)
    record_call(bot, "Flying fish!")
    assert listed(bot) == [("Flying fish!", 2)]


def test_phrases_that_are_alike_stand_together(bot: Bot) -> None:
    """A small mishearing is not another phrase."""
    record_call(bot, "do you sell flying fish")
    record_call(bot, "do you sell flying fish")
    record_call(bot, "do you sell flying fishes")
    [group] = groups(bot)
    assert [phrase.said for phrase in group.phrases] == [
        "do you sell flying fish",
        "do you sell flying fishes",
    ]


def test_phrases_that_only_share_words_stand_apart(bot: Bot) -> None:
    """To cancel is not to change."""
    record_call(bot, "cancel the booking", "change the booking")
    assert len(listed(bot)) == 2


def test_one_short_word_more_makes_no_other_phrase(bot: Bot) -> None:
    """Callers hesitate."""
    record_call(bot, "i want flying fish", "i want um flying fish")
    assert len(listed(bot)) == 1


def test_word_that_was_cut_in_two_makes_no_other_phrase(bot: Bot) -> None:
    """Recognizers do that."""
    record_call(bot, "the bookshop please", "the book shop please")
    assert len(listed(bot)) == 1


def test_most_frequent_comes_first(bot: Bot) -> None:
    """Three times on one day weigh more than once."""
    record_call(bot, "purple", "green house", "green house", "green house")
    assert listed(bot) == [("green house", 3), ("purple", 1)]


def test_newest_comes_first(bot: Bot) -> None:
    """Twice two months ago weigh less than once today."""
    record_call(bot, "purple", "purple", ago=60 * DAY)
    record_call(bot, "green house")
    assert listed(bot) == [("green house", 1), ("purple", 2)]


def test_old_calls_are_not_looked_at(bot: Bot) -> None:
    """Ninety days are."""
    record_call(bot, "purple", ago=91 * DAY)
    assert listed(bot) == []


def test_calls_of_another_bot_are_not_looked_at(bot: Bot) -> None:
    """Each bot learns from its own callers."""
    record_call(create_bot("Other"), "purple")
    assert listed(bot) == []


def test_words_nobody_could_make_out_are_not_listed(bot: Bot) -> None:
    """There is nothing to learn from them."""
    record_call(bot, "", "?!")
    assert listed(bot) == []


def test_phrase_goes_once_the_bot_understands_it(bot: Bot) -> None:
    """The list shrinks as the bot learns."""
    record_call(bot, "flying fish please")
    create_intent(bot, "fish", "flying fish")
    assert listed(bot) == []


def test_phrase_goes_once_an_operator_can_be_asked_for(bot: Bot) -> None:
    """What callers can always say is understood as well."""
    record_call(bot, "operator")
    bot.transfer_number = "+31201234567"
    bot.save()
    assert listed(bot) == []


def test_follow_up_is_understood_only_where_it_follows(bot: Bot) -> None:
    """The same words before that stay missed."""
    record_call(bot, "tomorrow", "opening hours", "tomorrow")
    follow_up = create_intent(bot, "day", "tomorrow")
    follow_up.follows.add(bot.intents.get(name="hours"))
    assert listed(bot) == [("tomorrow", 1)]


def test_follow_up_holds_where_an_intent_went_on_to_another(bot: Bot) -> None:
    """The follow-ups of the one that gave the answer are considered."""
    bot.intents.get(name="order").replies.update(action="goto", parameter="hours", text="")
    bot.save()
    record_call(bot, "my order", "tomorrow")
    follow_up = create_intent(bot, "day", "tomorrow")
    follow_up.follows.add(bot.intents.get(name="hours"))
    assert listed(bot) == []


def test_near_match_by_luck_is_listed(bot: Bot) -> None:
    """With what it was taken for."""
    Bot.objects.update(threshold=70)
    bot.refresh_from_db()
    bot.save()
    record_call(bot, "opaning ours")
    Turn.objects.filter(role="caller").update(match_score=0.75, match_kind="near", rule="intent")
    [group] = groups(bot)
    assert group.first.nearest[0].intent == "hours"


def test_nearest_intent_is_named(bot: Bot) -> None:
    """Although it was not near enough."""
    record_call(bot, "opxning hxurs")
    [group] = groups(bot)
    assert [match.intent for match in group.first.nearest] == ["hours"]


def test_ignored_phrase_is_not_listed(bot: Bot) -> None:
    """By its words, however it is written."""
    record_call(bot, "Flying fish!", "purple")
    phrases_ignore(bot, ["flying  FISH"])
    assert listed(bot) == [("purple", 1)]


def test_ignoring_twice_is_ignoring_once(bot: Bot) -> None:
    """Two editors may have the same list before them."""
    phrases_ignore(bot, ["purple"])
    phrases_ignore(bot, ["purple", "!"])
    assert [phrase.text for phrase in bot.ignored_phrases.all()] == ["purple"]


def test_long_phrase_can_be_ignored(bot: Bot) -> None:
    """A caller may tell a long story."""
    story = "once upon a time " * 100
    record_call(bot, story)
    phrases_ignore(bot, [group.first.words for group in groups(bot)])
    assert listed(bot) == []


def test_number_of_the_caller_is_not_shown(bot: Bot) -> None:
    """Not even where the caller says it."""
    record_call(bot, "ring 06 1234 5678 back", number="+31612345678")
    assert listed(bot) == [("ring [number] back", 1)]


def test_list_is_bounded(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The phrases said most of late are taken, and it is said that there are more."""
    monkeypatch.setattr(subject, "MAX_PHRASES", 1)
    record_call(bot, "purple", "green house", "green house")
    missed = missed_phrases(load_script(bot.pk), timezone.now())
    assert [group.first.said for group in missed.groups] == ["green house"]
    assert missed.is_cut


def test_newest_turns_are_looked_at(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are too many to look at all of them."""
    monkeypatch.setattr(subject, "MAX_TURNS", 1)
    record_call(bot, "purple", ago=DAY)
    record_call(bot, "green house")
    assert listed(bot) == [("green house", 1)]


@pytest.mark.parametrize("calls", [1, 200])
def test_queries_do_not_grow_with_the_calls(
    bot: Bot, calls: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The turns, and what is ignored."""
    record_many(bot, calls, ["purple", "green house"])
    script = load_script(bot.pk)
    with django_assert_num_queries(2):
        missed_phrases(script, timezone.now())
