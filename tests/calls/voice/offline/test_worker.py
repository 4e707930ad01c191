"""What a process that speaks does with its jobs."""

import io

import numpy as np

from calls.speech import mulaw
from calls.voice.offline import wire, worker
from calls.voice.offline.speaker import NotSpoken, Sound, Spoken, to_line

RATE = 16_000


def tone(seconds: float, level: float = 0.5) -> Sound:
    """Return a tone of 400 Hz."""
    times = np.arange(round(seconds * RATE)) / RATE
    sound: Sound = (level * np.sin(2 * np.pi * 400 * times)).astype(np.float32)
    return sound


class Beeper:
    """Beeps instead of speaking; some texts it does not take."""

    gain = 1.0

    def __call__(self, job: wire.Job) -> Spoken:
        """Beep for a second."""
        if job.text == "refuse":
            raise NotSpoken("Not that.")
        if job.text == "fail":
            raise RuntimeError(f"cannot say {job.text}")
        return Spoken(tone(1.0), RATE)


def answered(*texts: str) -> list[tuple[wire.Kind, bytes]]:
    """Return the answers to jobs with these texts."""
    jobs = io.BytesIO(b"".join(wire.write_job(wire.Job(text, "en-US")) for text in texts))
    answers = io.BytesIO()
    worker.serve(Beeper(), jobs, answers)
    answers.seek(0)
    found = []
    while header := answers.read(wire.HEADER_BYTES):
        kind, length = wire.read_header(header)
        found.append((kind, answers.read(length)))
    return found


def test_jobs_are_answered_in_their_order() -> None:
    """One fails, and the next is done all the same."""
    kinds = [kind for kind, _ in answered("hi", "refuse", "fail", "hi")]
    assert kinds == [wire.Kind.AUDIO, wire.Kind.REFUSED, wire.Kind.FAILED, wire.Kind.AUDIO]


def test_refusal_carries_its_sentence() -> None:
    """For the operator."""
    assert answered("refuse") == [(wire.Kind.REFUSED, b"Not that.")]


def test_failure_carries_nothing_of_the_text() -> None:
    """It ends up in the log."""
    assert answered("fail") == [(wire.Kind.FAILED, b"RuntimeError")]


class TestSound:
    """From a voice to the line."""

    def test_becomes_eight_samples_a_millisecond(self) -> None:
        """Whatever the rate of the voice."""
        assert abs(len(to_line(Spoken(tone(1.0), RATE), 1.0)) - 8000) < 10

    def test_keeps_its_level(self) -> None:
        """A tone stays what it is."""
        samples = mulaw.to_pcm(to_line(Spoken(tone(1.0), RATE), 1.0))
        assert abs(float(np.abs(samples).max()) / 32768 - 0.5) < 0.03

    def test_quiet_voice_is_raised(self) -> None:
        """All voices are equally loud."""
        samples = mulaw.to_pcm(to_line(Spoken(tone(1.0, 0.1), RATE), 3.0))
        assert abs(float(np.abs(samples).max()) / 32768 - 0.3) < 0.03

    def test_loud_voice_does_not_wrap_around(self) -> None:
        """It is cut at the loudest there is."""
        samples = mulaw.to_pcm(to_line(Spoken(tone(1.0), RATE), 9.0))
        assert int(np.abs(samples.astype(np.int32)).max()) <= 32768

    def test_silence_around_it_goes(self) -> None:
        """A caller would wait through it."""
        quiet = np.zeros(RATE, np.float32)
        sound = np.concatenate([quiet, tone(1.0), quiet])
        assert abs(len(to_line(Spoken(sound, RATE), 1.0)) / 8000 - 1.15) < 0.02

    def test_nothing_but_silence_is_nothing(self) -> None:
        """Of a text without a word, say."""
        assert to_line(Spoken(np.zeros(RATE, np.float32), RATE), 1.0) == b""
        assert to_line(Spoken(np.zeros(0, np.float32), RATE), 1.0) == b""
