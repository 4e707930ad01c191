"""The keys of a telephone."""

import pytest

from chatbot.keys import can_be_said, is_keys, pressed


@pytest.mark.parametrize("text", ["1", " 4711 ", "*", "#", "*9#"])
def test_keys_are_nothing_but_keys(text: str) -> None:
    """Digits, star and hash."""
    assert is_keys(text)


@pytest.mark.parametrize("text", ["", "one", "1 2", "٣", "+1"])
def test_keys_are_nothing_else(text: str) -> None:
    """Not even the digits of other scripts: no telephone has them."""
    assert not is_keys(text)


def test_keys_that_can_be_said() -> None:
    """A number can, a star cannot."""
    assert can_be_said("4711")
    assert not can_be_said("*9")


@pytest.mark.parametrize(("keys", "entry"), [("47 11", "4711"), ("4711#", "4711"), ("#", "#")])
def test_keys_pressed_in_a_row_are_one_entry(keys: str, entry: str) -> None:
    """The hash ends it; alone it is one of its own."""
    assert pressed(keys) == entry


@pytest.mark.parametrize(("keys", "why"), [("12a", "digits 0 to 9"), ("1#2", "ends"), ("", "one")])
def test_keys_pressed_that_are_no_entry(keys: str, why: str) -> None:
    """The sentence tells why."""
    with pytest.raises(ValueError, match=why):
        pressed(keys)
