"""Line `say`: Twilio speaks to the caller, told by an update of the call through its REST API."""

from calls.addresses import dialled_url, next_redirect_url, public_url
from calls.step import voice_of
from calls.twilio import twiml
from calls.twilio.rest import TwilioRest
from chatbot import actions
from chatbot.answers import Answer
from chatbot.script import Script


class TooLong(Exception):
    """The answer is longer than an update can be. The call can fetch it from /voice/next."""


class SayLine:
    """How one call hears us; `stream` is the name of its open stream.

    Every method raises CallIsOver or UpdateFailed of `calls.twilio.rest`.
    Times are `time.monotonic()` of the moment at which the request was sent that was taken.
    """

    def __init__(self, call_sid: str, stream: str, rest: TwilioRest) -> None:
        self._call_sid = call_sid
        self._stream = stream
        self._rest = rest

    async def say(self, script: Script, answer: Answer) -> float:
        """Speak in place of what is being said, and do what follows, or listen on.

        Raises TooLong.
        """
        speech = twiml.Speech(
            answer.text,
            voice_of(script, answer.manner),
            actions.directives(answer.action, answer.parameter),
        )
        onward = twiml.Onward(
            script.silence_seconds, public_url("voice-next"), dialled_url(), self._stream
        )
        document = twiml.say(speech, onward)
        if len(document) > twiml.MAX_UPDATE_CHARACTERS:
            raise TooLong
        return await self._rest.replace(self._call_sid, document)

    async def ask(self) -> float:
        """Have the call ask /voice/next what to do now."""
        return await self._rest.redirect(self._call_sid, next_redirect_url())

    async def end(self) -> None:
        """End the call; one that is over already is no error."""
        await self._rest.end(self._call_sid)
