"""What a failed request to Google means: whether to try again, and if not, what to set right."""

from grpc import StatusCode

from calls.speech.google_faults import CREDENTIALS_REMEDY
from calls.voice.synthesizer import SynthesisError, SynthesizerRefused, SynthesizerUnavailable

_REMEDIES = {
    StatusCode.UNAUTHENTICATED: CREDENTIALS_REMEDY,
    StatusCode.PERMISSION_DENIED: (
        "enable the Text-to-Speech API in the project of the account of "
        "GOOGLE_APPLICATION_CREDENTIALS"
    ),
    StatusCode.INVALID_ARGUMENT: (
        "check that the voice of the bot exists for its language, and its text and speed are taken"
    ),
    StatusCode.NOT_FOUND: "check the voice of the bot, and GOOGLE_TTS_LOCATION",
    StatusCode.FAILED_PRECONDITION: (
        "check billing and state of the project of GOOGLE_APPLICATION_CREDENTIALS"
    ),
    StatusCode.UNIMPLEMENTED: "check that the endpoint speaks Google Text-to-Speech v1",
}


def fault(code: StatusCode, details: str) -> SynthesisError:
    """Return the error that stands for a gRPC status; its message keeps Google's own words."""
    message = f"Google Text-to-Speech: {code.name}: {details}"
    if remedy := _REMEDIES.get(code):
        return SynthesizerRefused(f"{message}; {remedy}")
    return SynthesizerUnavailable(message)
