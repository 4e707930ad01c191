"""Calls whose answers come from a chatbot elsewhere, a real server on loopback."""

import asyncio
import time
from collections.abc import Callable

import pytest
from pytest_django import Settings

from calls.models import Call
from calls.simulator import DialResult, EndReason, SimulatedCall
from calls.simulator.options import CLIPS
from chatbot.models import Bot
from chatbot.outside import HEADER, verify
from tests.calls.by_phone.conftest import Phone, answered, recorded, transcript
from tests.calls.by_phone.teaching import configure, escalate, teach, turns
from tests.calls.speech.spelling import spell
from tests.chatbot.http_server import Answer, HttpServer, Request, as_json, serving
from tests.waiting import SOON

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

DESK = "+31207654300"


async def connect(server: HttpServer, seconds: int = 8, backend: str = "http") -> None:
    """Have a chatbot elsewhere answer for the first bot."""
    await configure(backend=backend, backend_url=server.url, backend_seconds=seconds)


async def asked(server: HttpServer) -> None:
    """Wait until the chatbot was asked for the first time."""
    async with asyncio.timeout(SOON):
        # It has a thread of its own, so there is no event to wait for.
        while not server.requests:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_turns_are_answered_elsewhere(phone: Phone) -> None:
    """It is asked with the words and the call, and its answer is spoken and on record."""
    with serving(as_json({"text": "It rains."}), as_json({"text": "Still."})) as server:
        await connect(server)
        async with phone.twilio() as twilio:
            call = await answered(phone, twilio)
            for said, answer in [("what is the weather", "It rains."), ("and now", "Still.")]:
                await call.say(spell(said))
                assert (await call.next_said(SOON)).text == answer
        bodies = [request.json() for request in server.requests]
    assert [body["message"] for body in bodies] == ["what is the weather", "and now"]
    assert {body["session"] for body in bodies} == {call.sid}
    assert (bodies[0]["bot"], bodies[0]["language"]) == ("Starter bot", "en-US")
    assert await transcript(call.sid) == [
        ("bot", "How can I help you?"),
        ("caller", "what is the weather"),
        ("bot", "It rains."),
        ("caller", "and now"),
        ("bot", "Still."),
    ]
    assert {turn.rule for turn in (await turns(call.sid))[1:]} == {"remote"}


async def test_several_messages_are_one_answer(phone: Phone) -> None:
    """Spoken one after the other."""
    with serving(as_json([{"text": "It rains."}, {"text": "Take a coat."}])) as server:
        await connect(server)
        async with phone.twilio() as twilio:
            call = await answered(phone, twilio)
            await call.say(spell("weather"))
            assert (await call.next_said(SOON)).text == "It rains. Take a coat."


async def test_rasa_answers(phone: Phone) -> None:
    """Over its REST channel."""
    with serving(as_json([{"recipient_id": "x", "text": "It rains."}])) as server:
        await connect(server, backend="rasa")
        async with phone.twilio() as twilio:
            call = await answered(phone, twilio)
            await call.say(spell("weather"))
            assert (await call.next_said(SOON)).text == "It rains."
        body = server.requests[0].json()
    assert (body["sender"], body["message"]) == (call.sid, "weather")


async def test_slow_chatbot_is_not_waited_for(phone: Phone) -> None:
    """At the deadline the fallback is said, with a note on the turn; the call goes on."""
    answers = as_json({"text": "Late."}, delay_seconds=20), as_json({"text": "Here I am."})
    with serving(*answers) as server:
        await connect(server, seconds=2)
        async with phone.twilio() as twilio:
            call = await answered(phone, twilio)
            await call.say(spell("weather"))
            assert (await call.next_said(SOON)).text.startswith("Sorry, I did not understand that.")
            assert "did not answer within 2 s" in (await turns(call.sid))[-1].note
            await call.say(spell("are you there"))
            assert (await call.next_said(SOON)).text == "Here I am."


