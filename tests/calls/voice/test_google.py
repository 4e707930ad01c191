"""The Google engine against a gRPC server on loopback that plays Google."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest
from grpc import StatusCode

from calls.voice import google as engine
from calls.voice.google import GoogleSynthesizer
from calls.voice.synthesizer import SynthesisError, SynthesizerRefused, SynthesizerUnavailable
from calls.voice.wording import Wording
from tests.calls.voice.google_server import (
    Abort,
    Asked,
    GoogleServer,
    Script,
    answers,
    hang,
    in_turn,
    wav,
)
from tests.waiting import SOON

WHOLE = Wording("Hello there.", "en-US", "en-US-Neural2-C")
STREAMED = Wording("Hello there.", "en-US", "en-US-Chirp3-HD-Kore")
AUDIO = bytes(range(256))


@asynccontextmanager
async def serving(script: Script) -> AsyncIterator[tuple[GoogleServer, GoogleSynthesizer]]:
    """Serve a script and open a synthesizer on it."""
    async with GoogleServer(script) as server:
        synthesizer = GoogleSynthesizer("global", server.endpoint)
        try:
            yield server, synthesizer
        finally:
            await synthesizer.aclose()


async def spoken(script: Script, wording: Wording) -> tuple[list[bytes], list[Asked]]:
    """Speak to a script; return the audio in its parts, and what was asked."""
    async with serving(script) as (server, synthesizer):
        return [part async for part in synthesizer.speak(wording)], server.calls


class TestWhole:
    """Voices that give all audio at once."""

    @pytest.mark.asyncio
    async def test_request_asks_for_telephone_audio(self) -> None:
        """Text, voice, format and speed arrive."""
        wording = Wording("Hallo.", "nl-NL", "nl-NL-Wavenet-D", speed=90)
        _, (asked,) = await spoken(answers(wav(AUDIO)), wording)
        assert (asked.method, asked.text, asked.voice) == ("whole", "Hallo.", "nl-NL-Wavenet-D")
        assert (asked.language, asked.encoding, asked.rate) == ("nl-NL", "MULAW", 8000)
        assert asked.speed == 0.9

    @pytest.mark.asyncio
    async def test_header_is_removed(self) -> None:
        """A caller would hear it as a click."""
        parts, _ = await spoken(answers(wav(AUDIO, (b"fact", b"abcd"))), WHOLE)
        assert parts == [AUDIO]

    @pytest.mark.asyncio
    async def test_voice_of_no_name_is_that_of_the_language(self) -> None:
        """Google chooses one."""
        _, (asked,) = await spoken(answers(wav(AUDIO)), Wording("Hallo.", "nl-NL"))
        assert (asked.voice, asked.language) == ("", "nl-NL")

    @pytest.mark.asyncio
    async def test_voice_speaks_its_own_language(self) -> None:
        """Google refuses a voice under the tag of another region."""
        wording = Wording("Hello.", "en", "en-GB-Neural2-A")
        _, (asked,) = await spoken(answers(wav(AUDIO)), wording)
        assert asked.language == "en-GB"

    @pytest.mark.asyncio
    async def test_name_as_twilio_writes_it(self) -> None:
        """One name does for both lines."""
        wording = Wording("Hello.", "en-US", "Google.en-US-Neural2-C")
        _, (asked,) = await spoken(answers(wav(AUDIO)), wording)
        assert asked.voice == "en-US-Neural2-C"

    @pytest.mark.asyncio
    async def test_voice_of_another_maker_is_refused_unasked(self) -> None:
        """The message names the voice and one that would do."""
        with pytest.raises(SynthesizerRefused, match=r"Polly\.Joanna.*nl-NL-Chirp3-HD-Kore"):
            await spoken(answers(wav(AUDIO)), Wording("Hello.", "en-US", "Polly.Joanna"))

    @pytest.mark.asyncio
    async def test_markup_is_sent_as_markup(self) -> None:
        """Also to a voice that streams: streams take none."""
        text = '<speak>One <break time="1s"/>moment</speak>'
        wording = Wording(text, "en-US", STREAMED.voice)
        _, (asked,) = await spoken(answers(wav(AUDIO)), wording)
        assert asked.method == "whole"
        assert asked.markup == '<speak>One <break time="1s"></break>moment</speak>'

    @pytest.mark.asyncio
    async def test_faulty_markup_is_spoken_as_words(self) -> None:
        """Google would refuse it, and the caller hear nothing."""
        _, (asked,) = await spoken(answers(wav(AUDIO)), Wording("<speak>One <b", "en-US"))
        assert (asked.text, asked.markup) == ("One", "")

    @pytest.mark.asyncio
    async def test_long_text_is_spoken_in_pieces(self) -> None:
        """Each within the 5,000 bytes of a request, and none lost."""
        text = "Это предложение. " * 150
        _, calls = await spoken(answers(wav(AUDIO)), Wording(text, "ru-RU"))
        assert max(len(asked.text.encode()) for asked in calls) < 5000
        assert " ".join(asked.text for asked in calls) == text.strip()

    @pytest.mark.asyncio
    async def test_other_audio_is_refused(self) -> None:
        """PCM played as mu-law is noise."""
        pcm = wav(AUDIO).replace(b"\x07\x00\x01\x00", b"\x01\x00\x01\x00")
        with pytest.raises(SynthesizerRefused, match="WAV of format"):
            await spoken(answers(pcm), WHOLE)


class TestStream:
    """Voices that give their audio as it comes."""

    @pytest.mark.asyncio
    async def test_request_asks_for_telephone_audio(self) -> None:
        """Format and speed come first, the text behind them."""
        wording = Wording("Hello.", "en-US", STREAMED.voice, speed=120)
        _, (asked,) = await spoken(answers(AUDIO), wording)
        assert (asked.method, asked.text, asked.voice) == ("stream", "Hello.", STREAMED.voice)
        assert (asked.language, asked.encoding, asked.rate) == ("en-US", "MULAW", 8000)
        assert asked.speed == 1.2

    @pytest.mark.asyncio
    async def test_audio_is_heard_as_it_comes(self) -> None:
        """The first part is there before the second is made."""
        go_on = asyncio.Event()

        async def script(asked: Asked) -> AsyncIterator[bytes]:
            yield b"one"
            await go_on.wait()
            yield b"two"

        async with serving(script) as (_, synthesizer):
            parts = aiter(synthesizer.speak(STREAMED))
            assert await anext(parts) == b"one"
            go_on.set()
            assert [part async for part in parts] == [b"two"]

    @pytest.mark.asyncio
    async def test_header_is_removed_where_there_is_one(self) -> None:
        """However it is cut into parts."""
        stream = wav(AUDIO, length=0xFFFFFFFF)
        parts, _ = await spoken(answers(stream[:3], stream[3:50], stream[50:]), STREAMED)
        assert b"".join(parts) == AUDIO


FAULTS = [
    (StatusCode.DEADLINE_EXCEEDED, SynthesizerUnavailable),
    (StatusCode.RESOURCE_EXHAUSTED, SynthesizerUnavailable),
    (StatusCode.INTERNAL, SynthesizerUnavailable),
    (StatusCode.CANCELLED, SynthesizerUnavailable),
    (StatusCode.UNAUTHENTICATED, SynthesizerRefused),
    (StatusCode.PERMISSION_DENIED, SynthesizerRefused),
    (StatusCode.INVALID_ARGUMENT, SynthesizerRefused),
    (StatusCode.NOT_FOUND, SynthesizerRefused),
    (StatusCode.FAILED_PRECONDITION, SynthesizerRefused),
    (StatusCode.UNIMPLEMENTED, SynthesizerRefused),
]


@pytest.mark.parametrize("wording", [WHOLE, STREAMED], ids=["whole", "stream"])
class TestFaults:
    """How speaking fails, in both ways."""

    @pytest.mark.asyncio
    @pytest.mark.parametrize(("code", "expected"), FAULTS)
    async def test_status_becomes_error(
        self, wording: Wording, code: StatusCode, expected: type[SynthesisError]
    ) -> None:
        """What may pass is told from what must be set right; nothing is asked twice."""
        async with serving(answers(Abort(code, "Google's words"))) as (server, synthesizer):
            with pytest.raises(SynthesisError) as caught:
                _ = [part async for part in synthesizer.speak(wording)]
            assert type(caught.value) is expected
            assert len(server.calls) == 1

    @pytest.mark.asyncio
    async def test_refusal_keeps_googles_words_and_names_a_remedy(self, wording: Wording) -> None:
        """The operator reads what to set."""
        with pytest.raises(SynthesizerRefused, match=r"who\?.*GOOGLE_APPLICATION_CREDENTIALS"):
            await spoken(answers(Abort(StatusCode.UNAUTHENTICATED, "who?")), wording)

    @pytest.mark.asyncio
    async def test_unavailable_is_tried_once_more(self, wording: Wording) -> None:
        """A connection that was just closed is no reason to be silent."""
        script = in_turn(answers(Abort(StatusCode.UNAVAILABLE)), answers(AUDIO))
        parts, calls = await spoken(script, wording)
        assert (parts, len(calls)) == ([AUDIO], 2)

    @pytest.mark.asyncio
    async def test_unavailable_is_not_tried_for_ever(self, wording: Wording) -> None:
        """A caller waits."""
        async with serving(answers(Abort(StatusCode.UNAVAILABLE))) as (server, synthesizer):
            with pytest.raises(SynthesizerUnavailable):
                _ = [part async for part in synthesizer.speak(wording)]
            assert len(server.calls) == 2

    @pytest.mark.asyncio
    async def test_silent_server_is_left(
        self, wording: Wording, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """After ANSWER_SECONDS."""
        monkeypatch.setattr(engine, "ANSWER_SECONDS", 0.2)
        async with asyncio.timeout(6):
            with pytest.raises(SynthesizerUnavailable, match=r"DEADLINE_EXCEEDED|no audio within"):
                await spoken(hang, wording)

    @pytest.mark.asyncio
    async def test_cancelling_ends_the_call(self, wording: Wording) -> None:
        """Nobody listens any more, so Google need not speak."""
        async with serving(hang) as (server, synthesizer):
            task = asyncio.ensure_future(anext(aiter(synthesizer.speak(wording))))
            asked = await server.came(1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.wait_for(asked.ended.wait(), SOON)
            assert asked.cancelled

    @pytest.mark.asyncio
    async def test_nobody_listening_is_unavailable(self, wording: Wording) -> None:
        """A refused connection is reported at once."""
        async with GoogleServer(hang) as server:
            endpoint = server.endpoint
        synthesizer = GoogleSynthesizer("global", endpoint)
        async with asyncio.timeout(6):
            with pytest.raises(SynthesizerUnavailable, match="UNAVAILABLE"):
                _ = [part async for part in synthesizer.speak(wording)]
        await synthesizer.aclose()

    @pytest.mark.asyncio
    async def test_closed_engine_refuses(self, wording: Wording) -> None:
        """No connection is made behind its end."""
        async with serving(hang) as (server, synthesizer):
            await synthesizer.aclose()
            with pytest.raises(SynthesizerRefused, match="closed"):
                _ = [part async for part in synthesizer.speak(wording)]
            assert server.calls == []


@pytest.mark.asyncio
async def test_audio_before_a_fault_is_heard_and_not_said_again() -> None:
    """A stream that breaks in the middle is not begun anew."""
    async with serving(answers(b"one", Abort(StatusCode.UNAVAILABLE))) as (server, synthesizer):
        parts = aiter(synthesizer.speak(STREAMED))
        assert await anext(parts) == b"one"
        with pytest.raises(SynthesizerUnavailable):
            await anext(parts)
        assert len(server.calls) == 1


@pytest.mark.asyncio
async def test_leaving_a_stream_ends_the_call() -> None:
    """Whoever stops listening closes the iterator."""

    async def script(asked: Asked) -> AsyncIterator[bytes]:
        yield b"one"
        await asyncio.Event().wait()

    async with serving(script) as (server, synthesizer):
        async with aclosing(synthesizer.speak(STREAMED)) as parts:
            assert await anext(parts) == b"one"
        asked = await server.came(1)
        await asyncio.wait_for(asked.ended.wait(), SOON)


@pytest.mark.parametrize(
    ("location", "address"),
    [("global", "texttospeech.googleapis.com"), ("eu", "eu-texttospeech.googleapis.com")],
)
def test_locations_have_their_own_address(location: str, address: str) -> None:
    """What is to stay in Europe is spoken there."""
    assert GoogleSynthesizer(location)._channels.address == address


def test_location_is_needed() -> None:
    """The message names the setting."""
    with pytest.raises(ValueError, match="GOOGLE_TTS_LOCATION"):
        GoogleSynthesizer("")
