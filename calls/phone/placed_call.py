"""The call of a phone in the browser: placed by the simulator, with the page as its handset."""

import asyncio
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.urls import reverse

from calls.phone import messages
from calls.phone.exchange import Letter, NoAnswer, Post, call_group, number_group
from calls.phone.handset import BrowserHandset
from calls.phone.messages import Dial, Ended, ToPage
from calls.simulator import (
    Account,
    EndReason,
    RefusedError,
    SimulatedCall,
    Twilio,
    new_sid,
    update_call,
)
from voiceproject.phone_account import phone_account

MAX_CALL_SECONDS: Final = 4 * 3600.0
"""As long as Twilio lets a call last: twilio.com/docs/voice/api/call-resource."""

WITHHELD: Final = "anonymous"
"""How Twilio names a caller who withholds his number."""

GET: Final = "get"
POST: Final = "post"
TEXT: Final = "text"


class CallNotPlaced(Exception):
    """The call could not even begin; the message says why, and what to do."""


class PlacedCall:
    """Runs one call; `take` and `speak` feed it with what the page sends meanwhile."""

    def __init__(self, order: Dial, number: str, tell: Callable[[ToPage | bytes], None]) -> None:
        """`number` is the one that is called; `tell` takes what the page is to know."""
        self._bot = order.bot
        self._caller = order.number or WITHHELD
        self._number = number
        self._tell = tell
        self._sid = new_sid("CA")
        self._handset = BrowserHandset(tell)
        self._call: SimulatedCall | None = None

    def speak(self, frame: bytes) -> None:
        """Speak 20 ms of mu-law sound. Never blocks."""
        if self._call is not None:
            self._call.speak(frame)

    async def take(self, message: messages.FromPage) -> None:
        """Do what the page asks for."""
        match message:
            case messages.Spoken(text_id):
                self._handset.spoken(text_id)
            case messages.React(status):
                self._handset.react(status)
            case messages.Part():
                self._handset.part()
            case messages.Press(key) if self._call is not None:
                await self._call.press(key)
            case messages.Words(text) if self._call is not None:
                await self._call.answer(text)

    async def run(self) -> Ended:
        """Hold the call to its end; when cancelled, hang up. Raises CallNotPlaced.

        When this returns or raises, the end of the call has been reported to the server.
        """
        account = phone_account()
        if account is None:
            raise CallNotPlaced("The phone is switched off: set PHONE=true.")
        groups = [call_group(self._sid)]
        if self._caller != WITHHELD:
            groups.append(number_group(self._caller))
        post = Post(groups, self._answer)
        try:
            await post.join()
        except NoAnswer as error:
            raise CallNotPlaced(
                f"The channel layer cannot be reached ({error}). Is REDIS_URL right, and does "
                "Redis run?"
            ) from error
        serving = asyncio.create_task(post.serve(), name="phone-post")
        try:
            async with Twilio(Account(account.sid, account.auth_token), api_port=None) as twilio:
                return await self._talk(twilio)
        finally:
            serving.cancel()
            await asyncio.wait({serving})
            if not serving.cancelled():
                serving.result()  # raises what ended it before its time

    async def _talk(self, twilio: Twilio) -> Ended:
        query = "" if self._bot is None else f"?bot={self._bot}"
        call = await twilio.dial(
            f"{_public('voice-stream')}{query}",
            from_=self._caller,
            to=self._number,
            fallback_url=_public("voice-fallback"),
            status_callback=_public("voice-status"),
            sid=self._sid,
            handset=self._handset,
        )
        self._call = call
        self._tell(messages.Placed(call.sid))
        warning = asyncio.create_task(self._warn(call))
        try:
            reason = await call.ended(MAX_CALL_SECONDS)
        except TimeoutError:
            return Ended("the call took too long")
        finally:
            warning.cancel()
        failed = reason is EndReason.APPLICATION_ERROR
        return Ended(str(reason), explain(call.failure) if failed else "")

    async def _warn(self, call: SimulatedCall) -> None:
        """Tell the page what Twilio's debugger would show."""
        position = -1
        while True:
            position = await call.log.wait("warning", start=position + 1)
            detail = call.log[position].detail
            self._tell(messages.Warned(int(str(detail["code"])), str(detail["message"])))

    def _answer(self, letter: Letter) -> Letter:
        """Answer what came through the channel layer: a request of the REST API, or a text."""
        if letter["do"] == TEXT:
            self._tell(messages.Text(letter["sender"], letter["body"]))
            return {}
        if self._call is None:
            refusal = RefusedError(400, 21220, "Call is not in-progress. Cannot redirect.")
            return {"status": refusal.status, "body": refusal.as_json()}
        try:
            if letter["do"] == POST:
                update_call(self._call, letter["form"])
        except RefusedError as refusal:
            return {"status": refusal.status, "body": refusal.as_json()}
        return {"status": 200, "body": self._call.record.as_json()}


def explain(failure: str) -> str:
    """Say what went wrong with a call, and what to look at."""
    where = f"PUBLIC_URL is {settings.PUBLIC_URL}"
    if "HTTP 403" in failure:
        return f"{failure}. The server refuses the phone: {where}; is that this very server?"
    if "cannot connect" in failure or "no answer" in failure:
        return f"{failure}. {where}: it must be an address of this server."
    return f"{failure}. The server's log may tell more."


def _public(route: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse(route)}"
