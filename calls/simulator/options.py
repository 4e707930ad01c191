"""What `make call` is told by the environment, by `.env` and by its arguments."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from environs import Env

from calls.simulator import audio
from calls.simulator.account import Account

ROOT: Final = Path(__file__).resolve().parents[2]
CLIPS: Final = Path(__file__).with_name("clips")
DEFAULT_CLIPS: Final = ("hello", "good", "weather", "goodbye")
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class OptionsError(Exception):
    """A setting cannot be used; the message says what to set."""


@dataclass(frozen=True, slots=True)
class Clip:
    """Something for the caller to say."""

    name: str
    sound: bytes


@dataclass(frozen=True, slots=True)
class Options:
    """The settings of one simulated call."""

    public_url: str
    account: Account
    api_port: int
    clips: tuple[Clip, ...]

    @property
    def server_host(self) -> str:
        """The host of the server that is called."""
        return urlsplit(self.public_url).hostname or ""

    @property
    def server_port(self) -> int:
        """The port of the server that is called."""
        parts = urlsplit(self.public_url)
        return parts.port or {"https": 443}.get(parts.scheme, 80)


def read_options(say: str | None) -> Options:
    """Read the settings; `say` names the clips, separated by commas. Raises OptionsError."""
    env = Env()
    env.read_env(str(ROOT / ".env"), recurse=False)
    account_sid = env.str("TWILIO_ACCOUNT_SID", "")
    auth_token = env.str("TWILIO_AUTH_TOKEN", "")
    if not re.fullmatch("AC[0-9a-fA-F]{32}", account_sid):
        raise OptionsError(
            "TWILIO_ACCOUNT_SID is not set, or is not AC and 32 hexadecimal digits. "
            "Set it in .env; for simulated calls any such value will do."
        )
    if not auth_token:
        raise OptionsError(
            "TWILIO_AUTH_TOKEN is not set. Set it in .env; for simulated calls any value will do, "
            "as long as the server has the same."
        )
    words = say or env.str("SAY", "") or ",".join(DEFAULT_CLIPS)
    return Options(
        public_url=env.str("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
        account=Account(account_sid, auth_token),
        api_port=_api_port(env.str("TWILIO_API_URL", "")),
        clips=_clips(words.split(",")),
    )


def _api_port(url: str) -> int:
    address = re.fullmatch(r"http://(?:127\.0\.0\.1|localhost):(\d{1,5})/?", url)
    if address is None:
        found = url or "not set, which means Twilio itself"
        raise OptionsError(
            f"TWILIO_API_URL is {found}. A simulated call needs a free address of this machine "
            "there, at which the simulator takes the place of Twilio's REST API: put "
            "TWILIO_API_URL=http://127.0.0.1:8001 into .env and restart the server."
        )
    return int(address[1])


def _clips(names: Sequence[str]) -> tuple[Clip, ...]:
    """Load clips: files, or the names of those that come with the simulator."""
    clips = []
    for name in filter(None, (name.strip() for name in names)):
        path = Path(name)
        if not path.exists():
            path = CLIPS / path.with_suffix(".wav").name
        if not path.exists():
            known = ", ".join(sorted(clip.stem for clip in CLIPS.glob("*.wav")))
            raise OptionsError(f"There is no file {name}, and no clip of that name among {known}.")
        try:
            clips.append(Clip(path.name, audio.read_wav(path)))
        except audio.AudioError as error:
            raise OptionsError(str(error)) from error
    return tuple(clips)
