"""`manage.py render_replies`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from calls.management.commands import render_replies
from calls.models import Render
from calls.voice.synthesizer import SynthesizerRefused
from chatbot.models import Bot
from tests.calls.voice.scripted import ScriptedSynthesizer
from tests.chatbot.bots import create_bot

pytestmark = pytest.mark.django_db


@pytest.fixture
def synthesizer(monkeypatch: pytest.MonkeyPatch) -> ScriptedSynthesizer:
    synthesizer = ScriptedSynthesizer()
    monkeypatch.setattr(render_replies, "own_synthesizer", lambda: synthesizer)
    return synthesizer


@pytest.fixture
def bot() -> Bot:
    bot = create_bot()
    bot.line = Bot.Line.STREAM
    bot.save()
    return bot


def run(**options: str) -> str:
    out = StringIO()
    call_command("render_replies", stdout=out, **options)
    return out.getvalue()


def test_replies_are_rendered(bot: Bot, synthesizer: ScriptedSynthesizer) -> None:
    """And the second time there is nothing to do."""
    assert run() == "Test bot: 9 of 9 replies rendered, 9 of them now.\n"
    assert Render.objects.count() == 9
    assert synthesizer.is_closed
    assert run() == "Test bot: 9 of 9 replies rendered.\n"


def test_reply_that_cannot_be_rendered_fails_the_command(
    bot: Bot, synthesizer: ScriptedSynthesizer
) -> None:
    """It says why."""
    synthesizer.errors["Welcome."] = SynthesizerRefused("There is no such voice.")
    out = StringIO()
    with pytest.raises(CommandError, match="1 of 9 replies are not rendered"):
        call_command("render_replies", stdout=out)
    assert "There is no such voice." in out.getvalue()


def test_one_bot_can_be_named(bot: Bot, synthesizer: ScriptedSynthesizer) -> None:
    other = create_bot("Other bot")
    Bot.objects.filter(pk=other.pk).update(line=Bot.Line.STREAM)
    assert run(bot="Other bot").startswith("Other bot: 9 of 9")


@pytest.mark.usefixtures("synthesizer")
def test_unknown_bot_is_named() -> None:
    with pytest.raises(CommandError, match="There is no bot named “Nobody”"):
        run(bot="Nobody")


@pytest.mark.usefixtures("synthesizer")
def test_bot_without_audio_of_our_own_has_nothing_to_render() -> None:
    create_bot()
    with pytest.raises(CommandError, match="nothing to render"):
        run(bot="Test bot")


def test_server_without_an_engine_renders_nothing(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render_replies, "own_synthesizer", lambda: None)
    with pytest.raises(CommandError, match="No voice engine"):
        run()
