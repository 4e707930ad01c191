"""What the bot answers."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot import actions
from chatbot.answers import Answer, Question, Rule, Unanswered
from chatbot.backends.answers import RemoteAnswer
from chatbot.dialogue import (
    apologise,
    closed,
    conclude,
    limit,
    no_input,
    not_transferred,
    opening,
    respond,
    still_there,
)
from chatbot.script import Remote, ReplyOrder, Script, ScriptReply
from chatbot.state import State
from tests.chatbot.bots import NOW, make_intent, make_script

HELLO, GOOD, BYE, SILENT, ORDER, TRANSFER = range(1, 7)

SCRIPT = make_script(
    make_intent(HELLO, "hello", replies=(ScriptReply("One."), ScriptReply("Two."))),
    make_intent(GOOD, "good", replies=(ScriptReply("Glad."),), follows=(HELLO,)),
    make_intent(BYE, "bye", replies=(ScriptReply("So long.", actions.HANGUP),)),
    make_intent(SILENT, "silent"),
    make_intent(
        ORDER, "my order is {order:digits}", replies=(ScriptReply("Order {order}, thank you."),)
    ),
    make_intent(
        TRANSFER,
        "sales",
        replies=(ScriptReply("To sales.", actions.TRANSFER, "+31201234567", "Sales is out."),),
    ),
)


def say(script: Script, *texts: str, state: State | None = None) -> tuple[Answer, State]:
    """Say one thing after the other; return the last answer and where the dialogue stands."""
    state = opening(script, NOW)[1] if state is None else state
    answer = None
    for text in texts:
        answer, state = respond(script, state, text, now=NOW)
    assert isinstance(answer, Answer)
    return answer, state


def ask(script: Script, *texts: str) -> tuple[Question, State]:
    """Say one thing after the other, the last of which somebody else is asked about."""
    *before, last = texts
    state = opening(script, NOW)[1]
    if before:
        _, state = say(script, *before)
    question, state = respond(script, state, last, now=NOW, session="CA1")
    assert isinstance(question, Question)
    return question, state


# --- Beginning and ending ---------------------------------------------------------------------


def test_opening_greets_and_hints() -> None:
    """A dialogue begins with the greeting, and expects what can be said at any time."""
    answer, state = opening(SCRIPT, NOW)
    assert (answer.text, answer.action, answer.rule) == ("Welcome.", "", Rule.GREETING)
    assert answer.listening.hints[:3] == ("hello", "bye", "silent")
    assert state == State(began=NOW, said="Welcome.", answered="Welcome.")


def test_closed_says_so_and_hangs_up() -> None:
    """Outside the opening hours nobody is let in."""
    answer, state = closed(SCRIPT, NOW)
    assert (answer.text, answer.action, answer.rule) == ("Closed.", "hangup", Rule.CLOSED)
    assert state.ended


def test_respond_hangs_up_where_the_reply_does() -> None:
    """The action of the reply goes with the answer, and ends the dialogue."""
    answer, state = say(SCRIPT, "bye")
    assert (answer.text, answer.action, state.ended) == ("So long.", "hangup", True)


def test_respond_takes_the_dialogue_up_again_after_a_goodbye() -> None:
    """Who speaks into the goodbye is answered."""
    _, state = say(SCRIPT, "bye")
    answer, state = say(SCRIPT, "hello", state=state)
    assert (answer.text, state.ended) == ("One.", False)


def test_apologise_takes_leave() -> None:
    """A caller who cannot be heard is told so, and the dialogue ends."""
    answer, state = apologise(SCRIPT, State())
    assert (answer.text, answer.action, state.ended) == ("Sorry.", "hangup", True)


def test_respond_ends_at_the_limit_of_turns() -> None:
    """A television that talks for hours does not keep the line."""
    script = replace(SCRIPT, max_turns=2)
    answer, state = say(script, "hello", "hello", "hello")
    assert (answer.text, answer.action, answer.rule) == ("Enough.", "hangup", Rule.LIMIT)
    assert state.ended


@pytest.mark.parametrize("text", ["hello", None])
def test_dialogue_ends_at_the_limit_of_minutes(text: str | None) -> None:
    """Whether the caller speaks or not."""
    script = replace(SCRIPT, max_minutes=10)
    _, state = opening(script, NOW)
    late = NOW + timedelta(minutes=10)
    if text is None:
        answer, _ = no_input(script, state, late)
    else:
        answer, _ = respond(script, state, text, now=late)  # type: ignore[assignment]
    assert answer.rule is Rule.LIMIT


def test_limit_says_its_message() -> None:
    """The editor's words, and the end."""
    answer, state = limit(SCRIPT, State())
    assert (answer.text, answer.action, state.ended) == ("Enough.", "hangup", True)


