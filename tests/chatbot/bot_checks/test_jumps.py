"""Replies that go on to other intents."""

from chatbot.bot_checks import jumps
from chatbot.hearing import Hearing
from chatbot.script import Script, ScriptIntent, ScriptReply
from tests.chatbot.bots import make_intent, make_script

SAYS = ScriptReply("Well.")


def goes_from(id: int, *targets: int, says: bool = False) -> ScriptIntent:
    replies = tuple(ScriptReply("So.", "goto", f"intent {target}") for target in targets)
    return make_intent(id, f"word {id}", replies=(*replies, *([SAYS] if says else [])))


def found(script: Script) -> list[tuple[int | None, str]]:
    problems = jumps.find(script, Hearing())
    return [(problem.place.intent_id, problem.what) for problem in problems]


def test_jump_to_an_intent_that_answers() -> None:
    """Going on to an intent that says something is what the action is for."""
    assert found(make_script(goes_from(1, 2), goes_from(2, says=True))) == []


def test_jump_to_no_intent() -> None:
    """The name is that of no intent of the bot."""
    (problem,) = jumps.find(make_script(goes_from(1, 9)), Hearing())
    assert problem.what == "The reply goes to “intent 9”, and the bot has no such intent."
    assert problem.place.anchor == "replies-0"


def test_jump_to_itself() -> None:
    """An intent that goes to itself never answers."""
    assert found(make_script(goes_from(1, 1))) == [(1, "The reply goes to itself.")]


def test_jumps_in_a_circle_are_one_problem() -> None:
    """A loop is told once, with all that are in it."""
    script = make_script(goes_from(3, 1), goes_from(1, 2), goes_from(2, 1, says=True))
    assert found(script) == [
        (1, "These intents go to each other in a circle: “intent 1”, “intent 2”.")
    ]


def test_jumps_through_as_many_intents_as_the_dialogue_allows() -> None:
    """Five intents, of which the last answers."""
    chain = [goes_from(id, id + 1) for id in range(1, 5)]
    assert found(make_script(*chain, goes_from(5, says=True))) == []


def test_jumps_through_too_many_intents() -> None:
    """The dialogue gives up before it comes to the sixth."""
    chain = [goes_from(id, id + 1) for id in range(1, 6)]
    assert found(make_script(*chain, goes_from(6, says=True))) == [
        (1, "From here the bot goes on through 6 intents, one after the other.")
    ]
