"""Whole calls with speech recognised over Google's wire, played by a gRPC server."""

import asyncio
import time
from collections.abc import Callable

import grpc
import pytest
from channels.db import database_sync_to_async

from calls.models import Call
from chatbot.models import Bot, Reply
from tests.calls.by_phone.conftest import Phone, answered, recorded, transcript
from tests.calls.by_phone.teaching import configure
from tests.calls.speech.google_server import (
    Abort,
    GoogleServer,
    Heard,
    HearsClips,
    ServedStream,
    in_turn,
    steps,
)
from tests.server import free_port
from tests.waiting import SOON, quickest

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

TEXTS = ["hello", "good", "bad", "goodbye", "what is the weather"]


def clip(text: str) -> bytes:
    """Return sound that Google's player knows as `text`: 400 ms, and then 300 ms of silence."""
    number = TEXTS.index(text) + 1
    sound = bytes([number]) + bytes(0x10 + (i * number) % 0x60 for i in range(8 * 400 - 1))
    return sound + b"\xff" * 8 * 300


CLIPS = {clip(text): text for text in TEXTS}


@pytest.fixture(scope="session")
def google_port() -> int:
    return free_port()


@pytest.fixture(scope="session")
def shared_google_phone(start_server: Callable[..., Phone], google_port: int) -> Phone:
    endpoint = f"http://127.0.0.1:{google_port}"
    return start_server(RECOGNIZER="google", GOOGLE_SPEECH_ENDPOINT=endpoint)


@pytest.fixture
def google_phone(bot: Bot, shared_google_phone: Phone) -> Phone:
    """A number whose server hears by way of Google's wire."""
    return shared_google_phone


async def test_whole_conversation_over_googles_wire(google_phone: Phone, google_port: int) -> None:
    """The same call as on any engine: heard, answered, hung up."""
    async with (
        GoogleServer(HearsClips(CLIPS), google_port) as google,
        google_phone.twilio() as twilio,
    ):
        call = await answered(google_phone, twilio)
        for said, answer in [
            ("hello", "Hi, how are you?"),
            ("bad", "Oh no, I am sorry to hear that."),
            ("what is the weather", "Sorry, I did not understand that. Could you say it again?"),
            ("goodbye", "Nice talking to you."),
        ]:
            await call.say(clip(said))
            assert (await call.next_said(SOON)).text == answer
        await call.ended(SOON)
        record = await recorded(call.sid, lambda call: call.is_over)
        assert len(google.streams) == 4
    assert record.outcome == Call.Outcome.BOT_HUNG_UP


async def test_recognition_is_told_what_to_expect(google_phone: Phone, google_port: int) -> None:
    """The bot's keywords go along as hints, and its language."""
    async with (
        GoogleServer(HearsClips(CLIPS), google_port) as google,
        google_phone.twilio() as twilio,
    ):
        call = await answered(google_phone, twilio)
        await call.say(clip("hello"))
        stream = await google.opened(1)
        await stream.heard(100)
        config = stream.config.config
        phrases = config.adaptation.phrase_sets[0].inline_phrase_set.phrases
        assert list(config.language_codes) == ["en-US"]
        assert {"hello", "goodbye"} <= {phrase.value for phrase in phrases}


@database_sync_to_async
def expect_dutch(bot: Bot) -> None:
    """Have the answer to "hello" expect a Dutch yes or no, or a street."""
    reply = Reply.objects.get(intent__bot=bot, text="Hi, how are you?")
    reply.expects, reply.expected_phrases = "yesno", "Kerkstraat"
    reply.expects_language, reply.expects_model = "nl-NL", "telephony_short"
    reply.save()


def told(stream: ServedStream) -> tuple[list[str], str, list[str]]:
    """Return the languages and the model of a stream, and the first of its phrases."""
    config = stream.config.config
    phrases = config.adaptation.phrase_sets[0].inline_phrase_set.phrases
    return list(config.language_codes), config.model, [phrase.value for phrase in phrases[:3]]