async def test_caller_who_speaks_meanwhile_is_answered_in_order(phone: Phone) -> None:
    """His second words wait for the answer to the first."""
    answers = as_json({"text": "First."}, delay_seconds=0.5), as_json({"text": "Second."})
    with serving(*answers) as server:
        await connect(server)
        async with phone.twilio() as twilio:
            call = await answered(phone, twilio)
            await call.say(spell("one"))
            await call.say(spell("two"))
            assert [(await call.next_said(SOON)).text for _ in range(2)] == ["First.", "Second."]
    said = [text for role, text in await transcript(call.sid) if role == "caller"]
    assert said == ["one", "two"]


@pytest.mark.parametrize(
    ("answer", "note"),
    [
        (Answer(status=500), "answered HTTP 500"),
        (Answer(b"<html>"), "sent an answer that is not JSON"),
        (as_json("It rains."), "is a text, not an object"),
        (Answer(drops=True), "closed the connection"),
    ],
    ids=["500", "no JSON", "no object", "reset"],
)
async def test_chatbot_that_fails_is_covered_by_the_fallback(
    phone: Phone, answer: Answer, note: str
) -> None:
    """The caller hears it, and whoever reads the transcript learns why."""
    with serving(answer) as server:
        await connect(server)
        async with phone.twilio() as twilio:
            call = await answered(phone, twilio)
            await call.say(spell("weather"))
            assert (await call.next_said(SOON)).text.startswith("Sorry, I did not understand that.")
        assert len(server.requests) == 1
    last = (await turns(call.sid))[-1]
    assert server.url in last.note
    assert note in last.note


async def test_failures_in_a_row_escalate(phone: Phone) -> None:
    """As misses do: with an action in the end."""
    await escalate("no-match", ("Our computer is away. Goodbye.", "hangup", ""))
    with serving(Answer(status=503)) as server:
        await connect(server)
        async with phone.twilio() as twilio:
            call = await answered(phone, twilio)
            await call.say(spell("weather"))
            await call.next_said(SOON)
            await call.say(spell("weather"))
            assert (await call.next_said(SOON)).text == "Our computer is away. Goodbye."
            assert await call.ended(SOON) is EndReason.HANGUP_VERB


async def test_chatbot_ends_the_call(phone: Phone) -> None:
    """After its last words."""
    with serving(as_json({"text": "See you.", "action": "hangup"})) as server:
        await connect(server)
        async with phone.twilio() as twilio:
            call = await answered(phone, twilio)
            await call.say(spell("bye"))
            assert (await call.next_said(SOON)).text == "See you."
            assert await call.ended(SOON) is EndReason.HANGUP_VERB
            record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.BOT_HUNG_UP


async def test_chatbot_ends_the_call_without_a_word(phone: Phone) -> None:
    """An action needs no text."""
    with serving(as_json({"action": "hangup"})) as server:
        await connect(server)
        async with phone.twilio() as twilio:
            call = await answered(phone, twilio)
            await call.say(spell("bye"))
            assert await call.ended(SOON) is EndReason.HANGUP_VERB
            assert len(call.log.of("say")) == 1


@pytest.mark.parametrize("silent", [as_json({}), Answer(status=204)], ids=["{}", "204"])
async def test_chatbot_that_says_nothing_is_covered_by_the_fallback(
    phone: Phone, silent: Answer
) -> None:
    """No caller is left in silence; the transcript says why."""
    with serving(silent, as_json({"text": "It rains."})) as server:
        await connect(server)
        async with phone.twilio() as twilio:
            call = await answered(phone, twilio)
            await call.say(spell("well"))
            assert (await call.next_said(SOON)).text.startswith("Sorry, I did not understand that.")
            await call.say(spell("weather"))
            assert (await call.next_said(SOON)).text == "It rains."
    assert "answered without a text" in (await turns(call.sid))[2].note


