"""Whole calls in audio of our own, with speech recognised over Google's wire."""

import time
from collections.abc import Callable

import pytest

from calls.models import Turn
from calls.simulator.stream_messages import Clear
from calls.simulator.utterances import CLEARED
from chatbot.models import Bot
from tests.calls.by_phone.conftest import Phone, recorded
from tests.calls.by_phone.ear import SYNTHESIZER, Ear, picked_up
from tests.calls.speech.google_server import (
    GoogleServer,
    Hang,
    Heard,
    Say,
    Script,
    ServedStream,
    final,
    in_turn,
    interim,
    speech_began,
    steps,
)
from tests.calls.voice.spelling import MS_PER_LETTER
from tests.server import free_port
from tests.waiting import quickest

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

LONG_GREETING = " ".join(["This is a greeting that takes its time."] * 10)
STOPPED_WITHIN_SECONDS = 0.1


@pytest.fixture(scope="session")
def google_port() -> int:
    return free_port()


@pytest.fixture(scope="session")
def speaking_google_server(start_server: Callable[..., Phone], google_port: int) -> Phone:
    endpoint = f"http://127.0.0.1:{google_port}"
    return start_server(
        RECOGNIZER="google", GOOGLE_SPEECH_ENDPOINT=endpoint, SYNTHESIZER=SYNTHESIZER
    )


@pytest.fixture
def speaking(bot: Bot, speaking_google_server: Phone) -> Phone:
    bot.line = Bot.Line.STREAM
    bot.greeting = LONG_GREETING
    bot.save()
    return speaking_google_server


class Moment:
    """A step that notes when it was come to."""

    def __init__(self) -> None:
        self.at = 0.0

    async def __call__(self, stream: ServedStream) -> None:
        self.at = time.monotonic()

    async def to_the_silence(self, ear: Ear) -> float:
        """Wait until what the bot says is stopped; return how many seconds later that was."""
        await ear.until(Clear)
        cleared = next(one for one in ear.stream.received if isinstance(one.message, Clear))
        return cleared.at_monotonic - self.at


def hears(*answers: Script) -> Script:
    """Hear half a second, and then what the steps say; nothing on the streams that follow."""
    return in_turn(steps(Heard(500), *answers, Hang()), steps(Hang()))


async def test_reply_stops_within_100_ms_of_the_first_word(
    speaking: Phone, google_port: int
) -> None:
    """Long before the transcript is final; the record says how much was heard."""

    async def seconds() -> float:
        moment = Moment()
        script = hears(moment, Say(interim("good")), Heard(1500), Say(final("good", 900)))
        async with GoogleServer(script, google_port), speaking.twilio() as twilio:
            call, ear = await picked_up(speaking, twilio)
            took = await moment.to_the_silence(ear)
            assert await ear.hears() == "Nice, I am happy for you."
            await call.hang_up()
            record = await recorded(call.sid, lambda call: call.is_over)
        greeting = await record.turns.aget(number=1)
        assert greeting.delivery == Turn.Delivery.SENT
        assert greeting.heard_ms is not None
        on_record = greeting.heard_ms / 1000
        assert 0 < on_record < len(LONG_GREETING) * MS_PER_LETTER / 1000
        (heard,) = call.log.of(CLEARED)
        difference = abs(on_record - float(str(heard.detail["seconds"])))
        # What the ear has heard and the record tells may differ by twice as much.
        return max(took, difference / 2)

    assert await quickest(seconds, STOPPED_WITHIN_SECONDS) < STOPPED_WITHIN_SECONDS


async def test_reply_stops_at_the_first_sound_where_that_is_enough(
    speaking: Phone, google_port: int, bot: Bot
) -> None:
    """No word need be known."""
    bot.interrupt_words = 0
    await bot.asave()

    async def seconds() -> float:
        moment = Moment()
        script = hears(moment, Say(speech_began(400)))
        async with GoogleServer(script, google_port), speaking.twilio() as twilio:
            call, ear = await picked_up(speaking, twilio)
            took = await moment.to_the_silence(ear)
            await call.hang_up()
        return took

    assert await quickest(seconds, STOPPED_WITHIN_SECONDS) < STOPPED_WITHIN_SECONDS


async def test_cough_and_mhm_stop_nothing(speaking: Phone, google_port: int) -> None:
    """A voice without words, and words that only say that somebody listens."""
    script = hears(Say(speech_began(400)), Say(interim("mhm")), Say(final("mhm", 450)))
    async with GoogleServer(script, google_port), speaking.twilio() as twilio:
        call, ear = await picked_up(speaking, twilio)
        assert await ear.hears() == LONG_GREETING
        assert not [one for one in ear.stream.received if isinstance(one.message, Clear)]
        await call.hang_up()


async def test_words_after_too_few_to_interrupt_stop_the_reply(
    speaking: Phone, google_port: int, bot: Bot
) -> None:
    """What was said first waits, and the caller is heard on while the bot speaks."""
    bot.interrupt_words = 2
    await bot.asave()
    script = in_turn(
        steps(Heard(500), Say(final("good", 400)), Hang()),
        steps(Say(interim("no wait")), Hang()),
        steps(Hang()),
    )
    async with GoogleServer(script, google_port), speaking.twilio() as twilio:
        call, ear = await picked_up(speaking, twilio)
        cut = await ear.until(Clear)
        assert sum(map(len, cut)) < len(LONG_GREETING) * MS_PER_LETTER * 8 / 2
        await call.hang_up()
