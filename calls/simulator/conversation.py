"""One simulated call from its first ring to its end, told as it happens."""

import time
from collections import deque
from contextlib import suppress
from typing import Final

from calls.simulator import audio
from calls.simulator.call import CallOverError, SimulatedCall
from calls.simulator.call_log import LogEntry
from calls.simulator.console import Console
from calls.simulator.interpreter import EndReason
from calls.simulator.options import Clip, Options
from calls.simulator.service import Twilio
from calls.simulator.transcript import Transcript, TranscriptError, Transcripts, Turn
from calls.simulator.utterances import BEGINS, CLEARED, ENDS

CALLER_NUMBER: Final = "+15005550001"
BOT_NUMBER: Final = "+15005550006"
STREAM_SECONDS: Final = 10.0
ANSWER_SECONDS: Final = 15.0
SPEECH_SECONDS: Final = 300.0
GOODBYE_SECONDS: Final = 5.0
BREATH_SECONDS: Final = 0.4
"""How long the caller waits before speaking; whatever the bot adds meanwhile is listened to."""
MARK_SECONDS: Final = 3.0
"""How long the end of audio is waited for behind its last sound: a bot may send it haltingly."""


HEARD_BY_TWILIO: Final = (
    "The server could not hear the caller by itself and left it to Twilio, which hears no "
    "recordings here. The server's log and the call's page tell why."
)


class ConversationError(Exception):
    """The call did not go as planned; the message says where, and what to look at."""


