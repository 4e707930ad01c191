"""What a caller hears of audio of our own."""

import asyncio

from calls.simulator import SimulatedCall, Twilio
from calls.simulator.media_stream import MediaStream
from calls.simulator.stream_messages import Mark, Media
from tests.calls.by_phone.conftest import Phone
from tests.calls.voice.spelling import read
from tests.waiting import SOON

SYNTHESIZER = "tests.calls.voice.spelling.SpellingSynthesizer"


class Ear:
    """What one stream lets the caller hear, in its order."""

    def __init__(self, stream: MediaStream) -> None:
        self.stream = stream
        self._position = 0

    async def until(self, kind: type, within: float = SOON) -> list[bytes]:
        """Return the audio that comes before the next message of a kind."""
        audio: list[bytes] = []
        async with asyncio.timeout(within):
            while True:
                message = (await self.stream.message(self._position)).message
                self._position += 1
                if isinstance(message, kind):
                    return [message.audio] if isinstance(message, Media) else audio
                if isinstance(message, Media):
                    audio.append(message.audio)

    async def hears(self, within: float = SOON) -> str:
        """Return the next text that is spoken to its end."""
        return " ".join(read(await self.until(Mark, within)))


async def picked_up(phone: Phone, twilio: Twilio) -> tuple[SimulatedCall, Ear]:
    """Call the number; return when the stream is open."""
    call = await phone.ring(twilio)
    return call, Ear(await call.stream_open(SOON))
