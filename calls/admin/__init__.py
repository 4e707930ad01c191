"""The admin pages on which calls are read, one file for each."""

from calls.admin import call, missed_phrases, voice, what_if

__all__ = ["call", "missed_phrases", "voice", "what_if"]
