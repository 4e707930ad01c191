"""Finds, through the channel layer, the process that holds a phone's line."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from channels.layers import get_channel_layer

from calls.phone.inbox import Inbox
from voiceproject.channel_layer import LAYER_ERRORS

logger = logging.getLogger(__name__)

ANSWER_SECONDS: Final = 1.5
"""How long a line may take to answer: whoever asks gives up after two seconds, and asks again."""

JOIN_SECONDS: Final = 3.0
AGAIN_SECONDS: Final = 1.0
"""How long to wait before a channel layer is asked again that has failed."""

Letter = Mapping[str, Any]


class NoAnswer(Exception):
    """No process answered in time, or the channel layer cannot be reached."""


def call_group(call_sid: str) -> str:
    """Return the group of the line that holds a call."""
    return f"phone.call.{call_sid}"


def number_group(number: str) -> str:
    """Return the group of the lines whose caller has this number, `+` and digits."""
    return f"phone.number.{number.removeprefix('+')}"


async def ask(group: str, letter: Letter) -> Letter:
    """Return what the line of a group answers. Raises NoAnswer."""
    inbox = Inbox()
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await inbox.open()
            question = {"type": "phone", "letter": letter, "to": inbox.name}
            await get_channel_layer().group_send(group, question)
            answer: Letter = (await inbox.next())["letter"]
            return answer
    except LAYER_ERRORS as error:
        raise NoAnswer(type(error).__name__) from error
    finally:
        await inbox.close()


async def tell(group: str, letter: Letter) -> None:
    """Tell all lines of a group, if any. Raises NoAnswer where they cannot be reached."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await get_channel_layer().group_send(group, {"type": "phone", "letter": letter})
    except LAYER_ERRORS as error:
        raise NoAnswer(type(error).__name__) from error


class Post:
    """Where one line is found: it is in its groups from `join` on, until `serve` is cancelled."""

    def __init__(self, groups: Sequence[str], answer: Callable[[Letter], Letter]) -> None:
        """`answer` takes what was asked or told, and gives what is to be answered."""
        self._groups = groups
        self._answer = answer
        self._inbox = Inbox()

    async def join(self) -> None:
        """Be found from now on. Raises NoAnswer where the channel layer cannot be reached."""
        self._inbox = Inbox()
        has_joined = False
        try:
            async with asyncio.timeout(JOIN_SECONDS):
                await self._inbox.open()
                for group in self._groups:
                    await get_channel_layer().group_add(group, self._inbox.name)
            has_joined = True
        except LAYER_ERRORS as error:
            raise NoAnswer(type(error).__name__) from error
        finally:
            if not has_joined:
                await self._leave()

    async def serve(self) -> None:
        """Answer until cancelled; a channel layer that fails is joined again."""
        try:
            while True:
                try:
                    await self._take()
                except LAYER_ERRORS as error:
                    logger.warning("A phone's line is not found: %s", type(error).__name__)
                    await asyncio.sleep(AGAIN_SECONDS)
                    await self._join_again()
        finally:
            await self._leave()

    async def _take(self) -> None:
        layer = get_channel_layer()
        while True:
            message = await self._inbox.next()
            letter = self._answer(message["letter"])
            if "to" in message:
                await layer.send(message["to"], {"type": "phone", "letter": letter})

    async def _join_again(self) -> None:
        """Be found again, however long that takes."""
        await self._leave()
        while True:
            try:
                return await self.join()
            except NoAnswer as error:
                logger.warning("A phone's line is not found: %s", error)
                await asyncio.sleep(AGAIN_SECONDS)

    async def _leave(self) -> None:
        layer = get_channel_layer()
        try:
            async with asyncio.timeout(AGAIN_SECONDS):
                for group in self._groups:
                    await layer.group_discard(group, self._inbox.name)
        except LAYER_ERRORS as error:
            # It forgets the channel in time.
            logger.warning("A phone's line stays in its groups: %s", type(error).__name__)
        finally:
            await self._inbox.close()