# --- Replies ----------------------------------------------------------------------------------


def test_respond_gives_the_reply_and_why() -> None:
    """The answer carries the match that led to it."""
    answer, _ = say(SCRIPT, "hello there")
    assert (answer.text, answer.rule) == ("One.", Rule.INTENT)
    assert answer.match is not None
    assert answer.match.keyword == "hello"


def test_respond_gives_replies_in_turn() -> None:
    """Several replies of an intent come one after the other, and then again."""
    state, said = None, []
    for _ in range(3):
        answer, state = say(SCRIPT, "hello", state=state)
        said.append(answer.text)
    assert said == ["One.", "Two.", "One."]


@given(st.integers(2, 5), st.integers(0, 10_000))
def test_respond_gives_replies_at_random_but_never_twice_in_a_row(count: int, second: int) -> None:
    """The caller is not told the same again while there is something else to say."""
    replies = tuple(ScriptReply(f"{number}.") for number in range(count))
    script = make_script(make_intent(1, "hello", replies=replies, order=ReplyOrder.RANDOM))
    _, state = opening(script, NOW + timedelta(seconds=second))
    said = []
    for _ in range(12):
        answer, state = say(script, "hello", state=state)
        said.append(answer.text)
    assert all(one != next_one for one, next_one in pairwise(said))


def test_respond_at_random_differs_between_dialogues() -> None:
    """Not every caller hears the same first."""
    replies = tuple(ScriptReply(f"{number}.") for number in range(4))
    script = make_script(make_intent(1, "hello", replies=replies, order=ReplyOrder.RANDOM))
    firsts = set()
    for second in range(40):
        _, state = opening(script, NOW + timedelta(seconds=second))
        firsts.add(say(script, "hello", state=state)[0].text)
    assert len(firsts) == 4


def test_respond_falls_back_but_tells_the_match_without_replies() -> None:
    """An intent without replies gets the fallback; the match and a note show why."""
    answer, _ = say(SCRIPT, "silent")
    assert answer.text == "Pardon?"
    assert answer.match is not None
    assert answer.match.intent_id == SILENT
    assert "no reply" in answer.note


def test_respond_repeats_what_was_said() -> None:
    """The reply's own words come first."""
    script = make_script(
        make_intent(1, "hello", replies=(ScriptReply("One."),)),
        make_intent(2, "what", replies=(ScriptReply("I said:", actions.REPEAT),)),
    )
    answer, _ = say(script, "hello", "what")
    assert (answer.text, answer.action) == ("I said: One.", "")


def test_words_before_what_is_repeated_do_not_pile_up() -> None:
    """However often it is repeated."""
    script = make_script(
        make_intent(1, "hello", replies=(ScriptReply("One."),)),
        make_intent(2, "what", replies=(ScriptReply("I said:", actions.REPEAT),)),
    )
    assert say(script, "hello", "what", "what")[0].text == "I said: One."
    assert say(script, "hello", "what", "repeat")[0].text == "One."


