"""What a failed Google stream means: whether to try again, and if not, what to set right.

Google ends a stream for its age or for want of audio by a status that it also uses otherwise,
so these two are told apart by their text, as reported in
https://github.com/GoogleCloudPlatform/python-docs-samples/issues/11596 (v2, age),
https://github.com/GoogleCloudPlatform/dotnet-docs-samples/issues/882 (v1, age) and
https://github.com/googleapis/google-cloud-python/issues/11099 (want of audio).
"""

from grpc import StatusCode

from calls.speech.events import (
    AudioStarved,
    EngineRefused,
    EngineUnavailable,
    RecognitionError,
    StreamLimitReached,
)

_AGE = ("max duration", "maximum allowed stream duration")
_NO_AUDIO = "audio timeout error"

CREDENTIALS_REMEDY = (
    "point GOOGLE_APPLICATION_CREDENTIALS at the key file of a service account, "
    "or run where Google provides an account"
)
_REMEDIES = {
    StatusCode.UNAUTHENTICATED: CREDENTIALS_REMEDY,
    StatusCode.PERMISSION_DENIED: (
        "enable the Speech-to-Text API in the project named by GOOGLE_CLOUD_PROJECT and give the "
        "account of GOOGLE_APPLICATION_CREDENTIALS the role roles/speech.client there"
    ),
    StatusCode.INVALID_ARGUMENT: (
        "check that GOOGLE_SPEECH_MODEL exists in GOOGLE_SPEECH_LOCATION for the bot's language"
    ),
    StatusCode.NOT_FOUND: "check GOOGLE_CLOUD_PROJECT, GOOGLE_SPEECH_LOCATION, GOOGLE_SPEECH_MODEL",
    StatusCode.FAILED_PRECONDITION: (
        "check billing and state of the project named by GOOGLE_CLOUD_PROJECT"
    ),
    StatusCode.UNIMPLEMENTED: "check that the endpoint speaks Google Speech-to-Text v2",
}


def fault(code: StatusCode, details: str) -> RecognitionError:
    """Return the error that stands for a gRPC status; its message keeps Google's own words."""
    lowered = details.lower()
    message = f"Google Speech-to-Text: {code.name}: {details}"
    if code in (StatusCode.OUT_OF_RANGE, StatusCode.ABORTED):
        if any(phrase in lowered for phrase in _AGE):
            return StreamLimitReached(message)
        if _NO_AUDIO in lowered:
            return AudioStarved(message)
    if remedy := _REMEDIES.get(code):
        return EngineRefused(f"{message}; {remedy}")
    return EngineUnavailable(message)