async def test_operator_and_repeat_need_no_chatbot(phone: Phone) -> None:
    """What a caller can always say is understood here; a sentence with it in is passed on."""
    with serving(as_json({"text": "It rains."})) as server:
        await connect(server)
        await configure(transfer_number=DESK, transfer_message="I will get somebody.")
        async with phone.twilio() as twilio:
            call = await answered(phone, twilio)
            for words, answer in [
                ("is the operator of the tram on strike", "It rains."),
                ("say that again", "It rains."),
                ("operator please", "I will get somebody."),
            ]:
                await call.say(spell(words))
                assert (await call.next_said(SOON)).text == answer
            assert (await call.first_dialled(SOON)).numbers == (DESK,)
        assert len(server.requests) == 1


async def test_longest_answer_is_spoken_whole(phone: Phone) -> None:
    """Longer than one update can be, once its signs are written as XML has them."""
    text = "Fish & chips. " * 210
    with serving(as_json({"text": text})) as server:
        await connect(server)
        async with phone.twilio(say_speed=100_000) as twilio:
            call = await answered(phone, twilio)
            await call.say(spell("menu"))
            spoken = ""
            while len(spoken) < len(text):
                spoken += (await call.next_said(SOON)).text + " "
    assert spoken == text


async def test_chatbot_transfers_the_call(phone: Phone) -> None:
    """To the number it names; where nobody answers, it is asked again."""
    transfer = {"text": "One moment.", "action": "transfer", "parameter": "+31 20 765 4300"}
    with serving(as_json(transfer), as_json({"text": "It rains."})) as server:
        await connect(server)
        await configure(transfer_failed="Nobody is there.")
        async with phone.twilio() as twilio:
            call = await answered(phone, twilio)
            call.set_dial_result(DialResult("no-answer", 0.1))
            await call.say(spell("desk"))
            assert (await call.next_said(SOON)).text == "One moment."
            assert (await call.first_dialled(SOON)).numbers == (DESK,)
            assert (await call.next_said(SOON)).text == "Nobody is there."
            await call.stream_open(SOON)
            await call.say(spell("weather"))
            assert (await call.next_said(SOON)).text == "It rains."


async def test_chatbot_plays_a_recording(phone: Phone) -> None:
    """Whose address it sends."""
    wav = Answer((CLIPS / "good.wav").read_bytes(), headers={"Content-Type": "audio/wav"})
    with serving(wav) as files:
        play = {"text": "Listen.", "action": "play", "parameter": files.url}
        with serving(as_json(play)) as server:
            await connect(server)
            async with phone.twilio() as twilio:
                call = await answered(phone, twilio)
                await call.say(spell("jingle"))
                assert (await call.next_said(SOON)).text == "Listen."
                assert await call.first_played(SOON) == files.url


@pytest.mark.parametrize("action", ["sms", "reboot"])
async def test_unknown_action_is_refused_visibly(phone: Phone, action: str) -> None:
    """The text is said, the action is not done, and the transcript says so."""
    with serving(as_json({"text": "Well.", "action": action, "parameter": "x"})) as server:
        await connect(server)
        async with phone.twilio() as twilio:
            call = await answered(phone, twilio)
            await call.say(spell("weather"))
            assert (await call.next_said(SOON)).text == "Well."
            await call.say(spell("weather"))
            assert (await call.next_said(SOON)).text == "Well."
            assert twilio.messages == []
    last = (await turns(call.sid))[-1]
    assert (last.action, server.url in last.note) == ("", True)
    assert f"the action “{action}” is not known" in last.note


