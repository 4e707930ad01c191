"""Bots read into scripts, once per version."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from chatbot.loader import bot_id_of, default_bot_id, load_script
from chatbot.models import Bot
from chatbot.opening_hours import OpenFrom, OpeningHours
from chatbot.script import Remote, ScriptIntent, ScriptReply
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db

QUERIES_OF_A_COMPILATION = 13


def test_load_script_has_all_of_the_bot() -> None:
    """Nothing that the editor wrote is lost."""
    bot = Bot.objects.create(
        name="A",
        language="de-DE",
        voice="Polly.Vicki",
        greeting="B",
        fallback="C",
        no_input="D",
        goodbye="E",
        apology="F",
        silence_seconds=5,
    )
    bot.pronunciations.create(word="hi", phones="HH AY")
    intent = create_intent(bot, "bye", "Tschüss", "ciao", reply="G")
    intent.replies.create(text="", action="hangup")
    script = load_script(bot.pk)
    assert (script.bot_id, script.name, script.language, script.voice) == (
        bot.pk,
        "A",
        "de-DE",
        "Polly.Vicki",
    )
    assert (script.greeting, script.fallback, script.no_input) == ("B", "C", "D")
    assert (script.goodbye, script.apology, script.silence_seconds) == ("E", "F", 5)
    assert script.pronunciations == (("hi", "HH AY"),)
    replies = (ScriptReply("G"), ScriptReply("", "hangup"))
    assert script.intents == (ScriptIntent(intent.pk, "bye", ("Tschüss", "ciao"), replies),)


def test_load_script_orders_intents_and_replies_by_position() -> None:
    """The order that the editor gave decides ties, and which reply comes first."""
    bot = create_bot()
    second = create_intent(bot, "second", reply="B")
    second.position = 2
    second.save()
    second.replies.update(position=9)
    second.replies.create(text="A")
    create_intent(bot, "first")
    script = load_script(bot.pk)
    assert [intent.name for intent in script.intents] == ["first", "second"]
    assert [reply.text for reply in script.intents[1].replies] == ["A", "B"]


@pytest.mark.parametrize("intents", [1, 50])
def test_load_script_compiles_in_constant_queries(
    intents: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """A big bot takes as many queries as a small one."""
    bot = create_bot()
    for number in range(intents):
        create_intent(bot, f"intent {number}", f"keyword {number}")
    with django_assert_num_queries(QUERIES_OF_A_COMPILATION):
        load_script(bot.pk)


def test_load_script_asks_only_for_the_version_when_cached(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """A turn of a live call costs one query, and gets the same object."""
    bot = create_bot()
    script = load_script(bot.pk)
    with django_assert_num_queries(1):
        assert load_script(bot.pk) is script


def test_load_script_sees_a_change_at_once() -> None:
    """The turn after a save is answered by what was saved."""
    bot = create_bot()
    intent = create_intent(bot, "hello", "hello")
    assert load_script(bot.pk).intents[0].replies[0].text == "Well."
    reply = intent.replies.get()
    reply.text = "Changed."
    reply.save()
    assert load_script(bot.pk).intents[0].replies[0].text == "Changed."


def test_load_script_tells_apart_equal_versions_of_different_times() -> None:
    """A database put back to an older state counts through the same versions again."""
    bot = create_bot()
    load_script(bot.pk)
    version = Bot.objects.get().version
    bot.greeting = "Other."
    bot.save()
    Bot.objects.update(version=version)
    assert load_script(bot.pk).greeting == "Other."


def test_load_script_reads_again_after_a_save_between_its_queries() -> None:
    """A script never mixes rows of two versions."""
    bot = create_bot()
    intent = create_intent(bot, "hello", "hello")
    saved = False

    def save_before_replies_are_read(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        nonlocal saved
        if not saved and sql.startswith("SELECT") and "chatbot_reply" in sql:
            saved = True
            intent.keywords.create(text="hi")
            intent.replies.create(text="Hi.")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(save_before_replies_are_read):
        script = load_script(bot.pk)
    assert script.intents[0].keywords == ("hello", "hi")
    assert [reply.text for reply in script.intents[0].replies] == ["Well.", "Hi."]
    assert script.version == Bot.objects.get().version


def test_load_script_of_a_missing_bot() -> None:
    """Who asks for a bot that is gone is told so."""
    with pytest.raises(Bot.DoesNotExist):
        load_script(0)


def test_load_script_of_a_bot_deleted_since() -> None:
    """A cached script does not outlive its bot."""
    bot = create_bot()
    bot_id = bot.pk
    load_script(bot_id)
    bot.delete()
    with pytest.raises(Bot.DoesNotExist):
        load_script(bot_id)


def test_default_bot_is_the_oldest() -> None:
    """Later bots do not take over."""
    oldest = create_bot("Z")
    create_bot("A")
    assert default_bot_id() == oldest.pk


def test_default_bot_of_an_empty_database() -> None:
    """Without a bot there is no default."""
    assert default_bot_id() is None


def test_default_bot_is_the_one_that_the_editor_chose() -> None:
    """Whatever its age."""
    create_bot("A")
    chosen = create_bot("B")
    chosen.is_default = True
    chosen.save()
    assert default_bot_id() == chosen.pk


def test_number_leads_to_its_bot() -> None:
    """Each number has its own, and all others the default one."""
    default, other = create_bot("A"), create_bot("B")
    other.phone_numbers.create(number="+31207654321")
    assert bot_id_of("+31207654321") == other.pk
    assert bot_id_of("+31200000000") == default.pk


def test_load_script_has_what_the_dialogue_needs() -> None:
    """Follow-ups, escalation, hours and limits are read too."""
    bot = create_bot()
    bot.transfer_number = "+31 20 123 4567"
    bot.max_turns = 7
    bot.save()
    first, second = create_intent(bot, "first", "a"), create_intent(bot, "second", "b")
    second.follows.add(first)
    bot.reprompts.create(kind="no-match", text="Again?", position=1)
    first.reprompts.create(kind="no-input", text="Still?", position=1)
    bot.opening_times.create(weekday=0, opens=time(9), closes=time(17))
    bot.closed_days.create(day=date(2026, 12, 25))
    script = load_script(bot.pk)
    assert script.transfer_number == "+31201234567"
    assert script.max_turns == 7
    assert script.intents[1].follows == (first.pk,)
    assert script.no_match_again == (ScriptReply("Again?"),)
    assert script.intents[0].no_input == (ScriptReply("Still?"),)
    assert script.opening_hours == OpeningHours(
        (OpenFrom(0, time(9), time(17)),), frozenset({date(2026, 12, 25)})
    )


def test_load_script_has_the_chatbot_elsewhere() -> None:
    """Its address, its deadline, and the secret that signs."""
    bot = create_bot()
    bot.backend, bot.backend_url, bot.backend_seconds = "http", "http://localhost:1/chat", 3
    bot.save()
    remote = Remote("http", "http://localhost:1/chat", 3, bot.secret)
    assert load_script(bot.pk).remote == remote
