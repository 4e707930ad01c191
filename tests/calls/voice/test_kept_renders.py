"""The table of renders."""

from datetime import timedelta

import pytest
from django.utils import timezone

from calls.models import Render, RenderAttempt
from calls.voice.attempts import attempt_fail
from calls.voice.kept_renders import (
    audio_of,
    lengths_ms,
    render_find,
    render_keep,
    renders_delete_unused,
    renders_forget,
)

pytestmark = pytest.mark.django_db


def test_first_render_of_a_text_stays() -> None:
    """Whoever is later learns when the one was made that all have."""
    first = render_keep("a", b"first", "scripted")
    assert render_keep("a", b"second", "scripted") == first
    assert audio_of("a") == b"first"


def test_lengths_are_told_of_what_is_there() -> None:
    """Eight bytes are a millisecond."""
    render_keep("a", bytes(8000), "scripted")
    assert lengths_ms(["a", "b"]) == {"a": 1000}


def test_use_within_a_day_is_not_written() -> None:
    """Not at each reply."""
    render_keep("a", b"audio", "scripted")
    used_at = timezone.now() - timedelta(hours=23)
    Render.objects.update(used_at=used_at)
    assert render_find("a") is not None
    assert Render.objects.get().used_at == used_at


def test_unused_renders_are_deleted() -> None:
    """But what bots say as they are now stays, and so does what was heard since."""
    for key in ("old", "needed", "young"):
        render_keep(key, b"audio", "scripted")
    attempt_fail("failed", "No such voice.")
    past = timezone.now() - timedelta(days=31)
    Render.objects.exclude(key="young").update(used_at=past)
    RenderAttempt.objects.update(began_at=past)
    assert renders_delete_unused(days=30, needed={"needed"}) == 1
    assert set(Render.objects.values_list("key", flat=True)) == {"needed", "young"}
    assert not RenderAttempt.objects.exists()


def test_renders_are_forgotten_with_their_problems() -> None:
    for key in ("a", "b"):
        render_keep(key, b"audio", "scripted")
    attempt_fail("c", "No such voice.")
    renders_forget(["a", "c"])
    assert lengths_ms("abc").keys() == {"b"}
    assert not RenderAttempt.objects.exists()