def test_row_that_repeats_says_what_was_said_before_it_went_wrong() -> None:
    """The fallback that was said between is of no use to the caller."""
    script = replace(SCRIPT, no_match_again=(ScriptReply("I said:", actions.REPEAT),))
    assert say(script, "hello", "x", "x", "x")[0].text == "I said: One."
    assert say(script, "hello", "x", "x", "repeat")[0].text == "One."


def test_respond_goes_to_an_intent() -> None:
    """What the other intent answers is said after the reply's own words, and done."""
    script = make_script(
        make_intent(1, "stop", replies=(ScriptReply("Right.", "goto", "intent 2"),)),
        make_intent(2, "bye", replies=(ScriptReply("Bye.", actions.HANGUP),)),
    )
    answer, state = say(script, "stop")
    assert (answer.text, answer.action, state.context) == ("Right. Bye.", "hangup", 2)


def test_respond_breaks_a_loop_of_intents() -> None:
    """Intents that send on to each other do not keep a call busy for ever."""
    script = make_script(
        make_intent(1, "ping", replies=(ScriptReply("", "goto", "intent 2"),)),
        make_intent(2, "pong", replies=(ScriptReply("", "goto", "intent 1"),)),
    )
    answer, _ = say(script, "ping")
    assert answer.text == "Pardon?"
    assert "only sends on" in answer.note


def test_respond_says_the_text_of_each_intent_of_a_loop_once() -> None:
    """A caller need not hear it twice to no end."""
    script = make_script(
        make_intent(1, "ping", replies=(ScriptReply("Ping.", "goto", "intent 2"),)),
        make_intent(2, "pong", replies=(ScriptReply("Pong.", "goto", "intent 1"),)),
    )
    answer, _ = say(script, "ping")
    assert answer.text == "Ping. Pong."
    assert "only sends on" in answer.note


def test_respond_says_that_the_intent_to_go_to_is_gone() -> None:
    """The caller hears the words that are there, and the transcript tells the editor."""
    script = make_script(make_intent(1, "x", replies=(ScriptReply("Well.", "goto", "gone"),)))
    answer, _ = say(script, "x")
    assert (answer.text, answer.note) == ("Well.", "There is no intent “gone”.")


# --- Follow-ups -------------------------------------------------------------------------------


def test_follow_up_is_not_understood_by_itself() -> None:
    """“Good” means nothing before “how are you?”."""
    assert say(SCRIPT, "good")[0].rule is Rule.NO_MATCH


def test_follow_up_is_understood_right_after_what_it_follows() -> None:
    """It answers, and the reason says that it followed."""
    answer, _ = say(SCRIPT, "hello", "good")
    assert answer.text == "Glad."
    assert answer.match is not None
    assert answer.match.is_follow_up


def test_follow_up_is_over_once_another_intent_answered() -> None:
    """The thread is lost with the next subject."""
    assert say(SCRIPT, "hello", "sales", "good")[0].rule is Rule.NO_MATCH


@pytest.mark.parametrize("between", ["mumble", "repeat"])
def test_follow_up_outlasts_a_misunderstanding(between: str) -> None:
    """A caller who is asked to say it again is still in the thread."""
    assert say(SCRIPT, "hello", between, "good")[0].text == "Glad."


def test_follow_up_goes_before_the_general_intents() -> None:
    """The same keyword means the follow-up right after what it follows."""
    script = make_script(
        make_intent(1, "good", replies=(ScriptReply("General."),)),
        make_intent(2, "hello", replies=(ScriptReply("Hi."),)),
        make_intent(3, "good", replies=(ScriptReply("Glad."),), follows=(2,)),
    )
    assert say(script, "good")[0].text == "General."
    assert say(script, "hello", "good")[0].text == "Glad."


def test_reply_may_end_the_thread() -> None:
    """After it the follow-ups of its intent are not considered."""
    script = make_script(
        make_intent(1, "hello", replies=(ScriptReply("Hi.", ends_thread=True),)),
        make_intent(2, "good", replies=(ScriptReply("Glad."),), follows=(1,)),
    )
    assert say(script, "hello", "good")[0].rule is Rule.NO_MATCH


