"""Whole calls in which the telephone service hears the caller: no recognizer of ours could."""

from collections.abc import Callable

import pytest
from channels.db import database_sync_to_async

from calls.models import Call, CallEvent
from calls.simulator import DialResult, EndReason, SimulatedCall, Twilio
from chatbot.models import Bot, Intent, Keyword, Reply
from tests.calls.by_phone.conftest import Phone, recorded, transcript
from tests.calls.by_phone.ear import SYNTHESIZER
from tests.calls.by_phone.teaching import configure, escalate, teach, turns
from tests.chatbot.http_server import as_json, serving
from tests.waiting import SOON

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

DEAF = "tests.calls.speech.refusing.RefusingRecognizer"
GREETING = "How can I help you?"
STILL_THERE = "Are you still there?"
APOLOGY = "Sorry, I cannot hear you"
DESK = "+31207654300"
HANDSHAKE_FAILURE = 31920
FAST = 0.1
"""Pauses of the simulated call are so much shorter: 8 seconds of silence take 0.8."""


@pytest.fixture(scope="session")
def deaf_server(start_server: Callable[..., Phone]) -> Phone:
    return start_server(RECOGNIZER=DEAF, SYNTHESIZER=SYNTHESIZER)


@pytest.fixture(params=[Bot.Line.SAY, Bot.Line.STREAM])
def deaf(bot: Bot, deaf_server: Phone, request: pytest.FixtureRequest) -> Phone:
    """A number whose bot speaks in either way, and has no recognizer."""
    bot.line = request.param
    bot.save()
    return deaf_server


async def unheard(phone: Phone, twilio: Twilio) -> SimulatedCall:
    """Call the number; return when the telephone service hears the caller."""
    call = await phone.ring(twilio)
    with call.held_pauses():
        await moved_to_gather(call)
    return call


async def moved_to_gather(call: SimulatedCall) -> None:
    """Wait until the telephone service hears the caller, and pass over what was said so far."""
    await call.gathering(SOON)
    *_, gather = call.log.of("verb")
    while (await call.next_said(SOON)).at_monotonic < gather.at:
        pass


async def answer_to(call: SimulatedCall, text: str, confidence: float | None = 0.9) -> str:
    """Answer the Gather that runs; return what the bot says to it."""
    await call.gathering(SOON)
    assert await call.answer(text, confidence)
    return (await call.next_said(SOON)).text


@database_sync_to_async
def event_kinds(sid: str) -> list[str]:
    return list(CallEvent.objects.filter(call__sid=sid).values_list("kind", flat=True))


# --- The dialogue -------------------------------------------------------------------------------


async def test_call_without_a_recognizer_is_held_to_the_goodbye(deaf: Phone) -> None:
    """The same intents answer what the telephone service hears, and why is on record."""
    async with deaf.twilio() as twilio:
        call = await unheard(deaf, twilio)
        assert await answer_to(call, "hello", 0.8) == "Hi, how are you?"
        assert await answer_to(call, "fine", None) == "Nice, I am happy for you."
        assert await answer_to(call, "goodbye") == "Nice talking to you."
        assert await call.ended(SOON) is EndReason.HANGUP_VERB
        record = await recorded(call.sid, lambda call: call.is_over)
    assert (record.hearing, record.outcome) == (Call.Hearing.GATHER, Call.Outcome.BOT_HUNG_UP)
    assert await event_kinds(call.sid) == ["deaf", "gather"]
    heard = [turn for turn in await turns(call.sid) if turn.role == "caller"]
    assert [(turn.text, turn.confidence, turn.intent_name) for turn in heard] == [
        ("hello", 0.8, "hello"),
        ("fine", None, "good"),
        ("goodbye", 0.9, "goodbye"),
    ]


async def test_nothing_of_ours_runs_beside_the_gather(deaf: Phone) -> None:
    """The media stream is closed, and what goes to the telephone service are webhooks alone."""
    async with deaf.twilio() as twilio:
        call = await unheard(deaf, twilio)
        updates = len(twilio.rest_requests)
        await answer_to(call, "hello")
        await call.streams[0].ended()
        assert call.streams.live() == []
        assert len(twilio.rest_requests) == updates
        assert call.log.warnings() == []


async def test_gather_expects_what_the_bot_understands(deaf: Phone) -> None:
    """In the bot's language, with the keywords as hints."""
    await configure(language="en-GB")
    async with deaf.twilio() as twilio:
        call = await unheard(deaf, twilio)
        gather = await call.gathering(SOON)
    assert gather.language == "en-GB"
    assert {"hello", "goodbye"} <= set(gather.hints)


