"""What the bot did, in words."""

import pytest

from calls.admin.wording import action_words


@pytest.mark.parametrize(
    ("action", "parameter", "words"),
    [
        ("", "", ""),
        ("hangup", "", "then hangs up"),
        ("transfer", "+31201234567", "then connects the caller to +31201234567"),
        ("play", "https://a.example/b.mp3", "then plays the recording https://a.example/b.mp3"),
        ("sms", "Thank you.", "then sends the caller the SMS “Thank you.”"),
        ("transfer", "", "Transfer the call"),
        ("fax", "1", "fax: 1"),
    ],
)
def test_action_is_said_in_words(action: str, parameter: str, words: str) -> None:
    """Also one that is no more, or that could not be done."""
    assert action_words(action, parameter) == words
