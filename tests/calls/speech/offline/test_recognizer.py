"""Tests of the offline recognizer as a call uses it."""

import asyncio
import logging
import os
import time
from pathlib import Path

import numpy as np
import pytest

from calls.speech.events import (
    EngineRefused,
    EngineUnavailable,
    Final,
    RecognitionEvent,
    SpeechStarted,
)
from calls.speech.offline import OfflineRecognizer
from calls.speech.recognizer import RecognitionConfig, RecognitionStream, Recognizer
from tests.calls.speech.offline.recordings import buzz, frames, on_the_line, read_wav
from tests.waiting import quickest

PHRASES = ("Computer", "Jarvis", "Smart Mirror", "View glass", "snowboy")
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
CONFIG = RecognitionConfig("en-US", PHRASES, (("snowboy", "S N OW B OY"),))


async def hear(stream: RecognitionStream, audio: bytes) -> list[RecognitionEvent]:
    """Give what a stream reports of some audio, to its end."""
    for frame in frames(audio):
        stream.write(frame)
    stream.finish()
    return [event async for event in stream]


def die(*_: object) -> None:
    """End the process that runs this, at once."""
    os._exit(1)


def finals(events: list[RecognitionEvent]) -> list[str]:
    """Give the texts of the utterances."""
    return [event.text for event in events if isinstance(event, Final)]


@pytest.mark.asyncio
async def test_a_phrase_is_heard_as_its_hint_is_spelled(
    recognizer: OfflineRecognizer, recordings: Path
) -> None:
    """Events come in their order, with times of the stream and a confidence."""
    audio = on_the_line(read_wav(recordings / "words" / "smart_mirror_0.wav"))
    stream = recognizer.open(CONFIG)
    start, final = await hear(stream, audio)
    assert isinstance(start, SpeechStarted)
    assert isinstance(final, Final)
    assert final.text == "Smart Mirror"
    assert final.confidence is not None
    assert 0 < final.confidence <= 1
    assert start.at_ms < final.end_ms <= len(audio) // 8
    await stream.aclose()


@pytest.mark.asyncio
async def test_most_recorded_phrases_are_heard_and_none_is_mistaken(
    recognizer: OfflineRecognizer, recordings: Path
) -> None:
    """Of recorded phrases nine in ten are right, and next to none is mistaken."""
    right = wrong = 0
    paths = sorted((recordings / "words").glob("*.wav"))
    for path in paths:
        said = path.stem.rpartition("_")[0].replace("_", " ")
        texts = finals(await hear(recognizer.open(CONFIG), on_the_line(read_wav(path))))
        right += any(text.lower() == said for text in texts)
        wrong += any(text and text.lower() != said for text in texts)
    assert right >= 0.9 * len(paths)
    assert wrong <= 0.04 * len(paths)


@pytest.mark.asyncio
async def test_row_of_digits_is_heard_where_it_is_expected(
    recognizer: OfflineRecognizer, recordings: Path
) -> None:
    """No list of phrases has it; of a clear speaker it is made out."""
    gap = np.zeros(800, dtype=np.int16)
    nine, five = (read_wav(recordings / "digits" / f"{digit}_lucas_3.wav") for digit in "95")
    stream = recognizer.open(RecognitionConfig("en-US", DIGITS, expects="digits"))
    audio = on_the_line(np.concatenate([nine, gap, five]))
    assert finals(await hear(stream, audio)) == ["nine five"]


@pytest.mark.asyncio
async def test_single_digit_is_heard_among_rows(
    recognizer: OfflineRecognizer, recordings: Path
) -> None:
    """Where an answer may be one of many digits, it may be one of one."""
    audio = on_the_line(read_wav(recordings / "digits" / "9_jackson_3.wav"))
    stream = recognizer.open(RecognitionConfig("en-US", expects="digits"))
    assert finals(await hear(stream, audio)) == ["nine"]


@pytest.mark.asyncio
async def test_running_speech_is_no_phrase(recognizer: OfflineRecognizer, recordings: Path) -> None:
    """What no phrase covers is speech that could not be made out."""
    for path in sorted((recordings / "other").glob("*.wav")):
        texts = finals(await hear(recognizer.open(CONFIG), on_the_line(read_wav(path))))
        assert set(texts) == {""}


@pytest.mark.asyncio
async def test_a_voice_without_words_gives_an_empty_final(recognizer: OfflineRecognizer) -> None:
    """Each utterance has one final, also when nothing can be made out."""
    events = await hear(recognizer.open(CONFIG), on_the_line(buzz(0.8)))
    assert [type(event) for event in events] == [SpeechStarted, Final]
    assert finals(events) == [""]


@pytest.mark.asyncio
async def test_without_hints_speech_is_still_noticed(recognizer: OfflineRecognizer) -> None:
    """A stream with nothing to listen for reports when somebody spoke."""
    events = await hear(recognizer.open(RecognitionConfig("en")), on_the_line(buzz(0.8)))
    assert [type(event) for event in events] == [SpeechStarted, Final]


