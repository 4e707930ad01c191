"""The Google engine against a gRPC server on loopback that plays Google."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import google.auth
import pytest
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import TransportError
from grpc import StatusCode

from calls.speech import google as engine
from calls.speech.events import (
    AudioStarved,
    EngineRefused,
    EngineUnavailable,
    Final,
    Interim,
    RecognitionError,
    RecognitionEvent,
    SpeechStarted,
    StreamLimitReached,
)
from calls.speech.google import GoogleRecognizer, GoogleStream
from calls.speech.google_messages import MAX_AUDIO_BYTES, usable_phrases
from calls.speech.recognizer import RecognitionConfig
from tests.calls.speech.google_server import (
    Abort,
    GoogleServer,
    HalfClosed,
    Hang,
    Heard,
    Hears,
    HearsClips,
    Response,
    Say,
    Script,
    final,
    interim,
    speech_began,
    steps,
)
from tests.waiting import SOON

CONFIG = RecognitionConfig(language="en-US")
SPEECH = bytes(range(16, 96)) * 40
"""400 ms of sound."""
PAUSE = b"\xff" * 1600


@asynccontextmanager
async def serving(
    script: Script, **server_options: int
) -> AsyncIterator[tuple[GoogleServer, GoogleRecognizer]]:
    """Serve a script and open a recognizer on it."""
    async with GoogleServer(script, **server_options) as server:
        recognizer = GoogleRecognizer("", "global", "telephony", server.endpoint)
        try:
            yield server, recognizer
        finally:
            await recognizer.aclose()


async def all_events(stream: GoogleStream) -> list[RecognitionEvent]:
    """Read a stream to its end."""
    return [event async for event in stream]


async def events_of(script: Script, audio: bytes = PAUSE) -> list[RecognitionEvent]:
    """Say `audio` to a stream and read it to its end."""
    async with serving(script) as (_, recognizer):
        stream = recognizer.open(CONFIG)
        stream.write(audio)
        stream.finish()
        try:
            return await all_events(stream)
        finally:
            await stream.aclose()


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop run until the condition holds."""
    async with asyncio.timeout(SOON):
        while not condition():  # noqa: ASYNC110 - gRPC's own tasks offer no event
            await asyncio.sleep(0)


class TestRequests:
    """What Google is sent."""

    @pytest.mark.asyncio
    async def test_first_message_describes_telephone_audio(self) -> None:
        """The first message names the recognizer, the format, the language and the features."""
        async with serving(HalfClosed()) as (server, _):
            recognizer = GoogleRecognizer("acme", "eu", "chirp_2", server.endpoint)
            stream = recognizer.open(RecognitionConfig(language="de-DE"))
            stream.finish()
            await all_events(stream)
            await stream.aclose()
            await recognizer.aclose()
        served = server.streams[0]
        assert served.recognizer == "projects/acme/locations/eu/recognizers/_"
        decoding = served.config.config.explicit_decoding_config
        assert decoding.encoding.name == "MULAW"
        assert (decoding.sample_rate_hertz, decoding.audio_channel_count) == (8000, 1)
        assert served.config.config.model == "chirp_2"
        assert list(served.config.config.language_codes) == ["de-DE"]
        assert served.config.streaming_features.interim_results
        assert served.config.streaming_features.enable_voice_activity_events

    @pytest.mark.asyncio
    async def test_a_stream_may_ask_for_a_model_of_its_own(self) -> None:
        """The model of the config comes before that of the settings, for this stream only."""
        async with serving(HalfClosed()) as (server, recognizer):
            for config in (RecognitionConfig("en-US", model="latest_short"), CONFIG):
                stream = recognizer.open(config)
                stream.finish()
                await all_events(stream)
                await stream.aclose()
        models = [stream.config.config.model for stream in server.streams]
        assert models == ["latest_short", "telephony"]

    @pytest.mark.asyncio
    async def test_hints_become_an_inline_phrase_set(self) -> None:
        """Hints are sent in their order."""
        async with serving(HalfClosed()) as (server, recognizer):
            stream = recognizer.open(RecognitionConfig("en-US", hints=("book a table", "cancel")))
            stream.finish()
            await all_events(stream)
            await stream.aclose()
        (phrase_set,) = server.streams[0].config.config.adaptation.phrase_sets
        phrases = [phrase.value for phrase in phrase_set.inline_phrase_set.phrases]
        assert phrases == ["book a table", "cancel"]

    @pytest.mark.asyncio
    async def test_audio_arrives_untouched_in_small_messages(self) -> None:
        """A long replay is split, and every byte arrives in its place."""
        audio = bytes(range(256)) * 900
        async with serving(HalfClosed()) as (server, recognizer):
            stream = recognizer.open(CONFIG)
            stream.write(audio)
            stream.write(b"tail")
            stream.finish()
            await all_events(stream)
            await stream.aclose()
        assert bytes(server.streams[0].audio) == audio + b"tail"
        assert max(server.streams[0].message_sizes) <= MAX_AUDIO_BYTES

    @pytest.mark.asyncio
    async def test_audio_after_finish_is_ignored(self) -> None:
        """Nothing is sent behind the half-close."""
        async with serving(HalfClosed()) as (server, recognizer):
            stream = recognizer.open(CONFIG)
            stream.write(b"heard")
            stream.finish()
            stream.write(b"not heard")
            await all_events(stream)
            await stream.aclose()
        assert bytes(server.streams[0].audio) == b"heard"


