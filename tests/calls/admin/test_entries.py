"""What the page of a call says of each turn."""

import pytest

from calls.admin.entries import Entry, RunnerUp, entries, last_captured
from calls.models import Call, Turn
from chatbot.actions import TRANSFER
from chatbot.models import Bot
from tests.calls.recorded import record_call
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db


@pytest.fixture
def bot(db: None) -> Bot:
    bot = create_bot()
    create_intent(bot, "hours", "opening hours")
    create_intent(bot, "order", "my order is {order:digits}", reply="Order {order}.")
    return bot


def of(call: Call, number: int) -> Entry:
    return entries(call.turns.order_by("number"), "")[number - 1]


def test_exact_match_is_explained(bot: Bot) -> None:
    """The kind in words, and how sure it is."""
    assert of(record_call(bot, "opening hours"), 2).match == "exact: all that was said, 100%"


def test_near_match_is_explained(bot: Bot) -> None:
    """With its score."""
    call = record_call(bot, "opening hour")
    Turn.objects.update(match_kind="near", match_score=0.871)
    assert of(call, 2).match == "near: in another form or a little misheard, 87%"


def test_follow_up_names_what_it_follows(bot: Bot) -> None:
    """The intent that was answered before."""
    follow_up = create_intent(bot, "day", "tomorrow")
    follow_up.follows.add(bot.intents.get(name="hours"))
    assert of(record_call(bot, "opening hours", "tomorrow"), 4).follows == "hours"


def test_follow_up_names_the_intent_that_was_gone_on_to(bot: Bot) -> None:
    """The one that was heard before has no such follow-up."""
    create_intent(bot, "times", "times").replies.update(action="goto", parameter="hours")
    follow_up = create_intent(bot, "day", "tomorrow")
    follow_up.follows.add(bot.intents.get(name="hours"))
    assert of(record_call(bot, "times", "tomorrow"), 4).follows == "hours"


def test_follow_up_that_was_deleted_names_what_was_answered_before(bot: Bot) -> None:
    """As far as it is on record."""
    follow_up = create_intent(bot, "day", "tomorrow")
    follow_up.follows.add(bot.intents.get(name="hours"))
    call = record_call(bot, "opening hours", "tomorrow")
    follow_up.delete()
    assert of(call, 4).follows == "hours"


def test_miss_is_said_to_be_one(bot: Bot) -> None:
    """In the turn of the caller, not in the bot's."""
    call = record_call(bot, "purple")
    assert of(call, 2).rule == "matched no intent"
    assert [entry.is_miss for entry in entries(call.turns.all(), "")] == [False, True, False]


def test_runners_up_are_listed(bot: Bot) -> None:
    """What it was nearly."""
    call = record_call(bot, "purple")
    runners_up = [{"intent": "hours", "keyword": "opening hours", "score": 0.791}, "?"]
    Turn.objects.filter(number=2).update(runners_up=runners_up)
    assert of(call, 2).runners_up == (RunnerUp("hours", "opening hours", "79%"),)


def test_command_is_named(bot: Bot) -> None:
    """No intent answered it."""
    assert of(record_call(bot, "repeat"), 2).rule == "asked for what callers can always ask for"


def test_silence_is_named(bot: Bot) -> None:
    """Why the bot spoke."""
    assert of(record_call(bot, None), 2).rule == "the caller had said nothing"


def test_action_is_named_with_its_parameter(bot: Bot) -> None:
    """In words."""
    bot.intents.get(name="hours").replies.update(action=TRANSFER, parameter="+31201234567")
    bot.save()
    entry = of(record_call(bot, "opening hours"), 3)
    assert entry.action == "then connects the caller to +31201234567"
    assert entry.otherwise == bot.transfer_failed


def test_action_that_is_no_more_is_shown_by_its_name(bot: Bot) -> None:
    """The transcript outlives it."""
    call = record_call(bot, "opening hours")
    Turn.objects.filter(number=3).update(action="fax", parameter="1")
    assert of(call, 3).action == "fax: 1"


@pytest.mark.parametrize(
    ("errand", "words"),
    [
        ("due", "not sent yet"),
        ("begun", "being sent"),
        ("done", "was sent"),
        ("failed", "not sent"),
    ],
)
def test_state_of_the_sms_is_told(bot: Bot, errand: str, words: str) -> None:
    """It is sent once, after the answer."""
    call = record_call(bot, "opening hours")
    Turn.objects.filter(number=3).update(errand=errand)
    assert words in of(call, 3).errand


def test_captured_values_are_those_of_the_end_of_the_call(bot: Bot) -> None:
    """A value that was said twice is what it was last."""
    call = record_call(bot, "my order is one two", "my order is 3 4")
    [captured] = last_captured(entries(call.turns.order_by("number"), ""))
    assert (captured.name, captured.value, captured.said) == ("order", "34", "3 4")


@pytest.mark.parametrize("junk", [[], "x", {"a": 1}, {"a": {"kind": "digits"}}])
def test_captured_values_that_cannot_be_read_are_left_out(bot: Bot, junk: object) -> None:
    """Whatever a row may hold, the page can be read."""
    call = record_call(bot, "purple")
    Turn.objects.update(captured=junk, runners_up=junk)
    assert of(call, 2).captured == ()


def test_old_record_without_reasons_can_be_read(bot: Bot) -> None:
    """Calls from before reasons were kept."""
    call = record_call(bot, "opening hours", "purple")
    Turn.objects.update(rule="", match_kind="exact")
    assert [entry.rule for entry in entries(call.turns.order_by("number"), "")] == [
        "",
        "",
        "",
        "matched no intent",
        "",
    ]


def test_sentence_of_the_staff_names_who_said_it(bot: Bot) -> None:
    """As the name was then."""
    call = record_call(bot, "opening hours")
    turn = call.turns.get(number=3)
    turn.rule = "staff"
    turn.save()
    call.staff_acts.create(kind="say", turn=turn, staff_name="Anna Smit", token="x")
    assert of(call, 3).rule == "from Anna Smit"


def test_sentence_of_the_staff_may_have_lost_its_act(bot: Bot) -> None:
    """The record is read all the same."""
    call = record_call(bot, "opening hours")
    Turn.objects.filter(number=3).update(rule="staff")
    assert of(call, 3).rule == "from a member of the staff"