def test_hints_put_follow_ups_first() -> None:
    """The recognizer is told what fits the reply."""
    assert say(SCRIPT, "hello")[0].listening.hints[:2] == ("good", "hello")


# --- Captured values --------------------------------------------------------------------------


def test_captured_value_is_kept_and_said() -> None:
    """The value goes with the turn, stays in the dialogue, and is said digit by digit."""
    answer, state = say(SCRIPT, "my order is double four seven")
    assert answer.text == "Order 4 4 7, thank you."
    assert [(name, value.value) for name, value in answer.captured] == [("order", "447")]
    assert state.values["order"].value == "447"


def test_captured_value_is_used_in_later_replies_and_actions() -> None:
    """Whatever was captured before fills the placeholders of an action's parameter."""
    text = ScriptReply("Sent.", "sms", "Your order: {order}")
    script = make_script(*SCRIPT.intents, make_intent(9, "text me", replies=(text,)))
    answer, _ = say(script, "my order is 447", "text me")
    assert (answer.action, answer.parameter) == ("sms", "Your order: 447")


def test_reply_whose_value_is_not_known_waits_for_its_turn() -> None:
    """A reply without placeholders is given in place of one that would have a hole."""
    replies = (ScriptReply("Hello {name}."), ScriptReply("Hello."))
    script = make_script(make_intent(1, "hello", replies=replies))
    assert say(script, "hello")[0].text == "Hello."


def test_placeholder_without_value_leaves_no_hole() -> None:
    """Where there is no other reply, the sentence closes up."""
    script = make_script(make_intent(1, "hello", replies=(ScriptReply("Hello {name}."),)))
    assert say(script, "hello")[0].text == "Hello."


# --- Not understood, and silent ---------------------------------------------------------------

AGAIN = (ScriptReply("Once more?"), ScriptReply("To a person.", actions.TRANSFER, "+31201234567"))


def test_no_match_escalates() -> None:
    """First the fallback, then the rows, and the last of them stays."""
    script = replace(SCRIPT, no_match_again=AGAIN)
    said, state = [], None
    for _ in range(4):
        answer, state = say(script, "mumble", state=state)
        said.append((answer.text, answer.action))
    last = ("To a person.", "transfer")
    assert said == [("Pardon?", ""), ("Once more?", ""), last, last]


def test_no_match_counts_anew_after_a_match() -> None:
    """Only misunderstandings in a row escalate."""
    script = replace(SCRIPT, no_match_again=AGAIN)
    assert say(script, "mumble", "hello", "mumble")[0].text == "Pardon?"


def test_no_match_of_an_intent_replaces_the_bots() -> None:
    """Right after the intent, its own rows hold; the last stays where no other follows."""
    intent = make_intent(1, "hello", replies=(ScriptReply("Hi."),), no_match=(AGAIN[0],))
    script = make_script(intent)
    assert say(script, "mumble")[0].text == "Pardon?"
    assert say(script, "hello", "mumble")[0].text == "Once more?"


def test_no_match_of_an_intent_leads_on_to_the_bots_further_rows() -> None:
    """Else a caller who is not understood there would never come to a person."""
    intent = make_intent(1, "hello", replies=(ScriptReply("Hi."),), no_match=(ScriptReply("Eh?"),))
    script = make_script(intent, no_match_again=AGAIN)
    said, state = [], say(script, "hello")[1]
    for _ in range(3):
        answer, state = say(script, "mumble", state=state)
        said.append(answer.text)
    assert said == ["Eh?", "Once more?", "To a person."]


def silences(script: Script, count: int, state: State | None = None) -> list[tuple[str, str]]:
    """Return what the bot says to so many silences."""
    state = opening(script, NOW)[1] if state is None else state
    said = []
    for _ in range(count):
        answer, state = no_input(script, state, NOW)
        said.append((answer.text, answer.action))
    return said


