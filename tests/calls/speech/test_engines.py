"""The recognizer that the settings name."""

import pytest
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