class TestHints:
    """Which hints are left out."""

    def test_blank_repeated_and_overlong_phrases_are_left_out(self) -> None:
        """Only phrases that Google takes remain."""
        assert usable_phrases(("yes", " ", "no", "yes", "x" * 101)) == ["yes", "no"]

    def test_five_thousand_phrases_are_the_most(self) -> None:
        """The first, most likely ones remain."""
        hints = tuple(str(number) for number in range(5001))
        assert usable_phrases(hints) == list(hints[:5000])

    def test_hundred_thousand_characters_are_the_most(self) -> None:
        """The sum of all phrases keeps to the limit."""
        hints = tuple(f"{number:0100}" for number in range(1001))
        assert usable_phrases(hints) == list(hints[:1000])

    def test_what_is_left_out_is_counted_in_one_line(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The log has the count and no phrase."""
        with caplog.at_level(logging.WARNING):
            usable_phrases(("yes", "x" * 101, "y" * 101))
        (record,) = caplog.records
        assert record.getMessage().startswith("2 of 3 hints left out")
        assert "xxx" not in record.getMessage()


class TestResults:
    """What Google's answers become."""

    @pytest.mark.asyncio
    async def test_interim_parts_are_joined(self) -> None:
        """The stable and the unstable part make one interim."""
        events = await events_of(Say(interim(" to be", " or not")))
        assert events == [Interim("to be or not")]

    @pytest.mark.asyncio
    async def test_final_comes_before_the_interim_behind_it(self) -> None:
        """A response may settle one utterance and begin the next."""
        events = await events_of(Say(final(" to be", 1230, confidence=0.5, then=(" that", " is"))))
        assert events == [Final("to be", 0.5, 1230), Interim("that is")]

    @pytest.mark.asyncio
    async def test_zero_confidence_is_none(self) -> None:
        """0.0 means that Google set no confidence."""
        assert await events_of(Say(final("yes", 10, confidence=0.0))) == [Final("yes", None, 10)]

    @pytest.mark.asyncio
    async def test_final_without_offset_ends_at_the_audio_sent(self) -> None:
        """An end of 0 would make the next stream hear the same words again."""
        events = await events_of(steps(HalfClosed(), Say(final("yes", 0, 0.5))), audio=PAUSE)
        assert events == [Final("yes", 0.5, 200)]

    @pytest.mark.asyncio
    async def test_empty_final_is_dropped(self) -> None:
        """Google's empty transcripts say nothing."""
        assert await events_of(Say(final(" ", 10))) == []

    @pytest.mark.asyncio
    async def test_result_without_alternatives_is_nothing(self) -> None:
        """A result that holds no transcript is passed over."""
        assert await events_of(Say(Response(results=[{"is_final": True}]))) == []

    @pytest.mark.asyncio
    async def test_voice_activity_is_speech_started(self) -> None:
        """The event carries its offset."""
        assert await events_of(Say(speech_began(420))) == [SpeechStarted(420)]

    @pytest.mark.asyncio
    async def test_results_after_finish_are_reported(self) -> None:
        """Half-closing loses no words."""
        events = await events_of(steps(HalfClosed(), Say(final("bye", 90, 0.5))))
        assert events == [Final("bye", 0.5, 90)]

    @pytest.mark.asyncio
    async def test_iteration_stays_ended(self) -> None:
        """Asking an ended stream again does not hang."""
        async with serving(HalfClosed()) as (_, recognizer):
            stream = recognizer.open(CONFIG)
            stream.finish()
            assert await all_events(stream) == []
            assert await all_events(stream) == []
            await stream.aclose()


FAULTS = [
    (StatusCode.ABORTED, "Max duration of 5 minutes reached for stream.", StreamLimitReached),
    (
        StatusCode.OUT_OF_RANGE,
        "Exceeded maximum allowed stream duration of 305 seconds.",
        StreamLimitReached,
    ),
    (
        StatusCode.OUT_OF_RANGE,
        "Audio Timeout Error: Long duration elapsed without audio.",
        AudioStarved,
    ),
    (StatusCode.ABORTED, "conflict", EngineUnavailable),
    (StatusCode.OUT_OF_RANGE, "beyond", EngineUnavailable),
    (StatusCode.UNAVAILABLE, "try later", EngineUnavailable),
    (StatusCode.DEADLINE_EXCEEDED, "late", EngineUnavailable),
    (StatusCode.INTERNAL, "broken", EngineUnavailable),
    (StatusCode.RESOURCE_EXHAUSTED, "quota", EngineUnavailable),
    (StatusCode.UNKNOWN, "?", EngineUnavailable),
    (StatusCode.CANCELLED, "cancelled by the server", EngineUnavailable),
    (StatusCode.PERMISSION_DENIED, "no", EngineRefused),
    (StatusCode.UNAUTHENTICATED, "who", EngineRefused),
    (StatusCode.INVALID_ARGUMENT, "bad model", EngineRefused),
    (StatusCode.NOT_FOUND, "no recognizer", EngineRefused),
    (StatusCode.FAILED_PRECONDITION, "billing", EngineRefused),
    (StatusCode.UNIMPLEMENTED, "no such method", EngineRefused),
]
REMEDIES = [
    (StatusCode.PERMISSION_DENIED, "GOOGLE_CLOUD_PROJECT"),
    (StatusCode.UNAUTHENTICATED, "GOOGLE_APPLICATION_CREDENTIALS"),
    (StatusCode.INVALID_ARGUMENT, "GOOGLE_SPEECH_MODEL"),
    (StatusCode.NOT_FOUND, "GOOGLE_SPEECH_LOCATION"),
]


class TestFaults:
    """How streams fail."""

    @pytest.mark.asyncio
    @pytest.mark.parametrize(("code", "details", "expected"), FAULTS)
    async def test_status_becomes_error(
        self, code: StatusCode, details: str, expected: type[RecognitionError]
    ) -> None:
        """Every status that Google is known to end a stream by has its meaning."""
        with pytest.raises(RecognitionError) as caught:
            await events_of(Abort(code, details))
        assert type(caught.value) is expected

    @pytest.mark.asyncio
    @pytest.mark.parametrize(("code", "setting"), REMEDIES)
    async def test_refusal_names_the_setting(self, code: StatusCode, setting: str) -> None:
        """The message says what to set right, and keeps Google's words."""
        with pytest.raises(EngineRefused, match=rf"Google's words.*{setting}"):
            await events_of(Abort(code, "Google's words"))

    @pytest.mark.asyncio
    async def test_events_before_a_fault_are_reported(self) -> None:
        """A fault takes back nothing."""
        script = steps(Say(interim("he")), Abort(StatusCode.INTERNAL))
        async with serving(script) as (_, recognizer):
            stream = recognizer.open(CONFIG)
            assert await anext(stream) == Interim("he")
            with pytest.raises(EngineUnavailable):
                await anext(stream)
            await stream.aclose()

    @pytest.mark.asyncio
    async def test_final_before_a_fault_survives_a_flood_of_audio(self) -> None:
        """Writes that fail because the call has ended hide neither words nor the reason."""
        script = steps(Say(final("yes", 10, 0.5)), Abort(StatusCode.PERMISSION_DENIED))
        async with serving(script) as (_, recognizer):
            for _attempt in range(50):
                stream = recognizer.open(CONFIG)
                stream.write(bytes(30 * 8000))
                assert await anext(stream) == Final("yes", 0.5, 10)
                with pytest.raises(EngineRefused, match="PERMISSION_DENIED"):
                    await anext(stream)
                await stream.aclose()

    @pytest.mark.asyncio
    async def test_orderly_end_amid_a_flood_of_audio_is_no_fault(self) -> None:
        """A server that ends its stream while we still write has not failed."""
        async with serving(steps(Heard(1000), Say(final("yes", 10, 0.5)))) as (_, recognizer):
            for _attempt in range(50):
                stream = recognizer.open(CONFIG)
                stream.write(bytes(30 * 8000))
                assert await all_events(stream) == [Final("yes", 0.5, 10)]
                await stream.aclose()

    @pytest.mark.asyncio
    async def test_nobody_listening_is_engine_unavailable(self) -> None:
        """A refused connection is reported at once, without retries."""
        async with GoogleServer(Hang()) as server:
            endpoint = server.endpoint
        recognizer = GoogleRecognizer("", "global", "telephony", endpoint)
        stream = recognizer.open(CONFIG)
        async with asyncio.timeout(SOON):
            with pytest.raises(EngineUnavailable, match="UNAVAILABLE"):
                await all_events(stream)
        await stream.aclose()
        await recognizer.aclose()

    @pytest.mark.asyncio
    async def test_a_peer_that_never_answers_is_left(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A connection that comes to nothing is given up after CONNECT_SECONDS."""
        monkeypatch.setattr(engine, "CONNECT_SECONDS", 0.2)
        gone = asyncio.Event()

        async def keep_silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await gone.wait()
            writer.close()

        peer = await asyncio.start_server(keep_silent, "127.0.0.1", 0)
        port = peer.sockets[0].getsockname()[1]
        recognizer = GoogleRecognizer("", "global", "telephony", f"http://127.0.0.1:{port}")
        stream = recognizer.open(CONFIG)
        with pytest.raises(EngineUnavailable, match=rf"no connection to 127.0.0.1:{port}"):
            await all_events(stream)
        await stream.aclose()
        await recognizer.aclose()
        gone.set()
        peer.close()
        await peer.wait_closed()

    @pytest.mark.asyncio
    async def test_audio_that_cannot_be_sent_fails_the_stream(self) -> None:
        """A minute of unsent audio ends the stream instead of being skipped."""
        async with serving(Hang()) as (_, recognizer):
            stream = recognizer.open(CONFIG)
            stream.write(bytes(engine.MAX_UNSENT_BYTES + 1))
            with pytest.raises(EngineUnavailable, match="cannot keep up"):
                await all_events(stream)
            await stream.aclose()

    @pytest.mark.asyncio
    async def test_unread_failure_is_not_reported_as_lost(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Closing a failed stream that nobody read leaves no complaint in asyncio's log."""
        async with serving(Abort(StatusCode.INTERNAL)) as (server, recognizer):
            stream = recognizer.open(CONFIG)
            await (await server.opened(1)).ended.wait()
            await until(stream._task.done)
            await stream.aclose()
            del stream
        assert caplog.records == []


class TestClosing:
    """What is left when a stream or the engine is closed."""

    @pytest.mark.asyncio
    async def test_aclose_cancels_the_call(self) -> None:
        """The server sees the cancellation."""
        async with serving(Hang()) as (server, recognizer):
            stream = recognizer.open(CONFIG)
            served = await server.opened(1)
            await stream.aclose()
            await served.ended.wait()
            assert served.cancelled

    @pytest.mark.asyncio
    async def test_aclose_ends_iteration(self) -> None:
        """Whoever waits for an event is let go."""
        async with serving(Hang()) as (server, recognizer):
            stream = recognizer.open(CONFIG)
            reading = asyncio.create_task(all_events(stream))
            await server.opened(1)
            await stream.aclose()
            assert await reading == []

    @pytest.mark.asyncio
    async def test_aclose_twice_and_before_connecting(self) -> None:
        """A stream may be closed at any time, any number of times."""
        async with serving(Hang()) as (_, recognizer):
            stream = recognizer.open(CONFIG)
            await stream.aclose()
            await stream.aclose()
            assert await all_events(stream) == []

    @pytest.mark.asyncio
    async def test_no_task_is_left(self) -> None:
        """Neither our tasks nor those of the gRPC call outlive the stream."""
        async with serving(Hang()) as (server, recognizer):
            before = len(asyncio.all_tasks())
            stream = recognizer.open(CONFIG)
            stream.write(SPEECH)
            served = await server.opened(1)
            await stream.aclose()
            await served.ended.wait()
            await until(lambda: len(asyncio.all_tasks()) <= before)

    @pytest.mark.asyncio
    async def test_closed_recognizer_refuses_streams(self) -> None:
        """No connection is made behind the engine's end."""
        async with serving(Hang()) as (server, recognizer):
            await recognizer.aclose()
            stream = recognizer.open(CONFIG)
            with pytest.raises(EngineRefused, match="closed"):
                await all_events(stream)
            await stream.aclose()
            assert server.streams == []

    @pytest.mark.asyncio
    async def test_closing_the_recognizer_fails_its_streams(self) -> None:
        """An open stream does not hang when its connection goes."""
        async with serving(Hang()) as (server, recognizer):
            stream = recognizer.open(CONFIG)
            await server.opened(1)
            await recognizer.aclose()
            with pytest.raises(EngineUnavailable):
                await all_events(stream)
            await stream.aclose()


class TestConnections:
    """Where streams go."""

    @pytest.mark.asyncio
    async def test_more_streams_than_one_connection_takes(self) -> None:
        """130 calls at a server of 100 streams a connection are all served at the same time."""
        async with serving(Hang(), max_concurrent_streams=100) as (server, recognizer):
            streams = [recognizer.open(CONFIG) for _ in range(130)]
            await server.opened(130)
            await asyncio.gather(*(stream.aclose() for stream in streams))

    @pytest.mark.parametrize(
        "endpoint", ["https://h:1", "h:1", "http://h", "http://h:1/x", "http://:1", "http://u@h:1"]
    )
    def test_other_endpoints_are_refused(self, endpoint: str) -> None:
        """Only plaintext host and port, or nothing, make sense."""
        with pytest.raises(ValueError, match="http://host:port"):
            GoogleRecognizer("acme", "global", "telephony", endpoint)

    def test_google_needs_a_project(self) -> None:
        """The message names the setting."""
        with pytest.raises(ValueError, match="GOOGLE_CLOUD_PROJECT"):
            GoogleRecognizer("", "global", "telephony")

    @pytest.mark.parametrize(("location", "model"), [("", "telephony"), ("global", "")])
    def test_location_and_model_are_needed(self, location: str, model: str) -> None:
        """The message names the settings."""
        with pytest.raises(ValueError, match="GOOGLE_SPEECH_LOCATION and GOOGLE_SPEECH_MODEL"):
            GoogleRecognizer("acme", location, model)

    @pytest.mark.parametrize(
        ("location", "address"),
        [
            ("global", "speech.googleapis.com"),
            ("europe-west4", "europe-west4-speech.googleapis.com"),
        ],
    )
    def test_regions_have_their_own_address(self, location: str, address: str) -> None:
        """The recognizer's path and the address must name the same region."""
        recognizer = GoogleRecognizer("acme", location, "telephony")
        assert recognizer._channels.address == address

    @pytest.mark.asyncio
    async def test_missing_credentials_are_refused(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        """A key file that is not there is an error of setting up, with the remedy."""
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none.json"))
        recognizer = GoogleRecognizer("acme", "global", "telephony")
        stream = recognizer.open(CONFIG)
        with pytest.raises(EngineRefused, match="GOOGLE_APPLICATION_CREDENTIALS"):
            await all_events(stream)
        await stream.aclose()
        await recognizer.aclose()

    @pytest.mark.asyncio
    async def test_credentials_that_cannot_be_had_now_are_unavailable(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A metadata server out of reach may answer the next time."""

        def unreachable(**_: object) -> None:
            raise TransportError("metadata server")  # type: ignore[no-untyped-call]

        monkeypatch.setattr(google.auth, "default", unreachable)
        recognizer = GoogleRecognizer("acme", "global", "telephony")
        stream = recognizer.open(CONFIG)
        with pytest.raises(EngineUnavailable, match="metadata server"):
            await all_events(stream)
        await stream.aclose()
        await recognizer.aclose()

    @pytest.mark.asyncio
    async def test_credentials_are_looked_up_once_and_off_the_loop(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """All streams share one look-up, which may block, and speak TLS."""
        threads: list[threading.Thread] = []

        def look_up(**_: object) -> tuple[AnonymousCredentials, None]:
            threads.append(threading.current_thread())
            return AnonymousCredentials(), None  # type: ignore[no-untyped-call]

        monkeypatch.setattr(google.auth, "default", look_up)
        recognizer = GoogleRecognizer("acme", "global", "telephony")
        async with GoogleServer(Hang()) as server:
            recognizer._channels.address = server.address
            streams = [recognizer.open(CONFIG), recognizer.open(CONFIG)]
            for stream in streams:
                with pytest.raises(EngineUnavailable, match=r"(?i)ssl|tls|handshake"):
                    await all_events(stream)
                await stream.aclose()
        await recognizer.aclose()
        (thread,) = threads
        assert thread is not threading.main_thread()


class TestServer:
    """The server that plays Google, in its modes that listen to the audio."""

    @pytest.mark.asyncio
    async def test_hears_texts_in_turn(self) -> None:
        """Each utterance gets the next text."""
        events = await events_of(Hears(["one", "two"]), PAUSE + SPEECH + PAUSE + SPEECH + PAUSE)
        assert [(e.text, e.end_ms) for e in events if isinstance(e, Final)] == [
            ("one", 600),
            ("two", 1200),
        ]

    @pytest.mark.asyncio
    async def test_hears_clips_by_their_bytes(self) -> None:
        """A clip is known again between any silence, in any order."""
        other = SPEECH[::-1]
        hears = HearsClips({SPEECH: "one", other + PAUSE * 2 + other: "two"})
        two = other + PAUSE + other
        events = await events_of(hears, PAUSE + two + PAUSE + SPEECH + PAUSE)
        assert [e.text for e in events if isinstance(e, Final)] == ["two", "one"]

    @pytest.mark.asyncio
    async def test_damaged_clip_is_not_heard(self) -> None:
        """One byte missing is enough."""
        hears = HearsClips({SPEECH: "one"})
        events = await events_of(hears, PAUSE + SPEECH[1:] + PAUSE)
        assert not [e for e in events if isinstance(e, Final)]
        assert hears.unknown == 1
