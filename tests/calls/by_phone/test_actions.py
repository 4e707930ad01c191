"""What the bot does beside speaking, as the caller and whoever is called notice it."""

import asyncio
from collections.abc import Callable

import pytest
from channels.db import database_sync_to_async

from calls.models import Call, Turn
from calls.simulator import DialResult, EndReason, RestFault
from calls.simulator.dialling import DialStatus
from chatbot.models import Intent, Reply
from tests.calls.by_phone.conftest import Phone, answered, open_streams, recorded, transcript
from tests.calls.by_phone.teaching import configure, escalate, teach, turns
from tests.calls.speech.spelling import spell
from tests.calls.voice.google_server import wav
from tests.chatbot.http_server import Answer, serving
from tests.waiting import SOON

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

DESK = "+31207654300"
CALLER = "+31201234567"
BOT = "+31207654321"
TALK = DialResult(seconds=3600)


async def turn_with(sid: str, is_it: Callable[[Turn], bool], within: float = SOON) -> Turn:
    """Wait until a turn of a call satisfies a condition; return it."""
    async with asyncio.timeout(within):
        while True:
            for turn in await turns(sid):
                if is_it(turn):
                    return turn
            # Another process writes it, so there is no event to wait for.
            await asyncio.sleep(0.02)


# --- Transfer -----------------------------------------------------------------------------------


async def test_transfer_that_is_answered_ends_the_call_with_the_talk(phone: Phone) -> None:
    """The caller hears where he goes, talks there, and the call is over as transferred."""
    await teach("desk", "I will connect you.", "transfer", "+31 20 765 4300")
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        call.set_dial_result(DialResult("completed", 0.1))
        await call.say(spell("desk"))
        assert (await call.next_said(SOON)).text == "I will connect you."
        dialled = await call.first_dialled(SOON)
        assert (dialled.numbers, dialled.caller_id) == ((DESK,), CALLER)
        assert await call.ended(SOON) is EndReason.HANGUP_VERB
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.TRANSFERRED
    assert (await transcript(call.sid))[-1] == ("bot", "I will connect you.")


@pytest.mark.parametrize("action_comes_last", [False, True])
async def test_caller_who_hangs_up_after_talking_was_transferred(
    phone: Phone, action_comes_last: bool
) -> None:
    """Whoever hangs up first, and whatever is reported first, the call reached a person."""
    await teach("desk", "I will connect you.", "transfer", DESK)
    async with phone.twilio() as twilio:
        twilio.faults.dial_action_comes_last = action_comes_last
        call = await answered(phone, twilio)
        call.set_dial_result(TALK)
        await call.say(spell("desk"))
        await call.first_dialled(SOON)
        await call.hang_up()
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.TRANSFERRED


async def test_caller_who_hangs_up_while_it_rings_was_not_transferred(phone: Phone) -> None:
    """He gave up; what is said if nobody answers is not said to nobody."""
    await teach("desk", "I will connect you.", "transfer", DESK)
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        call.set_dial_result(DialResult("no-answer", 3600))
        await call.say(spell("desk"))
        await call.first_dialled(SOON)
        await call.hang_up()
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.CALLER_HUNG_UP
    assert (await transcript(call.sid))[-1] == ("bot", "I will connect you.")


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled"])
async def test_transfer_that_nobody_answers_comes_back(phone: Phone, status: DialStatus) -> None:
    """The bot says so, listens on a new stream, and hears."""
    await teach("desk", "I will connect you.", "transfer", DESK, "Nobody is at the desk.")
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        call.set_dial_result(DialResult(status, 0.1))
        await call.say(spell("desk"))
        assert (await call.next_said(SOON)).text == "I will connect you."
        assert (await call.next_said(SOON)).text == "Nobody is at the desk."
        stream = await call.stream_open(SOON)
        assert stream is not call.streams[0]
        await call.say(spell("hello"))
        assert (await call.next_said(SOON)).text == "Hi, how are you?"
        note = (await turns(call.sid))[3].note
        record = await recorded(call.sid, lambda call: not call.is_over)
    assert status in note
    assert record.outcome == ""


