"""Whole calls on the embedded default: real recognition of real audio, no account, no network."""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from channels.db import database_sync_to_async

from calls.models import Call
from calls.simulator import Twilio
from calls.simulator.audio import read_wav
from chatbot.models import Bot, Intent, Keyword, Reply
from tests.calls.by_phone.conftest import Phone, answered, at_rest, recorded
from tests.calls.speech.offline.recordings import recordings_folder
from tests.server import ROOT
from tests.waiting import SOON

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

CLIPS = ROOT / "calls" / "simulator" / "clips"
WORDS = {"computer": "computer", "smart_mirror": "smart mirror", "view_glass": "view glass"}
RECORDINGS = 5
"""How many speakers say each word."""


@pytest.fixture(scope="session")
def shared_offline_phone(start_server: Callable[..., Phone]) -> Phone:
    return start_server(RECOGNIZER="offline")


@pytest.fixture
def offline_phone(bot: Bot, shared_offline_phone: Phone) -> Phone:
    """A number whose server hears with the offline recognizer."""
    return shared_offline_phone


async def test_spoken_conversation_is_held_to_its_end(offline_phone: Phone) -> None:
    """The clips that ship are heard, answered, and hung up on at the goodbye."""
    async with offline_phone.twilio() as twilio:
        call = await answered(offline_phone, twilio)
        for clip, answer in [
            ("hello", "Hi, how are you?"),
            ("good", "Nice, I am happy for you."),
            ("weather", "Sorry, I did not understand that. Could you say it again?"),
            ("goodbye", "Nice talking to you."),
        ]:
            await call.say(read_wav(CLIPS / f"{clip}.wav"))
            assert (await call.next_said(SOON)).text == answer
        await call.ended(SOON)
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.BOT_HUNG_UP


async def test_newcomers_command_places_a_call_and_succeeds(offline_phone: Phone) -> None:
    """What `make call` runs prints the conversation, and that nothing was lost."""
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "calls.simulator", "--say", "hello,goodbye"],
        cwd=ROOT,
        env={
            **os.environ,
            "PUBLIC_URL": offline_phone.server.url,
            "TWILIO_ACCOUNT_SID": offline_phone.account.sid,
            "TWILIO_AUTH_TOKEN": offline_phone.account.auth_token,
            "TWILIO_API_URL": offline_phone.api_url,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    await at_rest()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nice talking to you." in done.stdout
    assert "2 spoken, 2 heard, 0 lost" in " ".join(done.stdout.split())


@database_sync_to_async
def teach(bot: Bot) -> None:
    """Put words that people were recorded saying in place of the starter bot's."""
    bot.intents.all().delete()
    for word in WORDS.values():
        intent = Intent.objects.create(bot=bot, name=word)
        Keyword.objects.create(intent=intent, text=word)
        Reply.objects.create(intent=intent, text=f"You said {word}.")


async def hear(phone: Phone, twilio: Twilio, path: Path) -> str:
    """Call, speak a recording, and return whether the answer was right, wrong or a reprompt."""
    call = await answered(phone, twilio)
    await call.say(read_wav(path))
    said = (await call.next_said(SOON)).text
    await call.hang_up()
    word = WORDS[path.stem.rpartition("_")[0]]
    if said == f"You said {word}.":
        return "right"
    return "reprompt" if said.startswith("Sorry") else "wrong"


async def test_people_are_heard_over_the_telephone(offline_phone: Phone, bot: Bot) -> None:
    """Recordings of many speakers, two calls at a time: most heard, none taken for another word."""
    folder = recordings_folder() / "words"
    if not folder.is_dir():
        assert not os.environ.get("CI"), f"CI needs the recordings in {folder}"
        pytest.skip(f"there are no recordings in {folder}")
    await teach(bot)
    paths = [folder / f"{word}_{number}.wav" for word in WORDS for number in range(RECORDINGS)]
    counts: Counter[str] = Counter()
    async with offline_phone.twilio() as twilio:
        lines = asyncio.Semaphore(2)

        async def one(path: Path) -> None:
            async with lines:
                counts[await hear(offline_phone, twilio, path)] += 1

        await asyncio.gather(*(one(path) for path in paths))
    assert counts["wrong"] == 0
    assert counts["right"] >= len(paths) * 0.8
