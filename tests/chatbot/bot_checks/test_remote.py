"""Bots whose answers come from elsewhere."""

from chatbot.bot_checks import Severity, find_problems, remote
from chatbot.hearing import Hearing
from chatbot.script import Remote
from tests.chatbot.bots import make_intent, make_script

REMOTE = Remote("http", "http://example.com/bot", 4)
ONLY_EXPECTED = Hearing(keyword_checks=(lambda text, language, pronunciations: [],))


def test_chatbot_elsewhere_beside_intents() -> None:
    """Intents that are never used are worth a word."""
    (problem,) = remote.find(make_script(make_intent(1, "hello"), remote=REMOTE), Hearing())
    assert problem.severity is Severity.WARNING
    assert problem.place.anchor == "id_backend"


def test_chatbot_elsewhere_without_intents() -> None:
    """It needs none."""
    assert list(remote.find(make_script(remote=REMOTE), Hearing())) == []


def test_chatbot_elsewhere_on_a_recognizer_of_expected_words() -> None:
    """Nobody tells that recognizer what to expect."""
    (problem,) = remote.find(make_script(remote=REMOTE), ONLY_EXPECTED)
    assert problem.severity is Severity.ERROR


def test_intents_that_are_never_used_are_not_looked_at() -> None:
    """What is wrong with them disappoints nobody."""
    script = make_script(make_intent(1, "?!"), remote=REMOTE)
    assert [problem.place.anchor for problem in find_problems(script, Hearing())] == ["id_backend"]