class Conversation:
    """Places a call and speaks its clips in turn, each when the bot has finished speaking."""

    def __init__(self, twilio: Twilio, options: Options, console: Console) -> None:
        self._twilio = twilio
        self._options = options
        self._console = console
        self._transcripts = Transcripts(options.public_url, options.account)
        self._transcript = Transcript(admin_url="", turns=())
        self._no_transcript = ""
        self._unheard: deque[str] = deque()
        """What the bot is known to say, and the caller has not begun to hear."""
        self._heard_at: float | None = None
        self._fell_silent_at: float | None = None

    async def run(self) -> None:
        """Hold the conversation. Raises ConversationError."""
        url = self._options.public_url
        self._console.begin()
        call = await self._twilio.dial(
            f"{url}/voice/stream",
            from_=CALLER_NUMBER,
            to=BOT_NUMBER,
            status_callback=f"{url}/voice/status",
        )
        try:
            await self._talk(call)
        finally:
            # While the server is still there to be told of it.
            await call.hang_up()

    async def _talk(self, call: SimulatedCall) -> None:
        unspoken = list(self._options.clips)
        try:
            await self._listen(call, "its greeting")
            await self._wait_for_stream(call)
            while unspoken:
                clip = unspoken.pop(0)
                await self._speak(call, clip)
                await self._listen(call, f"an answer to {clip.name}")
            reason = await self._goodbye(call)
        except CallOverError as over:
            reason = over.reason
        if reason is EndReason.APPLICATION_ERROR:
            raise ConversationError(_explain(call))
        await self._sum_up(call, reason, unspoken)

    async def _wait_for_stream(self, call: SimulatedCall) -> None:
        try:
            await call.stream_open(STREAM_SECONDS)
        except TimeoutError as error:
            if call.has_gathered:
                raise ConversationError(HEARD_BY_TWILIO) from error
            warnings = "; ".join(str(entry.detail["message"]) for entry in call.log.of("warning"))
            raise ConversationError(
                f"No media stream within {STREAM_SECONDS:.0f} s. {warnings}".strip()
            ) from error

    async def _listen(self, call: SimulatedCall, awaited: str) -> None:
        """Print what the bot says, until it has been silent for a moment."""
        try:
            heard = await call.next_heard(ANSWER_SECONDS)
        except TimeoutError as error:
            await self._print_news(call)
            raise ConversationError(
                f"The bot was silent for {ANSWER_SECONDS:.0f} s where {awaited} was expected. "
                "The server's log may tell why."
            ) from error
        while True:
            await self._print_heard(call, heard)
            await call.heard_out(SPEECH_SECONDS)
            try:
                within = MARK_SECONDS if heard.kind == BEGINS else BREATH_SECONDS
                heard = await call.next_heard(within)
            except TimeoutError:
                return

    async def _speak(self, call: SimulatedCall, clip: Clip) -> None:
        self._console.event(
            time.monotonic(), "Caller", f"{clip.name} ({audio.seconds(clip.sound):.1f} s)"
        )
        await call.say(clip.sound)
        trailing = audio.seconds(clip.sound) - audio.last_sound(clip.sound)
        self._fell_silent_at = time.time() - trailing

    async def _goodbye(self, call: SimulatedCall) -> EndReason:
        """Give the bot a moment to hang up, then do it."""
        try:
            return await call.ended(GOODBYE_SECONDS)
        except TimeoutError:
            await call.hang_up()
            return EndReason.CALLER

    async def _print_heard(self, call: SimulatedCall, heard: LogEntry) -> None:
        """Print a sound of the bot, behind what the server heard before it."""
        if heard.kind in {ENDS, CLEARED}:
            how = {ENDS: "heard to its end,", CLEARED: "cleared after"}[heard.kind]
            self._console.event(heard.at, "", f"{how} {heard.detail['seconds']:.1f} s")
            return
        await self._print_news(call)
        if heard.kind == "say":
            text = str(heard.detail["text"])
            with suppress(ValueError):
                self._unheard.remove(text)
        else:
            text = self._spoken()
        self._print_said(heard.at, text)

    def _spoken(self) -> str:
        """Give the text of audio that begins: a turn that is new, else the last once more."""
        if self._unheard:
            return self._unheard.popleft()
        said = self._transcript.by("bot")
        return said[-1].text if said else "(audio)"

    def _print_said(self, at_monotonic: float, text: str) -> None:
        note = ""
        if self._heard_at is not None:
            # Told in monotonic time by the one and in clock time by the other.
            delay = at_monotonic + time.time() - time.monotonic() - self._heard_at
            note = f"{1000 * delay:.0f} ms after it was heard"
            self._heard_at = None
        self._console.event(at_monotonic, "Bot", text, note)

    async def _print_news(self, call: SimulatedCall) -> None:
        """Print what the server has heard since the last time, and note what it has said."""
        try:
            transcript = await self._transcripts.get(call.sid)
        except TranscriptError as error:
            self._no_transcript = str(error)
            return
        known, self._transcript = len(self._transcript.turns), transcript
        for turn in transcript.turns[known:]:
            if turn.role == "caller":
                self._print_turn(turn)
            else:
                self._unheard.append(turn.text)

    def _print_turn(self, turn: Turn) -> None:
        note = ""
        if self._fell_silent_at is not None and turn.at >= self._fell_silent_at:
            note = f"{1000 * (turn.at - self._fell_silent_at):.0f} ms after the last sound"
        self._heard_at = turn.at
        at_monotonic = turn.at - time.time() + time.monotonic()
        text = f'"{turn.text}"' if turn.text else "(no words)"
        self._console.event(at_monotonic, "Heard", text, note)

    async def _sum_up(self, call: SimulatedCall, reason: EndReason, unspoken: list[Clip]) -> None:
        await self._print_news(call)
        lost = 0
        remarks = [f"Call ended: {reason}."]
        if unspoken:
            remarks.append(f"Not spoken: {', '.join(clip.name for clip in unspoken)}.")
        if self._no_transcript:
            remarks.append(f"What was heard is not known: {self._no_transcript}.")
        else:
            spoken = len(self._options.clips) - len(unspoken)
            heard, said = len(self._transcript.by("caller")), len(self._transcript.by("bot"))
            lost = max(0, spoken - heard)
            remarks.append(
                f"Caller: {spoken} spoken, {heard} heard, {lost} lost. "
                f"Bot: {said} turns. Transcript: {self._transcript.admin_url}"
            )
        self._console.remark(" ".join(remarks))
        if lost:
            why = f" {HEARD_BY_TWILIO}" if call.has_gathered else ""
            raise ConversationError(f"{lost} of {spoken} clips were not heard.{why}")


def _explain(call: SimulatedCall) -> str:
    if 403 in (answer.detail["status"] for answer in call.log.of("answer")):
        return (
            f"{call.failure}. The server does not take the call's signature: are "
            "TWILIO_AUTH_TOKEN and PUBLIC_URL the same there as here?"
        )
    return f"The call failed: {call.failure}"