async def test_two_calls_at_once_get_their_own_answers(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each session hears what was answered to it."""

    def echo(request: Request) -> Answer:
        body = request.json()
        return as_json({"text": f"{body['session']} said {body['message']}"}, delay_seconds=0.2)

    with serving(Answer()) as server:
        monkeypatch.setattr(server, "asked", echo)
        await connect(server)
        async with phone.twilio() as twilio:
            calls = [await answered(phone, twilio, f"+3120123456{n}") for n in (1, 2)]

            async def converse(call: SimulatedCall) -> None:
                for words in ("one", "two", "three"):
                    await call.say(spell(words))
                    assert (await call.next_said(SOON)).text == f"{call.sid} said {words}"

            await asyncio.gather(*map(converse, calls))


async def test_caller_who_hangs_up_meanwhile_leaves_no_answer(phone: Phone) -> None:
    """What he said is on record; what came too late is not."""
    with serving(as_json({"text": "Late."}, delay_seconds=60)) as server:
        await connect(server)
        async with phone.twilio() as twilio:
            call = await answered(phone, twilio)
            await call.say(spell("weather"))
            await asked(server)
            await call.hang_up()
            await recorded(call.sid, lambda call: call.is_over)
            await recorded(call.sid, lambda call: call.streams.filter(closed_at=None).count() == 0)
    assert (await transcript(call.sid))[-1] == ("caller", "weather")


async def test_keys_are_sent_elsewhere_too(phone: Phone) -> None:
    """As what the caller said."""
    with serving(as_json({"text": "Order 4711 left."})) as server:
        await connect(server)
        async with phone.twilio() as twilio:
            call = await answered(phone, twilio)
            for key in "4711#":
                await call.streams[0].inject(call.streams[0].dtmf_message(key))
            assert (await call.next_said(SOON)).text == "Order 4711 left."
        assert server.requests[0].json()["message"] == "4711"


async def test_question_of_a_server_that_was_killed_is_covered_by_the_fallback(
    own_phone: Phone,
) -> None:
    """The call goes on with another server, which does not ask again."""
    answers = as_json({"text": "Never."}, delay_seconds=60), as_json({"text": "Here I am."})
    with serving(*answers) as server:
        await connect(server)
        async with own_phone.twilio(pause_scale=0.2) as twilio:
            call = await answered(own_phone, twilio)
            await call.say(spell("weather"))
            await asked(server)
            own_phone.server.kill()
            # Not awaited: the simulated call stands still until there is a server again.
            own_phone.server.start()
            await call.streams[0].ended()
            assert (await call.next_said(SOON)).text.startswith("Sorry, I did not understand that.")
            with call.held_pauses():
                assert "was not asked to the end" in (await turns(call.sid))[-1].note
                assert len(server.requests) == 1
                await call.stream_open(SOON)
                await call.say(spell("weather"))
                assert (await call.next_said(SOON)).text == "Here I am."


# --- One reply that somebody elsewhere is asked for ---------------------------------------------


@pytest.fixture
def editor_may_name_loopback(settings: Settings) -> None:
    """Let a reply be saved whose address is the test's own server."""
    settings.OUTSIDE_PRIVATE_HOSTS = ["127.0.0.1"]


@pytest.mark.usefixtures("editor_may_name_loopback")
async def test_reply_may_be_asked_for_elsewhere(
    bot: Bot, start_server: Callable[..., Phone]
) -> None:
    """Signed, with the values that were captured; the text of the answer is said."""
    phone = start_server(OUTSIDE_PRIVATE_HOSTS="127.0.0.1")
    with serving(as_json({"text": "Order 4711 left."})) as server:
        await teach("my order is {order:digits}", "I will look it up.", "post", server.url)
        async with phone.twilio() as twilio:
            call = await answered(phone, twilio)
            await call.say(spell("my order is 4711"))
            assert (await call.next_said(SOON)).text == "Order 4711 left."
        (request,) = server.requests
    assert request.json()["values"] == {"order": "4711"}
    assert verify(bot.secret, request.headers[HEADER], request.body, time.time())
    phone.server.kill()


@pytest.mark.usefixtures("editor_may_name_loopback")
async def test_private_address_is_not_asked(phone: Phone) -> None:
    """By a server that does not allow it, however it was saved; a note says why."""
    with serving(as_json({"text": "Never."})) as server:
        await teach("my order", "Well.", "post", server.url, "Another time.")
        async with phone.twilio() as twilio:
            call = await answered(phone, twilio)
            await call.say(spell("my order"))
            assert (await call.next_said(SOON)).text == "Another time."
        assert server.requests == []
    assert "private address" in (await turns(call.sid))[-1].note
