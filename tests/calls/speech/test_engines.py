"""What is known of a recognizer before it is to hear somebody."""

import pytest
from django.test import override_settings

from calls.speech import engines


@pytest.mark.parametrize(
    ("project", "endpoint"),
    [("bot", ""), ("", "http://127.0.0.1:1"), ("bot", "http://127.0.0.1:1")],
)
def test_google_that_is_set_up(project: str, endpoint: str) -> None:
    """A server in the place of Google's bills no project."""
    with override_settings(GOOGLE_CLOUD_PROJECT=project, GOOGLE_SPEECH_ENDPOINT=endpoint):
        assert engines.why_not("google") == ""


@override_settings(GOOGLE_CLOUD_PROJECT="", GOOGLE_SPEECH_ENDPOINT="")
def test_google_without_a_project() -> None:
    """The sentence names the setting."""
    assert "GOOGLE_CLOUD_PROJECT" in engines.why_not("google")


@override_settings(GOOGLE_CLOUD_PROJECT="", GOOGLE_SPEECH_ENDPOINT="")
def test_offline_recognizer_needs_nothing() -> None:
    """It comes with the product."""
    assert engines.why_not("offline") == ""
