"""The buffer of a call's latest audio."""

from hypothesis import given
from hypothesis import strategies as st

from calls.speech.ring_buffer import RingBuffer


class TestRingBuffer:
    """Positions are those of the whole call."""

    @given(
        pieces=st.lists(st.binary(max_size=40)),
        capacity=st.integers(1, 60),
        position=st.integers(0, 400),
    )
    def test_since_returns_what_is_kept_of_the_whole_audio(
        self, pieces: list[bytes], capacity: int, position: int
    ) -> None:
        """Whatever the pieces, it is the audio from the position on, or from the oldest byte on."""
        ring = RingBuffer(capacity)
        for piece in pieces:
            ring.append(piece)
        whole = b"".join(pieces)
        assert ring.end == len(whole)
        assert ring.start == max(0, len(whole) - capacity)
        assert ring.since(position) == whole[max(position, ring.start) :]
