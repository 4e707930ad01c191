"""What `make call` is told."""

from pathlib import Path

import pytest

from calls.simulator import options
from calls.simulator.options import OptionsError, read_options


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A sound environment, and no `.env`."""
    monkeypatch.setattr(options, "ROOT", tmp_path)
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC" + "0" * 32)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "secret")
    monkeypatch.setenv("TWILIO_API_URL", "http://127.0.0.1:8001")
    monkeypatch.setenv("PUBLIC_URL", "http://127.0.0.1:8000")
    monkeypatch.delenv("SAY", raising=False)


def test_clips_are_those_that_come_along() -> None:
    """Without a word, the caller says what the starter bot is made for."""
    found = read_options(None)
    assert [clip.name for clip in found.clips] == [
        "hello.wav",
        "good.wav",
        "weather.wav",
        "goodbye.wav",
    ]
    assert (found.api_port, found.server_port) == (8001, 8000)


def test_argument_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clips are named with and without `.wav`."""
    monkeypatch.setenv("SAY", "hello")
    assert [clip.name for clip in read_options(None).clips] == ["hello.wav"]
    assert [clip.name for clip in read_options("bad, good.wav").clips] == ["bad.wav", "good.wav"]


def test_dot_env_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The server's settings hold for the simulator."""
    monkeypatch.delenv("PUBLIC_URL")
    (tmp_path / ".env").write_text("PUBLIC_URL=http://127.0.0.1:9000/\n")
    assert read_options(None).public_url == "http://127.0.0.1:9000"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TWILIO_API_URL", "https://api.twilio.com"),
        ("TWILIO_API_URL", ""),
        ("TWILIO_API_URL", "http://127.0.0.1"),
        ("TWILIO_API_URL", "http://10.0.0.1:8001"),
        ("TWILIO_API_URL", "http://127.0.0.1:port"),
        ("TWILIO_ACCOUNT_SID", "AC1"),
        ("TWILIO_AUTH_TOKEN", ""),
    ],
)
def test_unusable_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """With what to do about it."""
    monkeypatch.setenv(name, value)
    with pytest.raises(OptionsError, match=rf"^{name} is .*\.env"):
        read_options(None)


def test_unknown_clip_is_named() -> None:
    """With those that there are."""
    with pytest.raises(OptionsError, match=r"howdy.*bad, good, goodbye, hello, weather"):
        read_options("howdy")


def test_unusable_clip_is_named(tmp_path: Path) -> None:
    """A file that is no sound says so."""
    path = tmp_path / "noise.wav"
    path.write_bytes(b"noise")
    with pytest.raises(OptionsError, match=r"noise\.wav: not a WAV file"):
        read_options(str(path))