async def test_follow_up_is_understood_where_it_belongs(deaf: Phone) -> None:
    """What is said next may mean something only behind the answer before."""

    @database_sync_to_async
    def save() -> None:
        hello = Intent.objects.get(name="hello")
        more = Intent.objects.create(bot=hello.bot, name="more")
        more.follows.add(hello)
        Keyword.objects.create(intent=more, text="and you")
        Reply.objects.create(intent=more, text="I am a bot.")

    await save()
    async with deaf.twilio() as twilio:
        call = await unheard(deaf, twilio)
        assert (await answer_to(call, "and you")).startswith("Sorry, I did not understand")
        assert await answer_to(call, "hello") == "Hi, how are you?"
        assert "and you" in (await call.gathering(SOON)).hints
        assert await answer_to(call, "and you") == "I am a bot."


async def test_what_is_not_understood_escalates(deaf: Phone) -> None:
    """The second miss in a row has words of its own."""
    await escalate("no-match", ("Say hello, or goodbye.", "", ""))
    async with deaf.twilio() as twilio:
        call = await unheard(deaf, twilio)
        assert (await answer_to(call, "gibberish")).startswith("Sorry, I did not understand")
        assert await answer_to(call, "gibberish") == "Say hello, or goodbye."


async def test_caller_interrupts_what_the_bot_says(deaf: Phone) -> None:
    """The prompt is cut, and the words are answered."""
    await teach("story", "Once upon a time. " * 200)
    async with deaf.twilio() as twilio:
        call = await unheard(deaf, twilio)
        await answer_to(call, "story")
        assert await answer_to(call, "hello") == "Hi, how are you?"
        assert call.log.of("sound-cut")


# --- Keys ---------------------------------------------------------------------------------------


async def test_keys_are_answered(deaf: Phone) -> None:
    """Those of an entry together, by the keyword they are."""
    await teach("{order:digits}", "Order {order}.")
    async with deaf.twilio() as twilio:
        call = await unheard(deaf, twilio)
        for key in "4711#":
            await call.press(key)
        assert (await call.next_said(SOON)).text.startswith("Order")
    assert ("caller", "4711") in await transcript(call.sid)


async def test_keys_without_a_hash_are_answered_soon(deaf: Phone) -> None:
    """A caller who presses 1 does not wait as long as one who says nothing."""
    await teach("1", "Opening hours.")
    await configure(silence_seconds=60)
    async with deaf.twilio() as twilio:
        call = await unheard(deaf, twilio)
        await call.press("1")
        assert (await call.next_said(SOON)).text == "Opening hours."


# --- Actions ------------------------------------------------------------------------------------


async def test_text_message_is_sent(deaf: Phone) -> None:
    """Once, beside the words."""
    await teach("send", "It is on its way.", "sms", "The address.")
    async with deaf.twilio() as twilio:
        call = await unheard(deaf, twilio)
        assert await answer_to(call, "send") == "It is on its way."
        assert (await twilio.messages.message(0, within=SOON)).body == "The address."
        assert await answer_to(call, "hello") == "Hi, how are you?"
        assert len(twilio.messages) == 1


async def test_caller_is_transferred(deaf: Phone) -> None:
    """The call ends with the talk."""
    await teach("desk", "I will connect you.", "transfer", DESK)
    async with deaf.twilio() as twilio:
        call = await unheard(deaf, twilio)
        call.set_dial_result(DialResult("completed", 0.1))
        assert await answer_to(call, "desk") == "I will connect you."
        assert (await call.first_dialled(SOON)).numbers == (DESK,)
        assert await call.ended(SOON) is EndReason.HANGUP_VERB
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.TRANSFERRED


async def test_caller_whom_nobody_answers_is_heard_again(deaf: Phone) -> None:
    """In the same way as before."""
    await teach("desk", "I will connect you.", "transfer", DESK, "Nobody is at the desk.")
    async with deaf.twilio() as twilio:
        call = await unheard(deaf, twilio)
        call.set_dial_result(DialResult("busy", 0.1))
        assert await answer_to(call, "desk") == "I will connect you."
        assert (await call.next_said(SOON)).text == "Nobody is at the desk."
        assert await answer_to(call, "hello") == "Hi, how are you?"
        record = await recorded(call.sid, lambda call: not call.is_over)
    assert record.outcome == ""


# --- Silence ------------------------------------------------------------------------------------


