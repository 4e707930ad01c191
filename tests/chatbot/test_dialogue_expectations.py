"""What a dialogue expects after a reply that says so."""

from chatbot.answers import Answer, Question
from chatbot.backends.answers import RemoteAnswer
from chatbot.dialogue import conclude, no_input, not_transferred, opening, respond, still_there
from chatbot.expectations import ANYTHING, Expectation
from chatbot.listening import FOR_NOTHING
from chatbot.script import Script, ScriptReply
from chatbot.state import State
from tests.chatbot.bots import NOW, make_intent, make_script

YES_OR_NO = Expectation("yesno")
IN_DUTCH = Expectation("yesno", language="nl-NL")

SCRIPT = make_script(
    make_intent(1, "order", replies=(ScriptReply("Really?", expects=YES_OR_NO),)),
    make_intent(2, "{sure:yesno}", replies=(ScriptReply("So it is {sure}."),), follows=(1, 3)),
    make_intent(3, "dutch", replies=(ScriptReply("Echt?", expects=IN_DUTCH),)),
    make_intent(
        4,
        "sales",
        replies=(ScriptReply("", "transfer", "+31201234567", "Call back?", expects=YES_OR_NO),),
    ),
    make_intent(5, "on", replies=(ScriptReply("So.", "goto", "intent 1", expects=IN_DUTCH),)),
    make_intent(
        6, "ask", replies=(ScriptReply("", "post", "https://shop.test/", expects=YES_OR_NO),)
    ),
    make_intent(7, "last", replies=(ScriptReply("Sure?", ends_thread=True, expects=YES_OR_NO),)),
    make_intent(8, "nothing"),
    transfer_number="+31207654321",
)


def say(*texts: str, script: Script = SCRIPT) -> tuple[Answer, State]:
    """Say one thing after the other; return the last answer and where the dialogue stands."""
    answer, state = opening(script, NOW)
    for text in texts:
        outcome, state = respond(script, state, text, now=NOW)
        assert isinstance(outcome, Answer)
        answer = outcome
    return answer, state


def test_answer_says_what_its_reply_expects() -> None:
    """The next stream opens with it."""
    answer, state = say("order")
    assert answer.listening.kind == "yesno"
    assert answer.listening.hints[:2] == ("yes", "no")
    assert state.expects == YES_OR_NO


def test_greeting_expects_anything() -> None:
    """Nothing was asked yet."""
    answer, state = opening(SCRIPT, NOW)
    assert (answer.listening.kind, state.expects) == ("", ANYTHING)


def test_expectation_stays_where_the_caller_is_not_understood() -> None:
    """He is asked the same again."""
    answer, state = say("order", "mumble")
    assert (answer.listening.kind, state.expects) == ("yesno", YES_OR_NO)


def test_expectation_stays_where_the_caller_says_nothing() -> None:
    """The question is still open."""
    answer, state = no_input(SCRIPT, say("order")[1], NOW)
    assert (answer.listening.kind, state.expects) == ("yesno", YES_OR_NO)


def test_expectation_stays_where_the_caller_hears_it_again() -> None:
    """The question is asked once more."""
    answer, state = say("order", "repeat that")
    assert (answer.text, answer.listening.kind) == ("Really?", "yesno")
    assert state.expects == YES_OR_NO


def test_expectation_stays_over_a_lost_stream() -> None:
    """Another process takes the dialogue up where it stood."""
    answer, _ = still_there(SCRIPT, State.from_json(say("order")[1].to_json()))
    assert answer.listening.kind == "yesno"


def test_next_reply_replaces_the_expectation() -> None:
    """What it does not expect is not expected."""
    answer, state = say("order", "yes")
    assert (answer.text, answer.listening.kind, state.expects) == ("So it is yes.", "", ANYTHING)


def test_intent_without_a_reply_expects_anything() -> None:
    """What was asked before is over."""
    assert say("order", "nothing")[1].expects == ANYTHING


def test_reply_that_goes_on_leaves_the_expectation_to_the_last() -> None:
    """Callers answer what they hear last."""
    assert say("on")[1].expects == YES_OR_NO


def test_expectation_outlasts_the_end_of_the_thread() -> None:
    """The subject is closed; the question is not."""
    answer, state = say("last")
    assert (answer.listening.kind, state.context) == ("yesno", None)


def test_expectation_of_a_reply_whose_transfer_fails() -> None:
    """It is for what is said then."""
    answer, _ = not_transferred(SCRIPT, say("sales")[1], "Call back?")
    assert answer.listening.kind == "yesno"


def test_caller_who_asks_for_a_person_is_not_held_to_the_question() -> None:
    """If nobody is there, the bot asks what else there is."""
    assert say("dutch", "operator")[1].expects == ANYTHING


def test_expectation_of_a_reply_that_asks_an_address() -> None:
    """It holds whatever the address answers."""
    outcome, state = respond(SCRIPT, opening(SCRIPT, NOW)[1], "ask", now=NOW)
    assert isinstance(outcome, Question)
    answer, _ = conclude(SCRIPT, state, outcome, RemoteAnswer(texts=("Really?",)))
    assert answer.listening.kind == "yesno"


def test_blank_is_read_in_the_language_that_is_expected() -> None:
    """A Dutch yes is one where Dutch was asked for, and only there."""
    assert say("dutch", "ja hoor")[0].text == "So it is yes."
    assert say("order", "ja hoor")[0].text == "Pardon?"


def test_nothing_is_listened_for_at_the_end() -> None:
    """Nobody is heard after a goodbye."""
    script = make_script(make_intent(1, "bye", replies=(ScriptReply("Bye.", "hangup"),)))
    assert say("bye", script=script)[0].listening == FOR_NOTHING
