"""Jobs and answers on their way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.voice.offline import wire


@given(st.text(), st.text(max_size=5), st.integers(50, 200), st.booleans())
def test_job_arrives_as_it_was_sent(text: str, language: str, speed: int, is_markup: bool) -> None:
    """On one line, whatever its text."""
    job = wire.Job(text, language, speed, is_markup)
    line = wire.write_job(job)
    assert line.count(b"\n") == 1
    assert wire.read_job(line) == job


def test_answer_has_its_kind_and_length() -> None:
    """In front of what it is."""
    answer = wire.write_answer(wire.Kind.REFUSED, b"why")
    assert wire.read_header(answer[: wire.HEADER_BYTES]) == (wire.Kind.REFUSED, 3)
    assert answer[wire.HEADER_BYTES :] == b"why"


@pytest.mark.parametrize("header", [b"\x09\0\0\0\1", b"\0\xff\xff\xff\xff"])
def test_header_of_anything_else_is_refused(header: bytes) -> None:
    """A process that talks nonsense is replaced."""
    with pytest.raises(ValueError, match=r"bytes|Kind"):
        wire.read_header(header)