def test_no_input_asks_and_hangs_up_at_the_second_silence() -> None:
    """A silence is not yet the end; two in a row are."""
    assert silences(SCRIPT, 2) == [("Still there?", ""), ("Bye.", "hangup")]


def test_no_input_escalates_before_it_hangs_up() -> None:
    """The rows come between the question and the goodbye."""
    script = replace(SCRIPT, no_input_again=(ScriptReply("Hello?"),))
    assert silences(script, 3) == [("Still there?", ""), ("Hello?", ""), ("Bye.", "hangup")]


def test_no_input_of_an_intent_replaces_the_bots() -> None:
    """Right after the intent, its own rows hold, and then the goodbye."""
    intent = make_intent(1, "hello", replies=(ScriptReply("Hi."),), no_input=(AGAIN[0],))
    script = make_script(intent)
    _, state = say(script, "hello")
    assert silences(script, 2, state) == [("Once more?", ""), ("Bye.", "hangup")]


def test_no_input_of_an_intent_leads_on_to_the_bots_further_rows() -> None:
    """As where it is not understood."""
    intent = make_intent(1, "hello", replies=(ScriptReply("Hi."),), no_input=(ScriptReply("Eh?"),))
    script = make_script(intent, no_input_again=AGAIN[:1])
    _, state = say(script, "hello")
    assert [text for text, _ in silences(script, 3, state)] == ["Eh?", "Once more?", "Bye."]


def test_no_input_counts_anew_after_speech() -> None:
    """Speech between two silences makes the second one a first."""
    _, state = no_input(SCRIPT, State(), NOW)
    _, state = say(SCRIPT, "mumble", state=state)
    assert no_input(SCRIPT, state, NOW)[0].action == ""


def test_still_there_counts_no_silence() -> None:
    """A caller who had no chance to be heard has not been silent."""
    answer, state = still_there(SCRIPT, State(silences=1))
    assert (answer.text, answer.action, state) == ("Still there?", "", State(silences=1))


@pytest.mark.parametrize(
    "reply",
    [ScriptReply("{name}"), ScriptReply("", actions.POST, "https://example.com/")],
)
def test_caller_never_hears_nothing(reply: ScriptReply) -> None:
    """Where a value is missing, or an address fails, that was all there was to say."""
    script = make_script(make_intent(1, "hello", replies=(reply,)))
    outcome, state = respond(script, opening(script, NOW)[1], "hello", now=NOW)
    if isinstance(outcome, Question):
        outcome, state = conclude(script, state, outcome, Unanswered("failed"))
    assert (outcome.text, state.said) == ("Pardon?", "Pardon?")


# --- What can always be said ------------------------------------------------------------------


def test_caller_can_have_it_repeated() -> None:
    """Whatever the intents are."""
    answer, _ = say(SCRIPT, "hello", "repeat please")
    assert (answer.text, answer.rule) == ("One.", Rule.COMMAND)


def test_repeat_of_a_repeat_is_the_same() -> None:
    """What is repeated stays what was said last."""
    assert say(SCRIPT, "hello", "repeat", "repeat")[0].text == "One."


def test_caller_can_ask_for_a_person_where_there_is_one() -> None:
    """The bot's transfer number makes the operator known."""
    script = replace(SCRIPT, transfer_number="+31201111111")
    answer, _ = say(script, "can I speak to an operator please")
    assert (answer.text, answer.action) == ("Connecting.", "transfer")
    assert (answer.parameter, answer.otherwise) == ("+31201111111", "Nobody there.")


def test_caller_who_asks_for_a_person_where_there_is_none_is_not_understood() -> None:
    """Nothing is promised that cannot be kept."""
    assert say(SCRIPT, "operator")[0].rule is Rule.NO_MATCH


