"""The recognizer that the settings name."""

import pytest
from django.test import override_settings
from pytest_django import Settings

from calls.speech import engines
from tests.calls.speech.spelling import SpellingRecognizer


class PlainRecognizer(SpellingRecognizer):
    """Says nothing of its traits."""


def test_engine_is_made_once() -> None:
    """All calls of a process share it."""
    name = "tests.calls.speech.spelling.SpellingRecognizer"
    assert engines.recognizer_named(name) is engines.recognizer_named(name)


def test_setting_names_the_first_choice(settings: Settings) -> None:
    """By a name of ours, or by the path of another."""
    settings.RECOGNIZER = "tests.calls.speech.spelling.SpellingRecognizer"
    assert engines.create_recognizer().name == "spelling"


def test_engine_that_does_not_exist_is_told() -> None:
    """An operator who mistypes a path learns it at the start."""
    with pytest.raises(ImportError, match="nowhere"):
        engines.recognizer_named("nowhere.Recognizer")


def test_engine_without_traits_counts_as_free_and_terse(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was written before they were known still hears."""
    for trait in ("is_metered", "has_interims"):
        monkeypatch.delattr(SpellingRecognizer, trait, raising=False)
    engine = engines.recognizer_named(f"{__name__}.PlainRecognizer")
    assert (engine.is_metered, engine.has_interims) == (False, False)


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
