"""What the caller says on one stream: clips, one behind the other, or live; else silence."""

import asyncio
import base64
from collections import deque
from dataclasses import dataclass

from calls.simulator import audio
from calls.simulator.microphone import Microphone


@dataclass(slots=True)
class _Utterance:
    payloads: tuple[str, ...]
    sent: asyncio.Future[bool]
    position: int = 0


class Voice:
    """A queue of clips that is taken frame by frame; where it is empty, `live` is."""

    def __init__(self) -> None:
        self.live = Microphone()
        self._utterances: deque[_Utterance] = deque()

    async def speak(self, clip: bytes) -> bool:
        """Queue a clip; returns when it was taken to its end, or False when it was dropped."""
        if not clip:
            return True
        sent: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._utterances.append(_Utterance(audio.payloads(clip), sent))
        return await sent

    def next_payload(self) -> str:
        """Take the base64 payload of the next frame."""
        if not self._utterances:
            frame = self.live.take()
            return audio.SILENT_PAYLOAD if frame is None else base64.b64encode(frame).decode()
        utterance = self._utterances[0]
        utterance.position += 1
        return utterance.payloads[utterance.position - 1]

    def sent(self) -> None:
        """Tell that the frame taken last is sent."""
        if self._utterances and self._utterances[0].position == len(self._utterances[0].payloads):
            _resolve(self._utterances.popleft(), True)

    def drop(self) -> None:
        """Drop what is queued."""
        while self._utterances:
            _resolve(self._utterances.popleft(), False)


def _resolve(utterance: _Utterance, whole: bool) -> None:
    # Whoever spoke may have been cancelled.
    if not utterance.sent.done():
        utterance.sent.set_result(whole)
