"""What a caller is saying, as those are told who watch."""

import asyncio

import pytest

from calls.live.interims import Interims
from tests.waiting import SOON

pytestmark = pytest.mark.asyncio


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> "asyncio.Queue[dict[str, object]]":
    """Return the messages as they are sent."""
    messages: asyncio.Queue[dict[str, object]] = asyncio.Queue()
    monkeypatch.setattr("calls.live.changes.send", messages.put)
    return messages


async def test_nothing_is_sent_while_nobody_watches(
    sent: "asyncio.Queue[dict[str, object]]",
) -> None:
    """Speech leaves the process for those only who read it."""
    interims = Interims(1)
    interims.heard("hel")
    interims.watched()
    interims.heard("hello")
    assert (await sent.get())["text"] == "hello"
    assert sent.empty()
    await interims.aclose()


async def test_words_in_quick_succession_are_sent_together(
    sent: "asyncio.Queue[dict[str, object]]",
) -> None:
    """The last of them; nobody reads faster."""
    interims = Interims(1)
    interims.watched()
    for text in ("a", "a b", "a b c"):
        interims.heard(text)
    assert (await sent.get())["text"] == "a b c"
    assert sent.empty()
    await interims.aclose()


async def test_begin_of_speech_is_sent_where_no_words_are(
    sent: "asyncio.Queue[dict[str, object]]",
) -> None:
    """And takes none away that are about to be sent."""
    interims = Interims(1)
    interims.watched()
    interims.heard("")
    assert (await sent.get())["text"] == ""
    for text in ("", "a", ""):
        interims.heard(text)
    assert (await sent.get())["text"] == "a"
    await interims.aclose()


async def test_nothing_is_sent_after_the_end(sent: "asyncio.Queue[dict[str, object]]") -> None:
    """The session is gone."""
    interims = Interims(1)
    interims.watched()
    interims.heard("hel")
    await interims.aclose()
    await asyncio.sleep(0)
    assert sent.empty()


async def test_end_does_not_wait_for_what_is_being_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The channel layer may be slow, and the caller waits for what follows."""
    began, never = asyncio.Event(), asyncio.Event()

    async def slow(message: dict[str, object]) -> None:
        began.set()
        await never.wait()

    monkeypatch.setattr("calls.live.changes.send", slow)
    interims = Interims(1)
    interims.watched()
    interims.heard("hel")
    async with asyncio.timeout(SOON):
        await began.wait()
        await interims.aclose()
