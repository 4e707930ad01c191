"""The buffer between an uneven network and an even clock."""

from hypothesis import given
from hypothesis import strategies as st

from calls.simulator.microphone import MAX_FRAMES, PREFILL_FRAMES, TARGET_FRAMES, Microphone

QUIET = b"\xff" * 160


def loud(number: int) -> bytes:
    """A frame that can be heard, and told from others."""
    return bytes([number % 256]) + b"\x80" * 159


def test_frames_come_out_in_their_order() -> None:
    """As they were spoken."""
    microphone = Microphone()
    for number in range(5):
        microphone.put(loud(number))
    assert [microphone.take() for _ in range(5)] == [loud(number) for number in range(5)]


def test_a_few_frames_are_waited_for() -> None:
    """So that the next one that is late leaves no gap."""
    microphone = Microphone()
    for number in range(PREFILL_FRAMES - 1):
        microphone.put(loud(number))
        assert microphone.take() is None
    microphone.put(loud(9))
    assert microphone.take() == loud(0)


def test_gap_is_filled_with_nothing() -> None:
    """And then a few frames are waited for again."""
    microphone = Microphone()
    for number in range(PREFILL_FRAMES):
        microphone.put(loud(number))
    assert [microphone.take() is None for _ in range(PREFILL_FRAMES + 1)] == [False] * 3 + [True]
    microphone.put(loud(1))
    assert microphone.take() is None


def test_silence_is_skipped_while_too_much_waits() -> None:
    """A burst, after the network stood still, does not delay all that is said later."""
    microphone = Microphone()
    for number in range(TARGET_FRAMES):
        microphone.put(QUIET)
        microphone.put(loud(number))
    heard = [microphone.take() for _ in range(TARGET_FRAMES + 3)]
    assert [frame for frame in heard if frame not in {QUIET, None}] == [
        loud(number) for number in range(TARGET_FRAMES)
    ]
    assert heard.count(QUIET) < TARGET_FRAMES


def test_no_more_than_a_second_is_kept() -> None:
    """The newest: what was said long ago is not worth hearing."""
    microphone = Microphone()
    for number in range(200):
        microphone.put(loud(number))
    assert len(microphone) == MAX_FRAMES
    assert microphone.take() == loud(200 - MAX_FRAMES)


@given(st.lists(st.sampled_from(["loud", "quiet", "take"]), max_size=400))
def test_nothing_loud_is_lost_doubled_or_turned_around(steps: list[str]) -> None:
    """Whatever comes when, but for what is older than a second."""
    microphone = Microphone()
    put: list[bytes] = []
    taken: list[bytes] = []
    is_full = False
    for step in steps:
        if step == "take":
            frame = microphone.take()
            if frame is not None and frame != QUIET:
                taken.append(frame)
        else:
            frame = loud(len(put)) if step == "loud" else QUIET
            is_full |= len(microphone) == MAX_FRAMES
            microphone.put(frame)
            put += [frame] if frame != QUIET else []
        assert len(microphone) <= MAX_FRAMES
    if not is_full:
        assert taken == put[: len(taken)]
