"""Which engine speaks, and for whom."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from calls.voice.engines import create_synthesizer
from calls.voice.speaker import engine_name, own_synthesizer


@pytest.fixture(autouse=True)
def _engine(settings: Settings) -> Iterator[None]:
    settings.SYNTHESIZER = "tests.calls.voice.spelling.SpellingSynthesizer"
    create_synthesizer.cache_clear()
    yield
    create_synthesizer.cache_clear()


def test_engine_is_called_by_its_name() -> None:
    assert engine_name() == "spelling"


def test_own_engine_is_not_that_of_live_calls() -> None:
    """It is closed while they go on, and runs on another event loop."""
    own = own_synthesizer()
    assert own is not None
    assert own is not create_synthesizer()
    assert own is not own_synthesizer()
