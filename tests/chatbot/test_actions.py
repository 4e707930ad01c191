"""The actions that a reply may have."""

import pytest

from chatbot import actions
from chatbot.actions.base import Hangup, Play, SendText, Transfer


def test_actions_are_found_by_their_files() -> None:
    """A file more is an action more."""
    assert list(actions.ACTIONS) == [
        "",
        "hangup",
        "transfer",
        "play",
        "sms",
        "repeat",
        "goto",
        "post",
    ]


@pytest.mark.parametrize(
    ("name", "parameter", "directives"),
    [
        ("", "", ()),
        ("hangup", "", (Hangup(),)),
        ("transfer", "+31201234567", (Transfer("+31201234567"),)),
        ("transfer", "", ()),
        ("play", "https://example.com/a.mp3", (Play("https://example.com/a.mp3"),)),
        ("sms", "Hi.", (SendText("Hi."),)),
        ("repeat", "", ()),
    ],
)
def test_directives_say_what_the_line_does(
    name: str, parameter: str, directives: tuple[object, ...]
) -> None:
    """Once the text is spoken."""
    assert actions.directives(name, parameter) == directives


def test_only_the_hang_up_hangs_up() -> None:
    """A transferred call comes back where nobody answers."""
    assert [name for name in actions.ACTIONS if actions.hangs_up(name)] == ["hangup"]