async def test_transfer_without_words_of_its_own_says_those_of_the_bot(phone: Phone) -> None:
    """Where nobody answers."""
    await configure(transfer_failed="All lines are busy.")
    await teach("desk", "I will connect you.", "transfer", DESK)
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        call.set_dial_result(DialResult("busy", 0.1))
        await call.say(spell("desk"))
        await call.next_said(SOON)
        assert (await call.next_said(SOON)).text == "All lines are busy."


async def test_call_can_be_transferred_again(phone: Phone) -> None:
    """The second attempt is answered."""
    await teach("desk", "I will connect you.", "transfer", DESK)
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        call.set_dial_result(DialResult("busy", 0.1))
        await call.say(spell("desk"))
        for _ in range(2):
            await call.next_said(SOON)
        await call.stream_open(SOON)
        call.set_dial_result(DialResult("completed", 0.1))
        await call.say(spell("desk"))
        assert (await call.next_said(SOON)).text == "I will connect you."
        assert await call.ended(SOON) is EndReason.HANGUP_VERB
        record = await recorded(call.sid, lambda call: call.is_over)
    assert len(call.dialled) == 2
    assert record.outcome == Call.Outcome.TRANSFERRED


async def test_nobody_listens_while_the_caller_talks_to_a_person(phone: Phone) -> None:
    """The stream is stopped before the number is called: no word of it reaches the bot."""
    await teach("desk", "I will connect you.", "transfer", DESK)
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        call.set_dial_result(TALK)
        await call.say(spell("desk"))
        await call.first_dialled(SOON)
        assert await call.say(spell("hello")) is False
        assert [stream.live for stream in call.streams] == [False]
        await call.hang_up()
        await recorded(call.sid, lambda call: call.is_over)
    assert ("caller", "hello") not in await transcript(call.sid)
    assert await open_streams() == 0


async def test_transfer_that_twilio_refuses_for_long_is_made_when_the_call_asks(
    phone: Phone,
) -> None:
    """The bot listens no more by then, and the caller is connected all the same."""
    await teach("desk", "I will connect you.", "transfer", DESK)
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        twilio.faults.rest.extend([RestFault.refuse(500)] * 5)
        await call.say(spell("desk"))
        said = await call.next_said(SOON)
        assert (said.text, said.source) == ("I will connect you.", "webhook")
        assert (await call.first_dialled(SOON)).numbers == (DESK,)
        assert not call.streams.live()


async def test_transfer_comes_back_to_another_server(own_phone: Phone) -> None:
    """The one that held the call is gone; the database knows what to say."""
    await teach("desk", "I will connect you.", "transfer", DESK, "Nobody is at the desk.")
    async with own_phone.twilio() as twilio:
        call = await answered(own_phone, twilio)
        call.set_dial_result(DialResult("no-answer", 1))
        await call.say(spell("desk"))
        await call.first_dialled(SOON)
        own_phone.server.kill()
        # Not awaited: the simulated call stands still until there is a server again.
        own_phone.server.start()
        await call.next_said(SOON)
        assert (await call.next_said(SOON)).text == "Nobody is at the desk."
        await call.stream_open(SOON)
        await call.say(spell("goodbye"))
        assert (await call.next_said(SOON)).text == "Nice talking to you."


async def test_transfer_to_a_sip_address(phone: Phone) -> None:
    """A desk that is reached over the internet."""
    await teach("desk", "I will connect you.", "transfer", "sip:desk@example.com")
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await call.say(spell("desk"))
        assert (await call.first_dialled(SOON)).numbers == ("sip:desk@example.com",)


# --- Operator and repeat ------------------------------------------------------------------------


async def test_caller_can_always_ask_for_an_operator(phone: Phone) -> None:
    """Where the bot has a transfer number."""
    await configure(transfer_number=DESK, transfer_message="I will get somebody.")
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await call.say(spell("operator please"))
        assert (await call.next_said(SOON)).text == "I will get somebody."
        assert (await call.first_dialled(SOON)).numbers == (DESK,)


async def test_operator_is_not_understood_without_a_transfer_number(phone: Phone) -> None:
    """It is a word as any other then."""
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await call.say(spell("operator"))
        assert (await call.next_said(SOON)).text.startswith("Sorry, I did not understand that.")
        assert call.dialled == []


