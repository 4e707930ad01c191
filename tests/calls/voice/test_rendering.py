"""What a bot has to say is spoken before anybody calls."""

import asyncio
from collections.abc import Iterator

import pytest

from calls.models import Render, RenderAttempt
from calls.voice.attempts import attempt_begin, problems
from calls.voice.fixed_texts import fixed_wordings, wording_of
from calls.voice.rendering import GIVE_UP_AFTER, render_missing
from calls.voice.synthesizer import SynthesizerRefused, SynthesizerUnavailable
from tests.calls.voice.scripted import ScriptedSynthesizer
from tests.chatbot.bots import make_script

pytestmark = pytest.mark.django_db

SCRIPT = make_script()
TEXTS = [wording.text for wording in fixed_wordings(SCRIPT)]


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


def key_of(text: str) -> str:
    return wording_of(SCRIPT, text).key("scripted")


def test_all_fixed_texts_are_rendered(runner: asyncio.Runner) -> None:
    """In the order in which callers need them."""
    synthesizer = ScriptedSynthesizer()
    outcome = render_missing(SCRIPT, synthesizer, runner)
    assert synthesizer.spoken == TEXTS
    assert (outcome.total, outcome.rendered, outcome.is_complete) == (len(TEXTS),) * 2 + (True,)
    assert bytes(Render.objects.get(key=key_of("Welcome.")).audio) == b"Welcome."
    assert not RenderAttempt.objects.exists()


def test_what_is_there_is_not_rendered_again(runner: asyncio.Runner) -> None:
    render_missing(SCRIPT, ScriptedSynthesizer(), runner)
    synthesizer = ScriptedSynthesizer()
    outcome = render_missing(SCRIPT, synthesizer, runner)
    assert synthesizer.spoken == []
    assert outcome.is_complete


def test_changed_voice_has_all_rendered_anew(runner: asyncio.Runner) -> None:
    render_missing(SCRIPT, ScriptedSynthesizer(), runner)
    synthesizer = ScriptedSynthesizer()
    render_missing(make_script(voice="Ruth"), synthesizer, runner)
    assert synthesizer.spoken == TEXTS


def test_what_another_process_renders_is_left_to_it(runner: asyncio.Runner) -> None:
    attempt_begin(key_of("Welcome."))
    synthesizer = ScriptedSynthesizer()
    outcome = render_missing(SCRIPT, synthesizer, runner)
    assert "Welcome." not in synthesizer.spoken
    assert outcome.missing == 1


def test_refused_text_does_not_keep_the_others_from_being_rendered(
    runner: asyncio.Runner,
) -> None:
    synthesizer = ScriptedSynthesizer()
    synthesizer.errors["Welcome."] = SynthesizerRefused("There is no such voice.")
    outcome = render_missing(SCRIPT, synthesizer, runner)
    assert (outcome.failed, outcome.rendered) == (1, len(TEXTS) - 1)
    assert problems([key_of("Welcome.")]) == {key_of("Welcome."): "There is no such voice."}


def test_engine_that_cannot_be_reached_is_not_asked_for_every_text(
    runner: asyncio.Runner,
) -> None:
    synthesizer = ScriptedSynthesizer()
    synthesizer.errors = dict.fromkeys(TEXTS, SynthesizerUnavailable("It is away."))
    outcome = render_missing(SCRIPT, synthesizer, runner)
    assert (outcome.failed, outcome.missing) == (GIVE_UP_AFTER, len(TEXTS) - GIVE_UP_AFTER)


def test_broken_engine_counts_as_unavailable(runner: asyncio.Runner) -> None:
    synthesizer = ScriptedSynthesizer()
    synthesizer.errors["Welcome."] = ZeroDivisionError()
    assert render_missing(SCRIPT, synthesizer, runner).failed == 1


def test_rendering_stops_where_it_is_not_wanted_any_more(runner: asyncio.Runner) -> None:
    synthesizer = ScriptedSynthesizer()
    outcome = render_missing(SCRIPT, synthesizer, runner, lambda: len(synthesizer.spoken) < 2)
    assert outcome.missing == len(TEXTS) - 2


def test_interrupted_text_is_left_to_others(runner: asyncio.Runner) -> None:
    """Whoever stops a command need not wait before he starts it again."""

    def interrupt(text: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render_missing(SCRIPT, ScriptedSynthesizer(interrupt), runner)
    assert not RenderAttempt.objects.exists()