async def test_caller_who_is_not_heard_here_either_is_told_so(deaf: Phone) -> None:
    """A line that cannot be heard does not stay open and bill."""
    async with deaf.twilio(pause_scale=FAST) as twilio:
        call = await unheard(deaf, twilio)
        assert (await call.next_said(SOON)).text == STILL_THERE
        assert (await call.next_said(SOON)).text.startswith(APOLOGY)
        assert await call.ended(SOON) is EndReason.HANGUP_VERB
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.NOT_HEARD


async def test_silence_is_forgotten_when_the_caller_speaks(deaf: Phone) -> None:
    """It takes two in a row."""
    async with deaf.twilio(pause_scale=FAST) as twilio:
        call = await unheard(deaf, twilio)
        assert (await call.next_said(SOON)).text == STILL_THERE
        assert await answer_to(call, "hello") == "Hi, how are you?"
        assert (await call.next_said(SOON)).text == STILL_THERE
        assert (await call.next_said(SOON)).text.startswith(APOLOGY)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("completed", Call.Outcome.TRANSFERRED), ("no-answer", Call.Outcome.NOT_HEARD)],
)
async def test_caller_who_is_not_heard_is_connected_to_a_person(
    deaf: Phone, status: str, outcome: str
) -> None:
    """Where the bot has a number for it; with an apology and the end where nobody answers."""
    await configure(transfer_number=DESK, transfer_message="I will connect you.")
    async with deaf.twilio(pause_scale=FAST) as twilio:
        call = await unheard(deaf, twilio)
        call.set_dial_result(DialResult(status, 1))  # type: ignore[arg-type]
        assert (await call.next_said(SOON)).text == STILL_THERE
        assert (await call.next_said(SOON)).text == "I will connect you."
        assert (await call.first_dialled(SOON)).numbers == (DESK,)
        if status == "no-answer":
            assert (await call.next_said(SOON)).text.startswith(APOLOGY)
        assert await call.ended(SOON) is EndReason.HANGUP_VERB
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == outcome


# --- A chatbot elsewhere ------------------------------------------------------------------------


async def test_chatbot_elsewhere_answers(deaf: Phone) -> None:
    """It is asked with the words and the call; the answer and its action are followed."""
    answers = as_json({"text": "It rains."}), as_json({"text": "Bye.", "action": "hangup"})
    with serving(*answers) as server:
        await configure(backend="http", backend_url=server.url)
        async with deaf.twilio() as twilio:
            call = await unheard(deaf, twilio)
            assert await answer_to(call, "weather") == "It rains."
            assert await answer_to(call, "thank you") == "Bye."
            assert await call.ended(SOON) is EndReason.HANGUP_VERB
        bodies = [request.json() for request in server.requests]
    assert [body["message"] for body in bodies] == ["weather", "thank you"]
    assert {body["session"] for body in bodies} == {call.sid}
    assert [text for _, text in await transcript(call.sid)][-4:] == [
        "weather",
        "It rains.",
        "thank you",
        "Bye.",
    ]


async def test_slow_chatbot_elsewhere_is_not_waited_for(deaf: Phone) -> None:
    """At the deadline the fallback is said; the call goes on."""
    answers = as_json({"text": "Late."}, delay_seconds=20), as_json({"text": "Here I am."})
    with serving(*answers) as server:
        await configure(backend="http", backend_url=server.url, backend_seconds=2)
        async with deaf.twilio() as twilio:
            call = await unheard(deaf, twilio)
            assert (await answer_to(call, "weather")).startswith("Sorry, I did not understand")
            assert await answer_to(call, "are you there") == "Here I am."


# --- No media stream at all ---------------------------------------------------------------------


@pytest.mark.parametrize("line", [Bot.Line.SAY, Bot.Line.STREAM])
async def test_call_whose_streams_never_open_is_heard_by_the_telephone_service(
    bot: Bot, deaf_server: Phone, line: str
) -> None:
    """After three attempts; how the caller hears us does not depend on it any more."""
    await configure(line=line)
    async with deaf_server.twilio(pause_scale=FAST) as twilio:
        twilio.faults.refused_streams.extend([HANDSHAKE_FAILURE] * 9)
        call = await deaf_server.ring(twilio)
        await moved_to_gather(call)
        assert [stream.end.how for stream in call.streams if stream.end] == ["refused"] * 3
        assert await answer_to(call, "hello") == "Hi, how are you?"
        record = await recorded(call.sid, lambda call: not call.is_over)
    assert record.hearing == Call.Hearing.GATHER
    # Twilio reports a lost stream beside what it asks, so the order is not certain.
    assert sorted(await event_kinds(call.sid)) == ["gather", *["stream-lost"] * 3]
