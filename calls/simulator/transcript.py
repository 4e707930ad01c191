"""What the server heard and said in a call, as its transcript tells."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp

from calls.simulator.account import Account, signed_form


class TranscriptError(Exception):
    """The server gives no transcript; the message says why."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said. `at` is seconds since the epoch."""

    role: str
    text: str
    at: float


@dataclass(frozen=True, slots=True)
class Transcript:
    """A call as the server has it on record."""

    admin_url: str
    turns: tuple[Turn, ...]

    def by(self, role: str) -> list[Turn]:
        """Give the turns of `caller` or of `bot`."""
        return [turn for turn in self.turns if turn.role == role]


class Transcripts:
    """Asks a server for transcripts, signed as Twilio signs."""

    def __init__(self, public_url: str, account: Account) -> None:
        self._public_url = public_url
        self._account = account

    async def get(self, call_sid: str) -> Transcript:
        """Fetch a call's transcript. Raises TranscriptError."""
        url = f"{self._public_url}/voice/transcript?CallSid={call_sid}"
        headers = {"X-Twilio-Signature": self._account.sign(signed_form(url))}
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session,
                session.get(url, headers=headers) as response,
            ):
                if response.status != 200:
                    raise TranscriptError(f"{url} answered HTTP {response.status}")
                return _read(await response.json())
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TranscriptError(f"{url}: {error!r}") from error
        except (KeyError, TypeError, ValueError) as error:
            raise TranscriptError(f"{url}: not the JSON of a transcript ({error!r})") from error


def _read(content: Any) -> Transcript:
    turns = tuple(
        Turn(
            role=turn["role"],
            text=turn["text"],
            at=datetime.fromisoformat(turn["at"]).timestamp(),
        )
        for turn in content["turns"]
    )
    return Transcript(content["call"]["admin_url"], turns)
