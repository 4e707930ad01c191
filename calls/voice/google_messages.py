"""What is said to Google Cloud Text-to-Speech v1. No connection is made here.

Field names and limits:
https://cloud.google.com/text-to-speech/docs/reference/rpc/google.cloud.texttospeech.v1
https://cloud.google.com/text-to-speech/quotas
"""

import re

from google.cloud.texttospeech_v1.types import cloud_tts

from calls.voice.synthesizer import SynthesizerRefused
from calls.voice.wording import Wording

MAX_CHARACTERS = 1_100
"""In one request, which takes 5,000 bytes: a character is up to four of them."""

_STREAMED = "Chirp3-HD"
_TWILIO_PREFIX = "Google."
_NAME = re.compile(r"([a-z]{2,3}-[A-Z]{2})-.+")


def is_streamed(wording: Wording) -> bool:
    """Whether the voice gives its audio as it comes; those that do have this in their names.

    https://cloud.google.com/text-to-speech/docs/create-audio-text-streaming
    """
    return _STREAMED in wording.voice


def voice(wording: Wording) -> cloud_tts.VoiceSelectionParams:
    """Return the voice, in its own language: a request that names another is refused.

    Twilio calls the same voices by the same names, with `Google.` before them. Raises
    SynthesizerRefused for the voice of another maker.
    """
    name = wording.voice.removeprefix(_TWILIO_PREFIX)
    if not name:
        return cloud_tts.VoiceSelectionParams(language_code=wording.language)
    match = _NAME.fullmatch(name)
    if match is None:
        raise SynthesizerRefused(
            f"Google Text-to-Speech has no voice “{name}”: its voices have names such as "
            "nl-NL-Chirp3-HD-Kore. Give the bot one of them, or none"
        )
    return cloud_tts.VoiceSelectionParams(language_code=match[1], name=name)


def whole_request(wording: Wording, said: cloud_tts.SynthesisInput) -> object:
    """Build the request for all audio at once."""
    return cloud_tts.SynthesizeSpeechRequest(
        input=said,
        voice=voice(wording),
        audio_config=cloud_tts.AudioConfig(
            audio_encoding=cloud_tts.AudioEncoding.MULAW,
            sample_rate_hertz=8000,
            speaking_rate=wording.speed / 100,
        ),
    )


def opening_request(wording: Wording) -> object:
    """Build the first message of a stream: voice and format, no text."""
    return cloud_tts.StreamingSynthesizeRequest(
        streaming_config=cloud_tts.StreamingSynthesizeConfig(
            voice=voice(wording),
            streaming_audio_config=cloud_tts.StreamingAudioConfig(
                audio_encoding=cloud_tts.AudioEncoding.MULAW,
                sample_rate_hertz=8000,
                speaking_rate=wording.speed / 100,
            ),
        )
    )


def text_request(text: str) -> object:
    """Build a message of a stream that holds text."""
    return cloud_tts.StreamingSynthesizeRequest(input=cloud_tts.StreamingSynthesisInput(text=text))
