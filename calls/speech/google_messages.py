"""What is said to Google Speech-to-Text v2, and what its answers mean. No connection is made here.

Field names and limits:
https://cloud.google.com/speech-to-text/v2/docs/reference/rpc/google.cloud.speech.v2
https://cloud.google.com/speech-to-text/quotas
"""

import logging
from collections.abc import Iterator
from datetime import timedelta

from google.cloud.speech_v2.types import cloud_speech

from calls.speech.events import Final, Interim, RecognitionEvent, SpeechStarted
from calls.speech.recognizer import RecognitionConfig

logger = logging.getLogger(__name__)

MAX_AUDIO_BYTES = 15_000
"""Audio in one message. The schema allows 15 KB, the quota page 25 KB: the smaller one is kept."""
MAX_PHRASES = 5_000
MAX_PHRASE_CHARACTERS = 100
MAX_PHRASES_CHARACTERS = 100_000

_SPEECH_BEGAN = cloud_speech.StreamingRecognizeResponse.SpeechEventType.SPEECH_ACTIVITY_BEGIN
_MILLISECOND = timedelta(milliseconds=1)


def opening_request(
    recognizer: str, model: str, config: RecognitionConfig
) -> cloud_speech.StreamingRecognizeRequest:
    """Build the first message of a stream: the resource name, the audio's format, the hints.

    `model` is the one for streams whose config names none.
    Voice activity events are asked for because they come before the first interim does: a bot
    that is talking falls silent the sooner. No activity timeout is set, so they end no stream.
    """
    recognition = cloud_speech.RecognitionConfig(
        explicit_decoding_config=cloud_speech.ExplicitDecodingConfig(
            encoding=cloud_speech.ExplicitDecodingConfig.AudioEncoding.MULAW,
            sample_rate_hertz=8000,
            audio_channel_count=1,
        ),
        model=config.model or model,
        language_codes=[config.language],
    )
    if phrases := usable_phrases(config.hints):
        recognition.adaptation = cloud_speech.SpeechAdaptation(
            phrase_sets=[{"inline_phrase_set": {"phrases": [{"value": p} for p in phrases]}}]
        )
    return cloud_speech.StreamingRecognizeRequest(
        recognizer=recognizer,
        streaming_config=cloud_speech.StreamingRecognitionConfig(
            config=recognition,
            streaming_features=cloud_speech.StreamingRecognitionFeatures(
                interim_results=True, enable_voice_activity_events=True
            ),
        ),
    )


def usable_phrases(hints: tuple[str, ...]) -> list[str]:
    """Return the hints that Google takes, most likely first; the rest is counted in the log."""
    wanted = list(dict.fromkeys(hint.strip() for hint in hints if hint.strip()))
    usable: list[str] = []
    room = MAX_PHRASES_CHARACTERS
    for phrase in wanted:
        if len(phrase) > MAX_PHRASE_CHARACTERS or len(phrase) > room:
            continue
        usable.append(phrase)
        room -= len(phrase)
        if len(usable) == MAX_PHRASES:
            break
    if left_out := len(wanted) - len(usable):
        logger.warning(
            "%d of %d hints left out: Google takes %d phrases of %d characters, %d in all",
            left_out,
            len(wanted),
            MAX_PHRASES,
            MAX_PHRASE_CHARACTERS,
            MAX_PHRASES_CHARACTERS,
        )
    return usable


def audio_request(audio: bytes) -> cloud_speech.StreamingRecognizeRequest:
    """Build a message of at most MAX_AUDIO_BYTES of mu-law audio."""
    return cloud_speech.StreamingRecognizeRequest(audio=audio)


def events_in(
    response: cloud_speech.StreamingRecognizeResponse, sent_ms: int
) -> Iterator[RecognitionEvent]:
    """Translate one response: at most one final, then interims which make up one text.

    `sent_ms` is how much audio the stream was given so far. It is taken as the end of a final that
    comes without an offset: were it 0, the next stream would hear the whole utterance again.
    """
    if response.speech_event_type == _SPEECH_BEGAN:
        yield SpeechStarted(at_ms=response.speech_event_offset // _MILLISECOND)
    interim = ""
    for result in response.results:
        if not result.alternatives:
            continue
        best = result.alternatives[0]
        if not result.is_final:
            interim += best.transcript
        elif text := best.transcript.strip():
            yield Final(
                text=text,
                # The schema's 0.0 means that no confidence was set.
                confidence=best.confidence or None,
                end_ms=result.result_end_offset // _MILLISECOND or sent_ms,
            )
    if text := interim.strip():
        yield Interim(text)
