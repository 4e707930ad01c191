"""The calls of yesterday, answered by the bot of today."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from calls.models import Call
from calls.what_if import Difference, Kind, Replay, last_calls, replay
from chatbot.actions import HANGUP, POST, TRANSFER
from chatbot.answers import Rule
from chatbot.loader import load_script
from chatbot.models import Bot, Intent, Reply, Reprompt
from tests.calls.recorded import record_call, record_many
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db


@pytest.fixture
def bot(db: None) -> Bot:
    bot = create_bot()
    create_intent(bot, "hours", "opening hours", reply="From nine to five.")
    create_intent(bot, "order", "my order is {order:digits}", reply="Order {order}, thank you.")
    create_intent(bot, "bye", "bye", reply="Bye.").replies.update(action=HANGUP)
    bot.save()
    return bot


def replayed(bot: Bot, count: int = 10) -> Replay:
    return replay(load_script(bot.pk), last_calls(bot, count))


def only(result: Replay) -> Difference:
    [difference] = result.differences
    return difference


def reply_of(bot: Bot, intent: str) -> Reply:
    return Reply.objects.get(intent__bot=bot, intent__name=intent)


def test_bot_that_was_not_changed_answers_alike(bot: Bot) -> None:
    """Keywords, values, misses, silences and commands, all in one call."""
    record_call(bot, "opening hours", None, "my order is 12", "what", "what", "repeat", "bye")
    result = replayed(bot)
    assert result.differences == []
    assert (result.calls, result.turns) == (1, 6)


def test_turn_that_is_understood_now_differs_in_meaning(bot: Bot) -> None:
    """It counts as learned."""
    record_call(bot, "flying fish")
    create_intent(bot, "fish", "fish", reply="We have none.")
    result = replayed(bot)
    assert only(result).kind is Kind.MEANING
    assert only(result).then.text == "Pardon?"
    assert only(result).now.text == "We have none."
    assert (result.learned, result.lost) == (1, 0)


def test_turn_that_is_not_understood_any_more_differs_in_meaning(bot: Bot) -> None:
    """It counts as lost."""
    record_call(bot, "opening hours")
    bot.intents.get(name="hours").delete()
    result = replayed(bot)
    assert only(result).kind is Kind.MEANING
    assert (result.learned, result.lost) == (0, 1)


def test_reason_stands_beside_the_answer(bot: Bot) -> None:
    """As where the bot is tried."""
    record_call(bot, "flying fish")
    create_intent(bot, "fish", "fish")
    facts = {fact.label: fact.parts[0].text for fact in only(replayed(bot)).facts}
    assert facts["Intent"] == "fish"
    assert facts["Keyword"] == "“fish”"


def test_reply_that_was_rewritten_differs_in_its_words(bot: Bot) -> None:
    """The intent is the same."""
    record_call(bot, "opening hours")
    Reply.objects.filter(intent__name="hours").update(text="All day.")
    bot.save()
    assert only(replayed(bot)).kind is Kind.TEXT


def test_action_that_was_changed_differs(bot: Bot) -> None:
    """Even with the same words."""
    record_call(bot, "opening hours")
    Reply.objects.filter(intent__name="hours").update(action=HANGUP)
    bot.save()
    assert only(replayed(bot)).kind is Kind.ACTION


def test_transfer_to_another_number_differs(bot: Bot) -> None:
    """The caller would talk to somebody else."""
    transfer = Reply.objects.filter(intent__name="hours")
    transfer.update(action=TRANSFER, parameter="+31201111111")
    bot.save()
    record_call(bot, "opening hours")
    transfer.update(parameter="+31202222222")
    bot.save()
    assert only(replayed(bot)).kind is Kind.ACTION


def test_intent_that_was_renamed_is_the_same(bot: Bot) -> None:
    """Only its name changed."""
    record_call(bot, "opening hours")
    Intent.objects.filter(name="hours").update(name="times")
    bot.save()
    assert replayed(bot).differences == []


def test_intent_that_was_made_anew_is_the_same_by_its_name(bot: Bot) -> None:
    """So it is after an import."""
    record_call(bot, "opening hours")
    bot.intents.get(name="hours").delete()
    create_intent(bot, "hours", "opening hours", reply="From nine to five.")
    assert replayed(bot).differences == []


def test_other_reply_that_was_due_is_no_difference(bot: Bot) -> None:
    """Then the first one, now the second one, since the intent is heard twice."""
    bot.intents.get(name="hours").replies.create(text="Nine to five.", position=1)
    record_call(bot, "closing time", "opening hours")
    bot.intents.get(name="hours").keywords.create(text="closing time")
    assert [it.heard.text for it in replayed(bot).differences] == ["closing time"]


def test_other_reply_of_an_intent_that_goes_on_to_another_is_no_difference(bot: Bot) -> None:
    """What is said first and what comes after it belong together."""
    going = create_intent(bot, "times", "times", reply="Well.")
    going.replies.update(action="goto", parameter="hours")
    bot.intents.get(name="hours").replies.create(text="Nine to five.", position=1)
    record_call(bot, "closing time", "times")
    bot.intents.get(name="hours").keywords.create(text="closing time")
    assert [it.heard.text for it in replayed(bot).differences] == ["closing time"]


def test_replies_at_random_are_drawn_as_they_were(bot: Bot) -> None:
    """A call that is replayed draws the same lots."""
    hours = bot.intents.get(name="hours")
    for text in "abcdefgh":
        hours.replies.create(text=text)
    Intent.objects.filter(pk=hours.pk).update(reply_order="random")
    bot.save()
    call = record_call(bot, *["opening hours"] * 5)
    hours.replies.exclude(text__in=call.turns.values("text")).delete()
    assert replayed(bot).differences == []


def test_other_rung_of_the_ladder_is_no_difference(bot: Bot) -> None:
    """Not understood for the first time instead of the second."""
    Reprompt.objects.create(bot=bot, kind="no-match", text="Once more?")
    record_call(bot, "fish", "purple")
    create_intent(bot, "fish", "fish")
    assert [it.heard.text for it in replayed(bot).differences] == ["fish"]


def test_context_is_carried_along(bot: Bot) -> None:
    """A follow-up that was added is considered where it would have followed."""
    record_call(bot, "tomorrow", "opening hours", "tomorrow")
    follow_up = create_intent(bot, "day", "tomorrow", reply="Then too.")
    follow_up.follows.add(bot.intents.get(name="hours"))
    assert only(replayed(bot)).heard.number == 6


def test_each_call_begins_anew(bot: Bot) -> None:
    """What was said in one call is nothing to the next."""
    follow_up = create_intent(bot, "day", "tomorrow")
    follow_up.follows.add(bot.intents.get(name="hours"))
    record_call(bot, "opening hours")
    record_call(bot, "tomorrow")
    assert replayed(bot).differences == []


def test_call_that_would_be_over_is_not_replayed_to_its_end(bot: Bot) -> None:
    """What the caller said after that is only counted."""
    record_call(bot, "opening hours", "fish", None, "fish")
    Reply.objects.filter(intent__name="hours").update(action=HANGUP)
    create_intent(bot, "fish", "fish")
    result = replayed(bot)
    assert only(result).unreached == 2
    assert result.turns == 1


def test_call_that_came_back_from_a_transfer_is_replayed_to_its_end(bot: Bot) -> None:
    """Nobody answered there, and the caller went on."""
    transfer = {"action": TRANSFER, "parameter": "+31201111111"}
    create_intent(bot, "person", "person").replies.update(**transfer)
    bot.save()
    call = record_call(bot, "person")
    call.turns.create(number=4, role="bot", text="Nobody there.", rule=Rule.NOT_TRANSFERRED)
    call.turns.create(number=5, role="caller", text="repeat", rule=Rule.COMMAND)
    call.turns.create(number=6, role="bot", text="Nobody there.", rule=Rule.COMMAND)
    result = replayed(bot)
    assert (result.turns, result.differences) == (2, [])


def test_turn_that_nobody_answered_is_not_compared(bot: Bot) -> None:
    """The call was over by then."""
    call = record_call(bot, "bye")
    call.turns.create(number=4, role="caller", text="opening hours")
    assert replayed(bot).turns == 1


def test_outside_address_is_not_asked(bot: Bot) -> None:
    """Whatever it said is not compared; what the caller meant is."""
    ask = Reply.objects.filter(intent__name="hours")
    ask.update(action=POST, parameter="https://example.com/hours")
    bot.save()
    record_call(bot, "opening hours")
    Call.objects.get().turns.filter(role="bot").update(text="From eight to four.")
    result = replayed(bot)
    assert (result.outside, result.differences) == (1, [])


def test_outside_address_that_would_be_asked_for_another_intent_differs(bot: Bot) -> None:
    """The meaning alone is compared."""
    record_call(bot, "fish")
    create_intent(bot, "fish", "fish").replies.update(action=POST, parameter="https://a.example/")
    bot.save()
    result = replayed(bot)
    assert result.outside == 1
    assert only(result).kind is Kind.MEANING


def test_relative_dates_are_those_of_the_call(bot: Bot) -> None:
    """Tomorrow is the day after the call, not after today."""
    create_intent(bot, "when", "come {when:date}", reply="See you on {when}.")
    record_call(bot, "come tomorrow", ago=timedelta(days=10))
    assert replayed(bot).differences == []


def test_last_calls_are_those_in_which_the_caller_spoke(bot: Bot) -> None:
    """The newest first."""
    oldest = record_call(bot, "fish", ago=timedelta(days=2))
    newest = record_call(bot, "fish", ago=timedelta(days=1))
    record_call(bot, None)
    record_call(create_bot("Other"), "fish")
    assert [call.pk for call in last_calls(bot, 10)] == [newest.pk, oldest.pk]
    assert [call.pk for call in last_calls(bot, 1)] == [newest.pk]


def test_bot_whose_answers_come_from_elsewhere_is_refused(bot: Bot) -> None:
    """Nobody elsewhere is asked about calls of the past."""
    Bot.objects.update(backend="http", backend_url="http://chatbot.internal/")
    with pytest.raises(ValueError, match="elsewhere"):
        replayed(bot)


def test_call_of_a_bot_that_was_elsewhere_can_be_replayed(bot: Bot) -> None:
    """Its answers came from the chatbot; now they come from the intents."""
    Bot.objects.update(backend="http", backend_url="http://chatbot.internal/")
    record_call(bot, "opening hours")
    Bot.objects.update(backend="script")
    bot.refresh_from_db()
    bot.save()
    assert only(replayed(bot)).now.text == "From nine to five."


@pytest.mark.parametrize("calls", [1, 200])
def test_queries_do_not_grow_with_the_calls(
    bot: Bot, calls: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The calls, and their turns."""
    record_many(bot, calls, ["fish", "purple"])
    script = load_script(bot.pk)
    with django_assert_num_queries(2):
        assert replay(script, last_calls(bot, 200)).calls == calls
