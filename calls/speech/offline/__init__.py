"""Speech to text without a network, for the few phrases that a bot expects next."""

from typing import TYPE_CHECKING, Any

from calls.speech.offline.pronunciation import keyword_problems, pronunciation_problems

if TYPE_CHECKING:
    from calls.speech.offline.recognizer import OfflineRecognizer

__all__ = ["OfflineRecognizer", "keyword_problems", "pronunciation_problems"]


def __getattr__(name: str) -> Any:
    """Import the recognizer only when asked for: the admin needs no engine."""
    if name == "OfflineRecognizer":
        from calls.speech.offline.recognizer import OfflineRecognizer

        return OfflineRecognizer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
