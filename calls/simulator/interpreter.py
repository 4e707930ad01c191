"""Carries out TwiML documents as Twilio does: from top to bottom, until the call ends."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from calls.simulator import audio, verbs
from calls.simulator.call_log import CallLog
from calls.simulator.dialling import Dialler
from calls.simulator.gathering import Gatherer
from calls.simulator.handset import Handset
from calls.simulator.speaker import Origin, Speaker
from calls.simulator.streams import Streams
from calls.simulator.twiml import PARSE_FAILURE, TwimlError, parse
from calls.simulator.webhook import Answer, WebhookError, Webhooks

MAX_REDIRECTS: Final = 10
TOO_MANY_REDIRECTS: Final = 12400
BAD_CONTENT_TYPE: Final = 12300
INVALID_CALLER_ID: Final = 13214
TEXT_TOO_LONG: Final = 13521
MAX_SAY_CHARACTERS: Final = 4096
_TWIML_TYPES: Final = frozenset({"text/xml", "application/xml", "text/html"})
_UNKNOWN_SOUND_SECONDS: Final = 1.0


class EndReason(StrEnum):
    """Why a call ended."""

    HANGUP_VERB = "the bot hung up"
    END_OF_DOCUMENT = "the document ended"
    REJECTED = "the call was rejected"
    REST = "the server ended it"
    CALLER = "the caller hung up"
    APPLICATION_ERROR = "an application error has occurred"


@dataclass(frozen=True, slots=True)
class FromUrl:
    """A document that is to be requested; `extra` are parameters beside those of every request."""

    url: str
    method: str = "POST"
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FromRest:
    """A document that came with a REST update."""

    twiml: str


Source = FromUrl | FromRest


class Interpreter:
    """Runs one call's documents; `run` may be cancelled and begun again with another document."""

    def __init__(
        self,
        *,
        webhooks: Webhooks,
        speaker: Speaker,
        streams: Streams,
        log: CallLog,
        request_params: Callable[[], dict[str, str]],
        on_document: Callable[[tuple[verbs.Verb, ...]], None],
        fallback_url: str | None,
        pause_scale: float,
        lost_stream_ends_call: Callable[[], bool],
        handset: Handset | None = None,
    ) -> None:
        """`on_document` is told of each document before its first verb is carried out."""
        self.gatherer = Gatherer(log, pause_scale, handset)
        self.dialler = Dialler(log, pause_scale, handset)
        self.failure = ""
        """What went wrong, where the call ended with an application error."""
        self.pauses_end = asyncio.Event()
        """Cleared while no Pause is to end."""
        self.pauses_end.set()
        self._webhooks = webhooks
        self._speaker = speaker
        self._handset = handset
        self._streams = streams
        self._log = log
        self._request_params = request_params
        self._on_document = on_document
        self._fallback_url = fallback_url
        self._pause_scale = pause_scale
        self._lost_stream_ends_call = lost_stream_ends_call
        self._base_url = ""
        self._origin: Origin = "webhook"
        self._time_passed = False

    async def run(self, source: Source) -> EndReason:
        """Carry out a document and those it leads to; returns when the call is to end."""
        redirects = 0
        self.dialler.running = None
        while True:
            self._time_passed = False
            try:
                document = await self._load(source)
                self._on_document(document)
                outcome = await self._carry_out(document)
                redirects = 0 if self._time_passed else redirects + 1
                _refuse_loop(redirects)
            except (WebhookError, TwimlError) as error:
                self._log.report(error.code, str(error))
                failed_url = source.url if isinstance(source, FromUrl) else ""
                if not self._fallback_url or failed_url == self._fallback_url:
                    self.failure = f"{error.code}: {error}"
                    return EndReason.APPLICATION_ERROR
                extra = {"ErrorCode": str(error.code), "ErrorUrl": failed_url}
                outcome = FromUrl(self._fallback_url, "POST", extra)
            if isinstance(outcome, EndReason):
                return outcome
            source = outcome

    async def finish_dial(self) -> None:
        """Tell the action of a Dial that the caller has hung up meanwhile; no answer is followed.

        Twilio requests it whenever the dialled call ends, on whichever side.
        """
        verb = self.dialler.running
        if verb is None:
            return
        params = {**self._request_params(), **self.dialler.give_up()}
        if verb.action:
            try:
                await self._webhooks.fetch(verb.action, verb.method, params)
            except WebhookError as error:
                self._log.report(error.code, str(error))

    async def _load(self, source: Source) -> tuple[verbs.Verb, ...]:
        if isinstance(source, FromRest):
            self._origin = "rest"
            return parse(source.twiml, None)
        params = {**self._request_params(), **source.extra}
        answer = await self._webhooks.fetch(source.url, source.method, params)
        self._origin, self._base_url = "webhook", answer.url
        return _document(answer)

    async def _carry_out(self, document: tuple[verbs.Verb, ...]) -> Source | EndReason:
        for verb in document:
            outcome = await self._verb(verb)
            if outcome is not None:
                return outcome
        return EndReason.END_OF_DOCUMENT

    async def _verb(self, verb: verbs.Verb) -> Source | EndReason | None:
        if not isinstance(verb, verbs.Say):
            self._log.add("verb", name=type(verb).__name__)
        match verb:
            case verbs.Say() | verbs.Play() | verbs.Pause():
                await self._spoken(verb)
            case verbs.Redirect(url, method):
                return FromUrl(url, method)
            case verbs.Hangup():
                return EndReason.HANGUP_VERB
            case verbs.Reject():
                return EndReason.REJECTED
            case verbs.StartStream(stream):
                self._streams.open(stream, bidirectional=False)
            case verbs.StopStream(name):
                await self._streams.stop(name)
            case verbs.ConnectStream():
                return await self._connect(verb)
            case verbs.Dial():
                return await self._dial(verb)
            case verbs.Gather():
                return await self._gather(verb)
        return None

    async def _spoken(self, verb: verbs.Spoken) -> None:
        self._time_passed = True
        match verb:
            case verbs.Say(text):
                if len(text) > MAX_SAY_CHARACTERS:
                    self._log.report(TEXT_TOO_LONG, f"a Say of {len(text)} characters")
                await self._speaker.say(verb, self._origin)
            case verbs.Pause(length):
                await asyncio.sleep(length * self._pause_scale)
                await self.pauses_end.wait()
            case verbs.Play():
                await self._play(verb)

    async def _play(self, verb: verbs.Play) -> None:
        self._log.add("play", url=verb.url, digits=verb.digits)
        try:
            seconds, clip = await self._sound(verb)
        except WebhookError as error:
            # The caller hears nothing of it, and the call goes on.
            self._log.report(error.code, f"Play: {error}")
            return
        if verb.url and not clip and self._handset is not None:
            self._handset.unheard(verb.url)
        for _ in range(verb.loop or 1000):
            await self._speaker.sound(seconds, clip)

    async def _sound(self, verb: verbs.Play) -> tuple[float, bytes]:
        """Give how long something sounds, and the sound itself, as mu-law, where it is known."""
        if verb.digits:
            return 0.5 * len(verb.digits), b""
        answer = await self._webhooks.fetch(verb.url, "GET", {})
        if answer.content_type in {"audio/wav", "audio/wave", "audio/x-wav"}:
            try:
                clip = audio.decode_wav(answer.body, answer.url)
            except audio.AudioError as error:
                raise TwimlError(BAD_CONTENT_TYPE, str(error)) from error
            return audio.seconds(clip), clip
        # Compressed sound is not decoded here.
        return _UNKNOWN_SOUND_SECONDS, b""

    async def _connect(self, verb: verbs.ConnectStream) -> Source | EndReason | None:
        self._time_passed = True
        stream = self._streams.open(verb.stream, bidirectional=True)
        if stream is not None:
            try:
                end = await stream.ended()
            except asyncio.CancelledError:
                # New TwiML ends the stream together with the verb.
                await stream.stop()
                raise
            if end.how == "lost" and self._lost_stream_ends_call():
                return EndReason.END_OF_DOCUMENT
        return FromUrl(verb.action, verb.method) if verb.action else None

    async def _dial(self, verb: verbs.Dial) -> Source | None:
        self._time_passed = True
        known = self._request_params()
        caller_id = verb.caller_id or known["From"]
        if caller_id not in {known["From"], known["To"]}:
            self._log.report(
                INVALID_CALLER_ID, f"Dial: callerId {caller_id!r} is not the account's"
            )
        ended = await self.dialler.dial(verb, caller_id)
        return FromUrl(verb.action, verb.method, ended) if verb.action else None

    async def _gather(self, verb: verbs.Gather) -> Source | None:
        self._time_passed = True
        url = verb.action or self._base_url
        if not url:
            raise TwimlError(PARSE_FAILURE, "a Gather that came by REST needs an action")
        heard = await self.gatherer.gather(verb, self._prompt(verb.nested))
        return None if heard is None else FromUrl(url, verb.method, heard)

    async def _prompt(self, nested: tuple[verbs.Spoken, ...]) -> None:
        for verb in nested:
            await self._spoken(verb)


def _document(answer: Answer) -> tuple[verbs.Verb, ...]:
    """Read an answer by its content type, as Twilio does."""
    if answer.content_type in _TWIML_TYPES:
        return parse(answer.body, answer.url)
    if answer.content_type == "text/plain":
        try:
            return parse(answer.body, answer.url)
        except TwimlError:
            text = answer.body.decode(errors="replace")
            return (verbs.Say(text=text, voice="", language="en-US", loop=1),)
    if answer.content_type.startswith("audio/"):
        return (verbs.Play(url=answer.url, digits="", loop=1),)
    raise TwimlError(BAD_CONTENT_TYPE, f"{answer.url}: content type {answer.content_type!r}")


def _refuse_loop(redirects: int) -> None:
    """Tell a server that sends the call in circles: no caller would ever hear a thing."""
    if redirects > MAX_REDIRECTS:
        raise TwimlError(TOO_MANY_REDIRECTS, f"more than {MAX_REDIRECTS} redirects in no time")
