"""Sound files, mu-law and frames."""

import base64
import io
import wave
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.simulator import audio
from calls.simulator.options import CLIPS


def wav(samples: bytes, *, rate: int = 8000, channels: int = 1, width: int = 2) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(samples)
    return out.getvalue()


def decode(byte: int) -> int:
    """Decode mu-law by the formula of ITU-T G.711."""
    byte = ~byte & 0xFF
    magnitude = (((byte & 0x0F) << 3) + 0x84 << ((byte >> 4) & 7)) - 0x84
    return -magnitude if byte & 0x80 else magnitude


@given(st.integers(-32635, 32635))
def test_encode_mulaw_stays_within_its_steps(sample: int) -> None:
    """Decoded again, a sample is off by at most half a step of its segment."""
    encoded = audio.encode_mulaw(np.array([sample], dtype=np.int16))[0]
    assert abs(decode(encoded) - sample) <= max(4, (abs(sample) + 0x84) / 32)


def test_silence_is_the_code_of_zero() -> None:
    """A zero sample is 0xFF, not 0x00."""
    assert audio.encode_mulaw(np.zeros(1, dtype=np.int16)) == audio.SILENCE == b"\xff"


@pytest.mark.parametrize("extreme", [-32768, 32767])
def test_encode_mulaw_clips_the_loudest(extreme: int) -> None:
    """The ends of the range do not wrap around."""
    encoded = audio.encode_mulaw(np.array([extreme], dtype=np.int16))[0]
    assert decode(encoded) == (32124 if extreme > 0 else -32124)


@pytest.mark.parametrize("rate", [8000, 16000, 44100])
def test_decode_wav_brings_any_rate_to_8_khz(rate: int) -> None:
    """A second of sound stays a second."""
    tone = (8000 * np.sin(np.arange(rate) * 2 * np.pi * 440 / rate)).astype("<i2").tobytes()
    assert len(audio.decode_wav(wav(tone, rate=rate), "a.wav")) == pytest.approx(8000, abs=80)


def test_clips_are_read_as_they_are() -> None:
    """The mu-law bytes of a file are its data chunk, untouched."""
    for path in CLIPS.glob("*.wav"):
        clip = audio.read_wav(path)
        assert clip in path.read_bytes()
        assert path.stat().st_size < 20_000


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (wav(b"\0" * 8, channels=2), "2 channels"),
        (wav(b"\0" * 8, width=1), "8 bits"),
        (wav(b""), "no sound"),
        (b"RIFF....WAVEjunk", "not a WAV file"),
        (b"", "not a WAV file"),
    ],
)
def test_decode_wav_says_what_is_wrong(content: bytes, message: str) -> None:
    """The error names the file and the fault."""
    with pytest.raises(audio.AudioError, match=rf"a\.wav.*{message}"):
        audio.decode_wav(content, "a.wav")


@given(st.binary(max_size=200))
def test_decode_wav_raises_nothing_else(content: bytes) -> None:
    """Any bytes are sound or an AudioError."""
    with suppress(audio.AudioError):
        assert audio.decode_wav(b"RIFF\0\0\0\0WAVE" + content, "a.wav")


def test_read_wav_names_a_missing_file(tmp_path: Path) -> None:
    """A file that is not there is an AudioError."""
    with pytest.raises(audio.AudioError, match=r"nothing\.wav"):
        audio.read_wav(tmp_path / "nothing.wav")


def test_payloads_fill_the_last_frame_with_silence() -> None:
    """Each payload is 160 bytes, and together they are the clip."""
    frames = [base64.b64decode(payload) for payload in audio.payloads(b"\x10" * 200)]
    assert frames == [b"\x10" * 160, b"\x10" * 40 + b"\xff" * 120]


def test_last_sound_skips_the_quiet_end() -> None:
    """Background behind the last loud sample does not count."""
    assert audio.last_sound(b"\x00" * 800 + b"\xf0" * 800) == pytest.approx(0.1)
    assert audio.last_sound(audio.SILENCE * 800) == 0.0
