"""What the caller said, beside what answered it."""

from calls.exchanges import exchanges
from calls.models import Turn
from chatbot.answers import Rule


def heard(text: str) -> Turn:
    return Turn(role=Turn.Role.CALLER, text=text)


def said(text: str, rule: str = Rule.INTENT) -> Turn:
    return Turn(role=Turn.Role.BOT, text=text, rule=rule)


def pairs(*turns: Turn) -> list[tuple[str | None, str | None]]:
    return [
        (it.heard.text if it.heard else None, it.answer.text if it.answer else None)
        for it in exchanges(turns)
    ]


def test_answer_stands_beside_what_was_said() -> None:
    """The usual way of a call."""
    turns = [said("Welcome.", Rule.GREETING), heard("hello"), said("Hi.")]
    assert pairs(*turns) == [(None, "Welcome."), ("hello", "Hi.")]


def test_answers_to_two_turns_in_a_row_keep_their_order() -> None:
    """Another process answers both at once after the first one died."""
    turns = [heard("one"), heard("two"), said("1"), said("2")]
    assert pairs(*turns) == [("one", "1"), ("two", "2")]


def test_question_after_silence_answers_nothing() -> None:
    """Whatever the caller said before is still to be answered."""
    turns = [heard("hello"), said("Still there?", Rule.STILL_THERE), said("Hi.")]
    assert pairs(*turns) == [("hello", "Hi."), (None, "Still there?")]


def test_turn_that_nobody_answered_has_no_answer() -> None:
    """The call was over by then."""
    assert pairs(said("Bye."), heard("wait")) == [(None, "Bye."), ("wait", None)]


def test_old_record_without_rules_is_paired_by_order() -> None:
    """Calls from before reasons were kept."""
    assert pairs(said("Welcome.", ""), heard("hello"), said("Hi.", "")) == [
        (None, "Welcome."),
        ("hello", "Hi."),
    ]
