"""A call that becomes a rehearsal."""

import pytest

from calls.rehearsal_of_call import NothingToRehearse, rehearsal_of_call
from chatbot.actions import HANGUP
from chatbot.models import Bot, Rehearsal
from tests.calls.recorded import NUMBER, record_call
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db


@pytest.fixture
def bot(db: None) -> Bot:
    bot = create_bot()
    create_intent(bot, "hours", "opening hours")
    create_intent(bot, "bye", "bye").replies.update(action=HANGUP)
    bot.save()
    return bot


def lines(rehearsal: Rehearsal) -> list[tuple[str, str, str]]:
    return list(rehearsal.lines.values_list("says", "intent_name", "action"))


def test_rehearsal_expects_what_came_of_the_call(bot: Bot) -> None:
    """Intents, misses, silences and the end."""
    call = record_call(bot, "opening hours", None, "purple", "bye")
    made = rehearsal_of_call(bot, call)
    assert lines(made.rehearsal) == [
        ("opening hours", "hours", ""),
        ("", "", ""),
        ("purple", "", ""),
        ("bye", "bye", HANGUP),
    ]
    assert made.is_green


def test_rehearsal_is_named_after_the_call(bot: Bot) -> None:
    """By its time, so that it is found again."""
    call = record_call(bot, "bye")
    expected = f"Call of {call.started_at:%Y-%m-%d %H:%M}"
    assert rehearsal_of_call(bot, call).rehearsal.name == expected


def test_intent_that_was_renamed_is_expected_by_its_new_name(bot: Bot) -> None:
    """The old one is no intent any more."""
    call = record_call(bot, "opening hours")
    bot.intents.filter(name="hours").update(name="times")
    assert lines(rehearsal_of_call(bot, call).rehearsal) == [("opening hours", "times", "")]


def test_rehearsal_of_a_bot_that_was_changed_is_red(bot: Bot) -> None:
    """It expects what came of the call then."""
    call = record_call(bot, "opening hours")
    bot.intents.get(name="hours").keywords.all().delete()
    bot.save()
    assert not rehearsal_of_call(bot, call).is_green


def test_turns_without_a_word_are_left_out(bot: Bot) -> None:
    """An empty line would be a silence."""
    made = rehearsal_of_call(bot, record_call(bot, "", "bye", " "))
    assert [says for says, _, _ in lines(made.rehearsal)] == ["bye"]
    assert made.left_out == 2


def test_number_of_the_caller_does_not_become_part_of_it(bot: Bot) -> None:
    """Editors write rehearsals, and see no numbers."""
    made = rehearsal_of_call(bot, record_call(bot, f"ring {NUMBER}"))
    assert lines(made.rehearsal) == [("ring [number]", "", "")]
    assert made.hides_number


def test_call_without_a_word_is_refused(bot: Bot) -> None:
    """There is nothing to rehearse."""
    with pytest.raises(NothingToRehearse):
        rehearsal_of_call(bot, record_call(bot, None, ""))
    assert not Rehearsal.objects.exists()