def test_editors_keyword_goes_before_what_can_always_be_said() -> None:
    """The editor's own “repeat” is the editor's."""
    script = make_script(make_intent(1, "repeat", replies=(ScriptReply("Mine."),)))
    assert say(script, "repeat")[0].text == "Mine."


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("hello, an operator please", "Connecting."),
        ("I want a travel agent", "Tours."),
        ("my order is 4711, give me an agent", "Connecting."),
        ("call me agent smith", "Hi agent smith."),
    ],
)
def test_keyword_beside_what_can_always_be_said_does_not_hide_it(said: str, answer: str) -> None:
    """Only one that is heard in the very words does."""
    script = make_script(
        *SCRIPT.intents,
        make_intent(7, "travel agent", replies=(ScriptReply("Tours."),)),
        make_intent(8, "call me {name}", replies=(ScriptReply("Hi {name}."),)),
        transfer_number="+31201111111",
    )
    assert say(script, said)[0].text == answer


# --- Transfer ---------------------------------------------------------------------------------


def test_transfer_has_its_number_and_what_is_said_otherwise() -> None:
    """Both go with the answer, for whoever dials."""
    answer, state = say(SCRIPT, "sales")
    assert (answer.action, answer.parameter) == ("transfer", "+31201234567")
    assert (answer.otherwise, state.ended) == ("Sales is out.", False)


def test_transfer_without_number_takes_the_bots() -> None:
    """The reply may leave the number to the bot."""
    script = make_script(
        make_intent(1, "help", replies=(ScriptReply("Wait.", actions.TRANSFER),)),
        transfer_number="+31201111111",
    )
    assert say(script, "help")[0].parameter == "+31201111111"


def test_transfer_to_nowhere_says_what_is_said_otherwise() -> None:
    """The call goes on, and the transcript tells why."""
    script = make_script(make_intent(1, "help", replies=(ScriptReply("Wait.", actions.TRANSFER),)))
    answer, _ = say(script, "help")
    assert (answer.text, answer.action) == ("Wait. Nobody there.", "")
    assert "has a number" in answer.note


def test_not_transferred_goes_on_in_the_words_of_the_reply() -> None:
    """Else in those of the bot."""
    assert not_transferred(SCRIPT, State(), "Sales is out.")[0].text == "Sales is out."
    assert not_transferred(SCRIPT, State(), "")[0].text == "Nobody there."


def test_not_transferred_begins_with_the_first_words_again() -> None:
    """Who is not understood after that is asked, and not transferred once more at once."""
    script = replace(SCRIPT, no_match_again=AGAIN)
    answer, state = say(script, "mumble", "mumble", "mumble")
    assert answer.action == "transfer"
    _, state = not_transferred(script, state, answer.otherwise)
    assert say(script, "mumble", state=state)[0].text == "Pardon?"


# --- Asking elsewhere -------------------------------------------------------------------------

POST = ScriptReply("Let me see.", "post", "https://example.com/orders", "I cannot look it up.")
ASKING = make_script(make_intent(1, "order {order:digits}", replies=(POST,)), secret="s")
REMOTE = make_script(remote=Remote("http", "http://localhost:1/chat", 3.0, "s"))


def test_outside_address_gets_the_turn() -> None:
    """What was said, what it means, and what was captured."""
    question, _ = ask(ASKING, "order 447")
    assert (question.url, question.protocol, question.secret) == (POST.parameter, "http", "s")
    assert not question.may_be_private
    assert question.body["message"] == "order 447"
    assert question.body["session"] == "CA1"
    assert question.body["intent"] == "intent 1"
    assert question.body["values"] == {"order": "447"}


def test_outside_answer_supplies_text_and_action() -> None:
    """Both are the caller's answer, and the intent stays the reason."""
    question, state = ask(ASKING, "order 447")
    reaction = RemoteAnswer(("It is", "on its way."), "hangup")
    answer, state = conclude(ASKING, state, question, reaction)
    assert (answer.text, answer.action, state.ended) == ("It is on its way.", "hangup", True)
    assert answer.match is not None


def test_outside_answer_without_text_leaves_the_replys() -> None:
    """An address may only take note."""
    question, state = ask(ASKING, "order 447")
    assert conclude(ASKING, state, question, RemoteAnswer())[0].text == "Let me see."


