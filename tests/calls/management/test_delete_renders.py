"""`manage.py delete_renders`."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from calls.management.commands import delete_renders
from calls.models import Render
from calls.voice.fixed_texts import wording_of
from calls.voice.kept_renders import render_keep
from chatbot.loader import load_script
from chatbot.models import Bot
from tests.chatbot.bots import create_bot

pytestmark = pytest.mark.django_db


def test_what_bots_say_now_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """However seldom; a text that is no more goes."""
    monkeypatch.setattr(delete_renders, "engine_name", lambda: "scripted")
    bot = create_bot()
    Bot.objects.update(line=Bot.Line.STREAM)
    apology = wording_of(load_script(bot.pk), bot.apology).key("scripted")
    for key in (apology, "old"):
        render_keep(key, b"audio", "scripted")
    Render.objects.update(used_at=timezone.now() - timedelta(days=91))
    out = StringIO()
    call_command("delete_renders", unused_for=90, stdout=out)
    assert out.getvalue() == "Deleted 1 renders.\n"
    assert Render.objects.get().key == apology


def test_number_of_days_below_one_is_refused() -> None:
    """Use is only noted to the day."""
    with pytest.raises(CommandError, match="0"):
        call_command("delete_renders", unused_for=0)
