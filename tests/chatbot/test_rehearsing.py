"""What a rehearsal finds otherwise than expected."""

from chatbot.answers import Question, Reaction
from chatbot.backends.answers import RemoteAnswer
from chatbot.rehearsing import Line, rehearsal_run
from chatbot.script import Remote, Script, ScriptReply
from tests.chatbot.bots import make_intent, make_script

SCRIPT = make_script(
    make_intent(1, "hello", replies=(ScriptReply("Hi, how  are you?"),)),
    make_intent(2, "bye", replies=(ScriptReply("So long.", "hangup"),)),
    make_intent(3, "order", replies=(ScriptReply("One moment.", "post", "https://example.com/"),)),
    make_intent(4, "good", follows=(1,), replies=(ScriptReply("Nice."),)),
    make_intent(5, "day {day:date}", replies=(ScriptReply("On {day}."),)),
    transfer_number="+31201234567",
)


def problems(*lines: Line, script: Script = SCRIPT) -> list[str]:
    return [result.problem for result in rehearsal_run(script, lines)]


def test_line_as_expected() -> None:
    assert problems(Line("hello", "intent 1", "hi, HOW are", "")) == [""]


def test_lines_are_one_conversation() -> None:
    """A follow-up is only understood after the intent that it follows."""
    assert problems(Line("hello", "intent 1"), Line("good", "intent 4")) == ["", ""]
    assert problems(Line("good", "intent 4")) != [""]


def test_line_with_another_intent() -> None:
    assert problems(Line("hello", "intent 2", action="")) == [
        "Expected the intent “intent 2”, but “intent 1” answered."
    ]


def test_line_that_is_not_understood() -> None:
    assert problems(Line("qwertz", "intent 1")) == [
        "Expected the intent “intent 1”, but nothing was understood."
    ]


def test_line_that_was_not_to_be_understood() -> None:
    assert problems(Line("hello")) == ["Expected no intent, but “intent 1” answered."]


def test_line_of_what_callers_can_always_say() -> None:
    assert "what callers can always say" in problems(Line("operator", "intent 1"))[0]


def test_line_with_other_words() -> None:
    assert problems(Line("hello", "intent 1", "good day")) == [
        "Expected the words “good day”, but the bot said “Hi, how  are you?”."
    ]


def test_line_with_another_action() -> None:
    assert problems(Line("bye", "intent 2")) == [
        "Expected “Go on listening” after that, but got “Hang up after saying this”."
    ]


def test_line_with_several_problems() -> None:
    problem = problems(Line("hello", "intent 2", "so long", "hangup"))[0]
    assert [problem.count(words) for words in ("the intent", "the words", "after that")] == [1] * 3


def test_line_after_the_call_is_over() -> None:
    assert problems(Line("bye", "intent 2", "", "hangup"), Line("hello", "intent 1")) == [
        "",
        "The call is over by then: the bot has hung up.",
    ]


def test_silence_is_answered() -> None:
    assert problems(Line("", reply="still there"), Line(" ", reply="Bye.", action="hangup")) == [
        "",
        "",
    ]


def test_silence_has_no_intent() -> None:
    assert problems(Line("", "intent 1")) == [
        "Expected the intent “intent 1”, but the caller says nothing here."
    ]


def test_outside_address_is_not_asked_and_its_words_not_compared() -> None:
    assert problems(Line("order", "intent 3", "your order is on its way", "post")) == [""]
    assert problems(Line("order", "intent 3")) == [""]


def test_outside_address_has_another_action() -> None:
    assert problems(Line("order", "intent 3", "", "hangup")) == [
        "Expected “Hang up after saying this”, but the bot asks an outside address here."
    ]


def test_dates_are_the_same_whenever_it_is_played() -> None:
    (result,) = rehearsal_run(SCRIPT, [Line("day tomorrow", "intent 5")])
    assert result.answer is not None
    assert "January" in result.answer.text


def test_chatbot_elsewhere_is_asked() -> None:
    script = make_script(remote=Remote("http", "http://127.0.0.1:1/", 1))
    asked: list[object] = []

    def ask(question: Question) -> Reaction:
        asked.append(question.body["message"])
        return RemoteAnswer(("Hello there.",))

    lines = [Line("hello", "", "hello there")]
    assert [result.problem for result in rehearsal_run(script, lines, ask)] == [""]
    assert asked == ["hello"]


def test_chatbot_elsewhere_names_no_intents() -> None:
    script = make_script(remote=Remote("http", "http://127.0.0.1:1/", 1))
    assert "which names no intents" in problems(Line("hello", "hello"), script=script)[0]