@pytest.mark.asyncio
async def test_silence_reports_nothing(recognizer: OfflineRecognizer) -> None:
    """A stream of a silent caller ends without an event."""
    audio = on_the_line(np.zeros(8000, dtype=np.int16))
    assert await hear(recognizer.open(CONFIG), audio) == []


@pytest.mark.asyncio
async def test_finish_decodes_what_still_runs(
    recognizer: OfflineRecognizer, recordings: Path
) -> None:
    """A phrase cut off by the end of the stream's audio still has its final."""
    audio = on_the_line(read_wav(recordings / "words" / "view_glass_0.wav"), tail=0.0)
    end_of_speech = 2700 * 8
    assert finals(await hear(recognizer.open(CONFIG), audio[:end_of_speech])) == ["View glass"]


@pytest.mark.asyncio
async def test_another_language_is_refused(recognizer: OfflineRecognizer) -> None:
    """The iteration says which language it was and what to do."""
    stream = recognizer.open(RecognitionConfig("de-DE", ("hallo",)))
    stream.write(b"\xff" * 160)
    with pytest.raises(EngineRefused, match=r'"de-DE".*RECOGNIZER=google'):
        await anext(aiter(stream))
    stream.finish()
    await stream.aclose()


@pytest.mark.asyncio
async def test_keyword_words_without_pronunciation_are_logged_once(
    recognizer: OfflineRecognizer, caplog: pytest.LogCaptureFixture
) -> None:
    """The editor's words that callers cannot say are on record, once per phrase set."""
    config = RecognitionConfig("en", ("hello", "ask foobarix"))
    with caplog.at_level(logging.WARNING, "calls.speech.offline"):
        for _ in range(2):
            stream = recognizer.open(config)
            await hear(stream, on_the_line(buzz(0.5)))
            await stream.aclose()
        await recognizer.aclose()
    assert [record.getMessage().rpartition(": ")[2] for record in caplog.records] == ["foobarix"]


@pytest.mark.asyncio
async def test_a_closed_stream_ends_and_takes_no_audio(recognizer: OfflineRecognizer) -> None:
    """After `aclose`, twice if need be, the reader is released and audio is ignored."""
    stream = recognizer.open(CONFIG)
    reader = asyncio.create_task(anext(aiter(stream), None))
    await asyncio.sleep(0)
    await stream.aclose()
    await stream.aclose()
    stream.write(on_the_line(buzz(0.5)))
    stream.finish()
    assert await reader is None
    assert [event async for event in stream] == []


@pytest.mark.asyncio
async def test_a_cancelled_reader_loses_no_event(recognizer: OfflineRecognizer) -> None:
    """Reading with a deadline and reading again gives every event once."""
    stream = recognizer.open(CONFIG)
    stream.write(on_the_line(buzz(0.5)))
    stream.finish()
    events: list[RecognitionEvent] = []
    while len(events) < 2:
        try:
            async with asyncio.timeout(0.001):
                events.append(await anext(aiter(stream)))
        except TimeoutError:
            continue
    assert [type(event) for event in events] == [SpeechStarted, Final]
    await stream.aclose()


@pytest.mark.asyncio
async def test_a_died_process_fails_the_stream_and_not_the_next(
    recognizer: OfflineRecognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stream whose process dies reports it; a stream opened afterwards is served."""
    with monkeypatch.context() as patch:
        patch.setattr("calls.speech.offline.recognizer.decode", die)
        stream = recognizer.open(CONFIG)
        with pytest.raises(EngineUnavailable):
            await hear(stream, on_the_line(buzz(0.5)))
        await stream.aclose()
    assert finals(await hear(recognizer.open(CONFIG), on_the_line(buzz(0.5)))) == [""]


@pytest.mark.asyncio
async def test_one_call_does_not_stall_another(recognizer: OfflineRecognizer) -> None:
    """While long speech of one call is decoded, the loop turns and another call's final comes."""
    await hear(recognizer.open(CONFIG), on_the_line(buzz(0.5)))

    async def share_of_the_bounds() -> float:
        long, short = recognizer.open(CONFIG), recognizer.open(CONFIG)
        long.write(on_the_line(buzz(5.0)))
        begin = time.perf_counter()
        answer = asyncio.create_task(hear(short, on_the_line(buzz(0.5))))
        slowest = 0.0
        while not answer.done():
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            slowest = max(slowest, time.perf_counter() - before)
        assert finals(await answer) == [""]
        took = time.perf_counter() - begin
        await long.aclose()
        await short.aclose()
        return max(took / 2.0, slowest / 0.2)

    assert await quickest(share_of_the_bounds, within=1) < 1


def test_the_recognizer_keeps_to_the_interface() -> None:
    """The engine is one of those a call can use."""
    engine: Recognizer = OfflineRecognizer(processes=1)
    assert (engine.name, engine.max_stream_seconds) == ("offline", None)