async def test_caller_can_always_have_it_repeated(phone: Phone) -> None:
    """The greeting, and the answer as it was filled in."""
    await teach("my name is {name:words}", "Welcome, {name}.")
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await call.say(spell("repeat"))
        assert (await call.next_said(SOON)).text == "How can I help you?"
        await call.say(spell("my name is ada"))
        said = (await call.next_said(SOON)).text
        assert said.lower() == "welcome, ada."
        await call.say(spell("say that again please"))
        assert (await call.next_said(SOON)).text == said


# --- Recordings ---------------------------------------------------------------------------------


def recording(seconds: float) -> Answer:
    """Serve a recording that takes so long."""
    sound = wav(b"\x10" * round(8000 * seconds))
    return Answer(sound, headers={"Content-Type": "audio/wav"})


async def test_recording_is_played_and_the_call_goes_on(phone: Phone) -> None:
    """After the text, while the bot listens."""
    with serving(recording(seconds=0.5)) as files:
        await teach("jingle", "Listen.", "play", files.url)
        async with phone.twilio() as twilio:
            call = await answered(phone, twilio)
            await call.say(spell("jingle"))
            assert (await call.next_said(SOON)).text == "Listen."
            assert await call.first_played(SOON) == files.url
            await call.heard_out(SOON)
            await call.say(spell("hello"))
            assert (await call.next_said(SOON)).text == "Hi, how are you?"
            assert call.played == [files.url]


async def test_caller_can_speak_into_a_recording(phone: Phone) -> None:
    """It is cut, and he is answered."""
    with serving(recording(seconds=60)) as files:
        await teach("jingle", "Listen.", "play", files.url)
        async with phone.twilio() as twilio:
            call = await answered(phone, twilio)
            await call.say(spell("jingle"))
            await call.first_played(SOON)
            await call.say(spell("hello"))
            await call.next_said(SOON)
            assert (await call.next_said(SOON)).text == "Hi, how are you?"
            assert call.log.of("sound-cut")


async def test_recording_that_is_gone_does_not_end_the_call(phone: Phone) -> None:
    """The caller hears the text, and is heard."""
    with serving(Answer(status=404)) as files:
        await teach("jingle", "Listen.", "play", files.url)
        async with phone.twilio() as twilio:
            call = await answered(phone, twilio)
            await call.say(spell("jingle"))
            await call.first_played(SOON)
            await call.say(spell("goodbye"))
            assert await call.ended(SOON) is EndReason.HANGUP_VERB


# --- Text messages ------------------------------------------------------------------------------


async def test_sms_is_sent_once_to_the_caller(phone: Phone) -> None:
    """With what he said filled in, from the number he called."""
    await teach(
        "my order is {order:digits}", "I will text you.", "sms", "Order {order} is on its way."
    )
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await call.say(spell("my order is 4711"))
        assert (await call.next_said(SOON)).text == "I will text you."
        message = await twilio.messages.message(0, within=SOON)
        assert (message.from_, message.to) == (BOT, CALLER)
        assert message.body == "Order 4711 is on its way."
        turn = await turn_with(call.sid, lambda turn: turn.errand == Turn.Errand.DONE)
        await call.say(spell("goodbye"))
        await call.ended(SOON)
        assert len(twilio.messages) == 1
    assert turn.note == ""


@pytest.mark.parametrize("status", [429, 500])
async def test_sms_that_is_not_sent_is_on_the_transcript(phone: Phone, status: int) -> None:
    """With the reason, and it is not tried again; the call goes on."""
    await teach("text me", "I will text you.", "sms", "Thank you.")
    async with phone.twilio() as twilio:
        twilio.faults.messages.append(RestFault.refuse(status))
        call = await answered(phone, twilio)
        await call.say(spell("text me"))
        turn = await turn_with(call.sid, lambda turn: turn.errand == Turn.Errand.FAILED)
        await call.say(spell("goodbye"))
        await call.ended(SOON)
        assert twilio.messages == []
    assert turn.text == "I will text you."
    assert f"HTTP {status}" in turn.note


