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


@pytest.mark.parametrize("name", ["post", "play"])
@pytest.mark.parametrize(
    "parameter",
    [
        "https://{host}/x",
        "https://{shop}.example.com/x",
        "https://example.com:{port}/x",
        "https://{user}@example.com/x",
        "https://example.com{path}",
    ],
)
def test_address_keeps_its_server_whatever_is_captured(name: str, parameter: str) -> None:
    """A caller does not choose whom the bot talks to."""
    with pytest.raises(ValueError, match="callers would choose the server"):
        actions.ACTIONS[name].check(parameter)


@pytest.mark.parametrize("name", ["post", "play"])
def test_address_may_have_captured_values_behind_its_server(name: str) -> None:
    """In the path and in the query."""
    actions.ACTIONS[name].check("https://example.com/orders/{order}?of={name}")


@pytest.mark.parametrize("parameter", ["{num}", "+31 20 {num}", "sip:desk@{host}", "sip:a@b@{c}"])
def test_transfer_keeps_its_number_whatever_is_captured(parameter: str) -> None:
    """A caller does not choose who is dialled, and the editor is told why."""
    with pytest.raises(ValueError, match="any number dialled at your cost"):
        actions.ACTIONS["transfer"].check(parameter)


def test_transfer_may_have_a_captured_value_before_the_host_of_a_sip_address() -> None:
    """An extension of an office is not dialled at a price."""
    actions.ACTIONS["transfer"].check("sip:{extension}@example.com")


@pytest.mark.parametrize(
    ("name", "written"), [("sms", "a@b +1"), ("transfer", "a%40b%20+1"), ("post", "a%40b%20%2B1")]
)
def test_captured_value_is_written_as_its_parameter_needs_it(name: str, written: str) -> None:
    """In an address it stays within its part of it."""
    assert actions.ACTIONS[name].written("a@b +1") == written
