"""Keywords by which callers come to another intent."""

from chatbot.bot_checks import Severity, hidden
from chatbot.bot_checks.problem import Problem
from chatbot.hearing import Hearing
from chatbot.script import ScriptIntent
from tests.chatbot.bots import make_intent, make_script


def found(*intents: ScriptIntent) -> list[Problem]:
    return list(hidden.find(make_script(*intents), Hearing()))


def places(*intents: ScriptIntent) -> list[tuple[int | None, str]]:
    return [(problem.place.intent_id, problem.place.anchor) for problem in found(*intents)]


def test_keywords_of_their_own() -> None:
    """Different words are no problem, nor is a phrase that has a keyword in it."""
    assert places(make_intent(1, "good", "fine"), make_intent(2, "good morning")) == []


def test_same_keyword_in_two_general_intents() -> None:
    """The later intent never gets it: the row there is the problem."""
    (problem,) = found(make_intent(1, "hello"), make_intent(2, "hi", "Héllo!"))
    assert problem.place.anchor == "keywords-1"
    assert problem.place.intent_id == 2
    assert problem.severity is Severity.ERROR
    assert problem.what == "The same keyword stands in “intent 1”."
    assert problem.effect == "Callers who say this get what “intent 1” answers, never this."


def test_same_keyword_twice_in_one_intent() -> None:
    """It leads to the same intent all the same."""
    assert places(make_intent(1, "hello", "Hello!")) == []


def test_same_keyword_in_a_follow_up_and_a_general_intent() -> None:
    """That is what follow-ups are for: the same words, after another question."""
    assert (
        places(
            make_intent(1, "hello"), make_intent(2, "good"), make_intent(3, "good", follows=(1,))
        )
        == []
    )


def test_same_keyword_in_two_follow_ups_of_one_intent() -> None:
    """The first of them gets it."""
    intents = [make_intent(1, "hello"), *(make_intent(id, "yes", follows=(1,)) for id in (2, 3))]
    assert places(*intents) == [(3, "keywords-0")]


def test_same_keyword_in_follow_ups_of_different_intents() -> None:
    """Each is considered at another moment."""
    assert (
        places(
            make_intent(1, "hello"),
            make_intent(2, "weather"),
            make_intent(3, "yes", follows=(1,)),
            make_intent(4, "yes", follows=(2,)),
        )
        == []
    )


def test_follow_up_hidden_at_one_of_its_moments_is_a_warning() -> None:
    """It is reached at the others."""
    (problem,) = found(
        make_intent(1, "hello"),
        make_intent(2, "weather"),
        make_intent(3, "yes", follows=(1,)),
        make_intent(4, "yes", follows=(1, 2)),
    )
    assert problem.severity is Severity.WARNING
    assert problem.place.intent_id == 4
    assert problem.effect.startswith("Right after “intent 1” callers who say this get")


def test_keyword_that_a_blank_takes_as_well() -> None:
    """Words win over blanks, whichever comes first."""
    assert places(make_intent(1, "{when:date}"), make_intent(2, "tomorrow")) == []


def test_blank_that_another_kind_of_blank_takes() -> None:
    """Digits are a number too, and the first of the two intents gets them."""
    (problem,) = found(
        make_intent(1, "number {a:number}"), make_intent(2, "hello", "number {b:digits}")
    )
    assert problem.place.anchor == "keywords-1"
    assert (
        problem.what == "What callers say here matches “number {a:number}” of “intent 1” as well."
    )


def test_blank_with_words_that_an_earlier_one_hides() -> None:
    """Blanks of one kind are the same, whatever their names."""
    (problem,) = found(
        make_intent(1, "my order is {order:digits}"), make_intent(2, "my order is {number:digits}")
    )
    assert problem.what == "The same keyword stands in “intent 1”."
    assert "say “my order is 4477”, for example, get" in problem.effect


def test_blank_for_any_words_hides_nothing() -> None:
    """Whatever else is said goes before it, wherever it stands."""
    assert places(make_intent(1, "{name}"), make_intent(2, "hello")) == []


def test_unreadable_keyword_is_passed_over() -> None:
    """Another check tells of it."""
    assert places(make_intent(1, "{a"), make_intent(2, "{a")) == []