async def test_recognition_fits_the_reply(bot: Bot, google_phone: Phone, google_port: int) -> None:
    """What a reply expects holds for the next stream, and for one in place of a lost one."""
    await expect_dutch(bot)
    async with (
        GoogleServer(HearsClips(CLIPS), google_port) as google,
        google_phone.twilio() as twilio,
    ):
        call = await answered(google_phone, twilio)
        await call.say(clip("hello"))
        assert (await call.next_said(SOON)).text == "Hi, how are you?"
        await call.say(clip("what is the weather"))
        assert (await call.next_said(SOON)).text.startswith("Sorry, I did not understand")
        await google.opened(3)
        call.streams[0].cut()
        await call.streams[0].ended()
        await call.stream_open(SOON)
        await call.say(clip("what is the weather"))
        after_loss = await google.opened(4)
        await after_loss.heard(100)
        greeted, after_reply, *_ = google.streams
    assert told(greeted)[0] == ["en-US"]
    assert told(after_reply) == (["nl-NL"], "telephony_short", ["Kerkstraat", "ja", "nee"])
    assert told(after_loss) == told(after_reply)


@pytest.mark.parametrize(
    "fault",
    [
        Abort(grpc.StatusCode.UNAVAILABLE, "try again"),
        Abort(grpc.StatusCode.ABORTED, "Max duration of 5 minutes reached for stream."),
        Abort(
            grpc.StatusCode.OUT_OF_RANGE,
            "Audio Timeout Error: Long duration elapsed without audio. "
            "Audio should be sent close to real time.",
        ),
    ],
    ids=["unavailable", "five minutes", "audio timeout"],
)
async def test_utterance_in_which_the_stream_breaks_is_heard_once(
    google_phone: Phone, google_port: int, fault: Abort
) -> None:
    """The first stream breaks in mid-utterance; the second hears the utterance, whole."""
    script = in_turn(steps(Heard(300), fault), HearsClips(CLIPS))
    async with GoogleServer(script, google_port), google_phone.twilio() as twilio:
        call = await answered(google_phone, twilio)
        await call.say(clip("hello"))
        assert (await call.next_said(SOON)).text == "Hi, how are you?"
        await call.say(clip("goodbye"))
        assert (await call.next_said(SOON)).text == "Nice talking to you."
        await call.ended(SOON)
        await recorded(call.sid, lambda call: call.is_over)
    said = [text for role, text in await transcript(call.sid) if role == "caller"]
    assert said == ["hello", "goodbye"]


async def test_google_is_let_go_within_a_second_of_the_hang_up(
    google_phone: Phone, google_port: int
) -> None:
    """No recognition stream lingers behind a caller who is gone."""

    async def seconds() -> float:
        async with (
            GoogleServer(HearsClips(CLIPS), google_port) as google,
            google_phone.twilio() as twilio,
        ):
            call = await answered(google_phone, twilio)
            await call.say(clip("hello")[: 8 * 200])
            stream = await google.opened(1)
            await call.hang_up()
            begun = time.monotonic()
            await asyncio.wait_for(stream.ended.wait(), SOON)
            return time.monotonic() - begun

    assert await quickest(seconds, within=1) < 1


async def test_google_hears_nothing_of_a_silent_caller(
    google_phone: Phone, google_port: int
) -> None:
    """The stream is ended, hence not paid for, until somebody speaks."""
    await configure(silence_seconds=60)
    async with (
        GoogleServer(HearsClips(CLIPS), google_port) as google,
        google_phone.twilio() as twilio,
    ):
        call = await answered(google_phone, twilio)
        stream = await google.opened(1)
        await asyncio.wait_for(stream.ended.wait(), SOON)
        assert stream.half_closed
        assert len(stream.audio) < 5 * 8000
        await call.say(clip("hello"))
        assert (await call.next_said(SOON)).text == "Hi, how are you?"
        await call.hang_up()
        await recorded(call.sid, lambda call: call.is_over)


async def test_google_that_refuses_ends_the_call_with_an_apology(
    google_phone: Phone, google_port: int
) -> None:
    """Wrong credentials do not leave a caller talking to nobody."""
    refusal = steps(Heard(100), Abort(grpc.StatusCode.PERMISSION_DENIED, "no"))
    async with GoogleServer(refusal, google_port), google_phone.twilio() as twilio:
        call = await answered(google_phone, twilio)
        await call.say(clip("hello"))
        said = (await call.next_said(SOON)).text
        while not said.startswith("Sorry, I cannot hear you"):
            said = (await call.next_said(SOON)).text
        await call.ended(SOON)
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.NOT_HEARD
