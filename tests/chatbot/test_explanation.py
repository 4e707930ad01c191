"""Why the bot answered as it did."""

from chatbot import dialogue
from chatbot.answers import Answer, Question
from chatbot.expectations import Expectation
from chatbot.explanation import Part, effects, explain
from chatbot.script import Script, ScriptReply
from chatbot.state import State
from tests.chatbot.bots import NOW, make_intent, make_script

SCRIPT = make_script(
    make_intent(1, "hello", "hello there", replies=(ScriptReply("How are you?"),)),
    make_intent(2, "good", replies=(ScriptReply("Nice."),), follows=(1,)),
    make_intent(3, "weather", replies=(ScriptReply("So.", "goto", "intent 5"),)),
    make_intent(4, "order {order:digits}", replies=(ScriptReply("{order}."),)),
    make_intent(5, "umbrella", replies=(ScriptReply("It rains."),)),
)


def explained(*texts: str, script: Script = SCRIPT) -> dict[str, str]:
    """Return what is said of the last of these turns, by its labels."""
    before, after = State(), State(began=NOW)
    answer = Answer("")
    for text in texts:
        before = after
        outcome, after = dialogue.respond(script, before, text, now=NOW)
        assert not isinstance(outcome, Question)
        answer = outcome
    found = explain(script, before, after, answer)
    return {fact.label: "".join(part.text for part in fact.parts) for fact in found}


def test_explanation_of_a_keyword() -> None:
    """All that led to the answer, and nothing else."""
    assert explained("hello") == {
        "Why": "a keyword was heard",
        "Intent": "intent 1",
        "Keyword": "“hello”",
        "Match": "word for word, all that was said",
        "Score": "100%",
    }


def test_explanation_tells_what_is_expected_next() -> None:
    """Kind and phrases, and how they are listened for."""
    expects = Expectation("yesno", ("Main Street", "Mill Lane"), "nl-NL", "telephony_short")
    reply = ScriptReply("Well?", expects=expects)
    script = make_script(make_intent(1, "hello", replies=(reply,)))
    assert explained("hello", script=script)["Expected next"] == (
        "yes or no, “Main Street” and 1 more; in nl-NL; by the model telephony_short"
    )


def test_explanation_of_a_miss_tells_what_is_still_expected() -> None:
    """The question stays open."""
    reply = ScriptReply("Well?", expects=Expectation(phrases=("Main Street",)))
    script = make_script(make_intent(1, "hello", replies=(reply,)))
    assert explained("hello", "mumble", script=script)["Expected next"] == "“Main Street”"


def test_explanation_of_a_near_match() -> None:
    """How alike the words are tells whether the threshold is right."""
    found = explained("umbrela")
    assert found["Match"] == "nearly, in another form or a little misheard"
    assert found["Score"] == "88%"


def test_explanation_names_the_runners_up() -> None:
    """What it might have been instead."""
    assert explained("hello, the weather")["Runners-up"] == "intent 1 by “hello” (phrase, 33%)"


def test_explanation_of_what_was_not_understood() -> None:
    """What came closest shows which keyword is missing."""
    found = explained("there", "there")
    assert found["Why"] == "no keyword was heard, 2 times in a row"
    assert found["Came closest"] == "intent 1 by “hello there” (near, 50%)"


def test_explanation_of_a_follow_up() -> None:
    """It was considered only because of what came before."""
    assert explained("hello", "good")["Right after"] == "intent 1, whose follow-up this is"


def test_explanation_of_something_else_than_a_follow_up() -> None:
    """The context is told, as it might have decided otherwise."""
    assert explained("hello", "umbrella")["Right after"] == "intent 1"


def test_explanation_of_captured_values() -> None:
    """What the bot understood, and what was said."""
    found = explained("order double four seven")
    assert found["Captured"] == "order = 447 (digits, said “double four seven”)"


def test_explanation_of_an_intent_that_goes_on() -> None:
    """The answer is another intent's."""
    assert explained("weather")["Went on to"] == "intent 5"


def test_explanation_of_what_went_wrong_on_the_way() -> None:
    """The note of the transcript stands here too."""
    script = make_script(make_intent(1, "help", replies=(ScriptReply("Wait.", "transfer"),)))
    assert "neither the reply nor the bot has a number" in explained("help", script=script)["Note"]


def test_explanation_leads_to_the_intents() -> None:
    """A part that names an intent has its id."""
    state = State(began=NOW)
    answer, after = dialogue.respond(SCRIPT, state, "hello", now=NOW)
    assert isinstance(answer, Answer)
    assert Part("intent 1", 1) in explain(SCRIPT, state, after, answer)[1].parts


def test_effects_of_actions_are_what_would_happen() -> None:
    """Each in a sentence of its own."""
    answers = [
        Answer("", "hangup"),
        Answer("", "transfer", "+31201234567"),
        Answer("", "play", "https://example.com/jingle.mp3"),
        Answer("", "sms", "Thank you"),
        Answer("Well."),
    ]
    assert [effects(answer) for answer in answers] == [
        ("The bot would now hang up.",),
        ("The caller would now be connected to +31201234567.",),
        ("The caller would now hear the recording https://example.com/jingle.mp3.",),
        ("The caller would now get this SMS: Thank you",),
        (),
    ]
