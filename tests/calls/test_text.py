"""Text from outside."""

from hypothesis import given
from hypothesis import strategies as st

from calls.text import printable


@given(st.text(), st.none() | st.integers(0, 50))
def test_any_text_becomes_fit_to_be_stored(text: str, limit: int | None) -> None:
    """No NUL, nothing that UTF-8 cannot carry, no more than asked for."""
    result = printable(text, limit)
    assert "\x00" not in result
    result.encode("utf-8")
    assert len(result) <= len(text if limit is None else text[:limit])


def test_ordinary_text_stays_as_it_is() -> None:
    """Letters of any script, line breaks, tabs."""
    assert printable("Größe\n\t你好 🙂") == "Größe\n\t你好 🙂"


def test_control_characters_become_spaces() -> None:
    """Words stay apart."""
    assert printable("a\x00b\x0bc\ud800d") == "a b c d"