def test_outside_address_that_does_not_answer_is_noted() -> None:
    """The caller hears what is said otherwise; the transcript tells why."""
    question, state = ask(ASKING, "order 447")
    answer, _ = conclude(ASKING, state, question, Unanswered("did not answer within 4 s"))
    assert answer.text == "I cannot look it up."
    assert answer.note == "https://example.com/orders did not answer within 4 s."


def test_remote_chatbot_is_asked_every_turn() -> None:
    """The bot's own intents do not matter, and private addresses are allowed."""
    question, _ = ask(REMOTE, "anything")
    assert question.url == "http://localhost:1/chat"
    assert question.may_be_private
    assert question.body["message"] == "anything"


@pytest.mark.parametrize(("said", "answer"), [("repeat", "Welcome."), ("agent", "Connecting.")])
def test_what_can_always_be_said_is_not_asked_elsewhere(said: str, answer: str) -> None:
    """The caller need not hope that the other chatbot understands it."""
    script = replace(REMOTE, transfer_number="+31201111111")
    assert say(script, said)[0].text == answer


def test_remote_chatbot_that_does_not_answer_gives_way_to_the_fallback() -> None:
    """And escalates as what was not understood does."""
    script = replace(REMOTE, no_match_again=(ScriptReply("Again?"),))
    state = opening(script, NOW)[1]
    said = []
    for _ in range(2):
        question, state = respond(script, state, "x", now=NOW)
        assert isinstance(question, Question)
        answer, state = conclude(script, state, question, Unanswered("is gone"))
        said.append(answer.text)
    assert said == ["Pardon?", "Again?"]


def test_remote_chatbot_that_says_nothing_gives_way_to_the_fallback() -> None:
    """A caller is never answered with silence."""
    question, state = ask(REMOTE, "x")
    answer, _ = conclude(REMOTE, state, question, RemoteAnswer())
    assert answer.text == "Pardon?"
    assert answer.note == "http://localhost:1/chat answered without a text."


def test_key_in_an_address_is_not_noted() -> None:
    """Notes are read by more people than settings."""
    script = make_script(remote=Remote("rasa", "http://localhost:1/chat?token=key", 3.0))
    question, state = ask(script, "x")
    answer, _ = conclude(script, state, question, Unanswered("is gone"))
    assert answer.note == "http://localhost:1/chat is gone."


def test_remote_refusals_are_noted() -> None:
    """What was asked for and is not done can be read in the transcript."""
    question, state = ask(REMOTE, "x")
    reaction = RemoteAnswer(("Hi.",), refused=("the action “dance” is not known",))
    answer, _ = conclude(REMOTE, state, question, reaction)
    assert (answer.text, answer.action) == ("Hi.", "")
    assert answer.note == "http://localhost:1/chat: the action “dance” is not known."


def test_remote_transfer_without_number_is_refused_visibly() -> None:
    """Neither names a number: the call goes on."""
    question, state = ask(REMOTE, "x")
    answer, _ = conclude(REMOTE, state, question, RemoteAnswer(("Wait.",), "transfer"))
    assert (answer.text, answer.action) == ("Wait.", "")
    assert "names no number" in answer.note


# --- Whatever is said -------------------------------------------------------------------------


@given(st.lists(st.none() | st.text(st.characters()), max_size=8))
def test_dialogue_never_raises_and_is_deterministic(turns: list[str | None]) -> None:
    """The same turns lead to the same state, which JSON holds at every step."""

    def run() -> State:
        _, state = opening(SCRIPT, NOW)
        for text in turns:
            step: Any = (
                no_input(SCRIPT, state, NOW)
                if text is None
                else respond(SCRIPT, state, text, now=NOW)
            )
            state = State.from_json(json.loads(json.dumps(step[1].to_json())))
            assert state == step[1]
        return state

    assert run() == run()