async def test_sms_to_a_caller_without_a_number_is_not_sent(phone: Phone) -> None:
    """The transcript says so."""
    await teach("text me", "I will text you.", "sms", "Thank you.")
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio, number="anonymous")
        await call.say(spell("text me"))
        turn = await turn_with(call.sid, lambda turn: turn.errand == Turn.Errand.FAILED)
        assert not [request for request in twilio.rest_requests if "Messages" in request.path]
    assert "number is not known" in turn.note


async def test_sms_of_an_answer_that_the_call_fetches_is_sent_once(phone: Phone) -> None:
    """An answer too long for an update goes another way, and its message with it."""
    await teach("text me", "I will text you.", "sms", "Thank you.")

    @database_sync_to_async
    def lengthen() -> None:
        # Longer than the form allows, as a text with filled values may become.
        Reply.objects.filter(intent__name="text me").update(text="A long sentence. " * 300)
        Intent.objects.get(name="text me").save()

    await lengthen()
    async with phone.twilio(say_speed=100_000) as twilio:
        call = await answered(phone, twilio)
        await call.say(spell("text me"))
        assert (await call.next_said(SOON)).source == "webhook"
        await turn_with(call.sid, lambda turn: turn.errand == Turn.Errand.DONE)
        assert [message.body for message in twilio.messages] == ["Thank you."]


async def test_sms_for_a_silent_caller_is_sent_once(phone: Phone) -> None:
    """Where a webhook answers, it sends the message."""
    await escalate("no-input", ("I will text you.", "sms", "Call us again."))
    async with phone.twilio(pause_scale=0.1) as twilio:
        call = await answered(phone, twilio)
        assert await call.ended(SOON) is EndReason.HANGUP_VERB
        assert [message.body for message in twilio.messages] == ["Call us again."]


# --- When it goes wrong -------------------------------------------------------------------------


async def test_misses_in_a_row_are_answered_in_other_words_each_time(phone: Phone) -> None:
    """First, second, and then a person."""
    await escalate(
        "no-match", ("I still do not understand.", "", ""), ("One moment.", "transfer", DESK)
    )
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        said = []
        for _ in range(3):
            await call.say(spell("xylophone"))
            said.append((await call.next_said(SOON)).text)
        assert said[0].startswith("Sorry, I did not understand that.")
        assert said[1:] == ["I still do not understand.", "One moment."]
        assert (await call.first_dialled(SOON)).numbers == (DESK,)


async def test_misses_are_counted_anew_after_an_answer(phone: Phone) -> None:
    """Who is understood in between begins at the first words."""
    await escalate("no-match", ("I still do not understand.", "hangup", ""))
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        said = []
        for words in ("xylophone", "hello", "xylophone"):
            await call.say(spell(words))
            said.append((await call.next_said(SOON)).text)
        assert said[0] == said[2]


async def test_intent_has_its_own_words_for_a_miss(phone: Phone) -> None:
    """Right after it, and not later."""
    await escalate("no-match", ("Well or not so well?", "", ""), intent="hello")
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await call.say(spell("hello"))
        await call.next_said(SOON)
        await call.say(spell("xylophone"))
        assert (await call.next_said(SOON)).text == "Well or not so well?"


async def test_silences_in_a_row_are_answered_in_other_words_each_time(phone: Phone) -> None:
    """The question, the second one, and a goodbye."""
    await escalate("no-input", ("Please say something.", "", ""))
    async with phone.twilio(pause_scale=0.1) as twilio:
        call = await answered(phone, twilio)
        said = [(await call.next_said(SOON)).text for _ in range(3)]
        assert said == ["Are you still there?", "Please say something.", "Goodbye."]
        assert await call.ended(SOON) is EndReason.HANGUP_VERB
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.SILENCE


async def test_silent_caller_can_be_transferred(phone: Phone) -> None:
    """The last words for a silence may come with an action, which a webhook carries out."""
    await escalate("no-input", ("I will get somebody.", "transfer", DESK))
    async with phone.twilio(pause_scale=0.1) as twilio:
        call = await answered(phone, twilio)
        call.set_dial_result(TALK)
        said = [(await call.next_said(SOON)).text for _ in range(2)]
        assert said == ["Are you still there?", "I will get somebody."]
        assert (await call.first_dialled(SOON)).numbers == (DESK,)
        assert await call.say(spell("hello")) is False
