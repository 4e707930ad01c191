"""Dialogues that an editor tries."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot import trial, trial_log
from chatbot.script import Remote, Script, ScriptReply
from chatbot.trial import Entry, Speaker, Stage, Trial, TrialError
from tests.chatbot.bots import NOW, make_intent, make_script
from tests.chatbot.http_server import as_json, serving

SCRIPT = make_script(
    make_intent(1, "hello", replies=(ScriptReply("Hi, how are you?"),)),
    make_intent(2, "good", replies=(ScriptReply("Nice."),), follows=(1,)),
    make_intent(3, "bye", replies=(ScriptReply("Bye.", "hangup"),)),
    make_intent(4, "help", replies=(ScriptReply("Wait.", "transfer", "+31201234567", "Sorry."),)),
)


def begun(script: Script = SCRIPT) -> Trial:
    return trial.begin(script, NOW)[0]


def said(
    text: str, script: Script = SCRIPT, now: datetime = NOW
) -> tuple[Trial, tuple[Entry, ...]]:
    """Return what comes of a first turn."""
    return trial.say(script, begun(script), text, now)


def facts(entry: Entry) -> dict[str, str]:
    return {fact.label: "".join(part.text for part in fact.parts) for fact in entry.facts}


def test_trial_begins_with_the_greeting() -> None:
    """As a call does."""
    begins, (greeting,) = trial.begin(SCRIPT, NOW)
    assert greeting.text == "Welcome."
    assert greeting.speaker is Speaker.BOT
    assert begins.stage is Stage.TALKING


def test_trial_answers_and_says_why() -> None:
    """What was said stands before the answer."""
    _, (caller, bot) = said("hello")
    assert (caller.speaker, caller.text) == (Speaker.CALLER, "hello")
    assert bot.text == "Hi, how are you?"
    assert facts(bot)["Intent"] == "intent 1"


def test_trial_keeps_where_the_dialogue_stands() -> None:
    """A follow-up is understood in the next turn, from the token alone."""
    first, _ = said("hello")
    again = Trial.from_token(first.to_token(), 1)
    assert again == first
    _, (_, bot) = trial.say(SCRIPT, again, "good", NOW)
    assert bot.text == "Nice."


def test_trial_says_nothing() -> None:
    """The bot asks whether the caller is there, after as long as on the telephone."""
    _, (note, bot) = trial.stay_silent(SCRIPT, begun(), NOW)
    assert note == Entry(Speaker.NOTE, "The caller says nothing for 8 seconds.")
    assert bot.text == "Still there?"


def test_trial_ends_where_the_bot_hangs_up() -> None:
    """After that nothing can be said."""
    over, (_, bot) = said("bye")
    assert bot.effects == ("The bot would now hang up.",)
    assert over.stage is Stage.OVER
    with pytest.raises(TrialError, match="The call is over"):
        trial.say(SCRIPT, over, "hello", NOW)


def test_trial_stands_still_after_a_transfer() -> None:
    """The caller is with somebody else."""
    connected, (_, bot) = said("help")
    assert bot.effects == ("The caller would now be connected to +31201234567.",)
    assert connected.stage is Stage.CONNECTED
    with pytest.raises(TrialError, match="connected to somebody else"):
        trial.stay_silent(SCRIPT, connected, NOW)


def test_trial_goes_on_where_nobody_answers_the_transfer() -> None:
    """The call comes back."""
    connected, _ = said("help")
    back, (note, bot) = trial.nobody_answers(SCRIPT, Trial.from_token(connected.to_token(), 1))
    assert note.text == "Nobody answers there."
    assert bot.text == "Sorry."
    assert back.stage is Stage.TALKING


def test_trial_comes_back_from_no_transfer_that_was_not() -> None:
    """The page offers it only where it can happen."""
    with pytest.raises(TrialError, match="talking to the bot"):
        trial.nobody_answers(SCRIPT, begun())


def test_trial_ends_at_the_limit_of_minutes() -> None:
    """The limits of a call hold here too."""
    over, (_, bot) = said("hello", now=NOW + timedelta(hours=1))
    assert bot.text == "Enough."
    assert over.stage is Stage.OVER


@pytest.mark.parametrize(("text", "why"), [(" \n", "Write what"), ("x" * 10_001, "10,001")])
def test_trial_refuses_what_nobody_says(text: str, why: str) -> None:
    """Nothing, and too much."""
    with pytest.raises(TrialError, match=why):
        said(text)


@given(st.text(min_size=1).filter(str.strip))
def test_trial_takes_any_text(text: str) -> None:
    """No message is too odd, and the token and the log hold whatever came of it."""
    after, entries = said(text)
    assert Trial.from_token(after.to_token(), 1) == after
    assert trial_log.from_token(trial_log.to_token(entries)) == entries


def test_trial_takes_a_long_text() -> None:
    """Ten thousand characters are answered like any others."""
    _, (_, bot) = said("hello " * 1_666)
    assert bot.text == "Hi, how are you?"


def test_trial_tells_that_the_bot_was_changed() -> None:
    """The next answer is of the version that callers get by then."""
    changed = replace(SCRIPT, version=2)
    after, (note, _, _) = trial.say(changed, begun(), "hello", NOW)
    assert note.text == "The bot was changed meanwhile: from here on version 2 answers."
    assert after.version == 2


def test_trial_really_asks_whoever_is_to_be_asked() -> None:
    """The chatbot elsewhere gets the turn, with a name for the dialogue that stays the same."""
    with serving(as_json({"text": "From afar."})) as server:
        script = make_script(remote=Remote("http", server.url, 4))
        first, (_, bot) = said("hello", script)
        trial.say(script, first, "there", NOW)
        sessions = [request.json()["session"] for request in server.requests]
    assert bot.text == "From afar."
    assert facts(bot)["Asked"].startswith(f"{server.url}, which answered in ")
    assert sessions == [first.session, first.session]


def test_trial_tells_why_there_is_no_answer_from_elsewhere() -> None:
    """The fallback comes instead, as on the telephone."""
    with serving(as_json({}, status=500)) as server:
        _, (_, bot) = said("hello", make_script(remote=Remote("http", server.url, 4)))
    assert bot.text == "Pardon?"
    assert facts(bot)["Asked"].endswith("it answered HTTP 500")


def test_trial_asks_no_private_address_for_an_action() -> None:
    """The guard of the telephone holds here as well."""
    asks = ScriptReply("Let me see.", "post", "http://127.0.0.1:1/orders", "I cannot tell.")
    _, (_, bot) = said("order", make_script(make_intent(1, "order", replies=(asks,))))
    assert bot.text == "I cannot tell."
    assert facts(bot)["Asked"].endswith("it is a private address, which is not allowed")


@pytest.mark.parametrize("token", ["", "junk", "a:b:c"])
def test_token_that_is_junk(token: str) -> None:
    """The editor is told how to go on."""
    with pytest.raises(TrialError, match="cannot be read any more"):
        Trial.from_token(token, 1)


def test_token_of_another_bot() -> None:
    """Intents of one bot mean nothing to another."""
    with pytest.raises(TrialError, match="with another bot"):
        Trial.from_token(begun().to_token(), 2)


def test_token_of_a_log_is_no_trial() -> None:
    """What is signed for one purpose does not serve another."""
    with pytest.raises(TrialError):
        Trial.from_token(trial_log.to_token(()), 1)
