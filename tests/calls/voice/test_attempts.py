"""Two processes do not speak the same text at the same time, and none waits for a dead one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from calls.models import RenderAttempt
from calls.voice.attempts import (
    CLAIM_LASTS,
    attempt_begin,
    attempt_fail,
    attempt_give_up,
    problems,
)
from calls.voice.kept_renders import render_keep

pytestmark = pytest.mark.django_db

KEY = "a" * 64


def age(duration: timedelta) -> None:
    RenderAttempt.objects.update(began_at=timezone.now() - duration)


def test_text_is_claimed_by_one() -> None:
    assert attempt_begin(KEY)
    assert not attempt_begin(KEY)
    assert problems([KEY]) == {KEY: ""}


def test_claim_of_a_dead_process_expires() -> None:
    attempt_begin(KEY)
    age(CLAIM_LASTS)
    assert problems([KEY]) == {}
    assert attempt_begin(KEY)
    assert not attempt_begin(KEY)


def test_text_that_failed_may_be_tried_at_once() -> None:
    """Its problem is forgotten as soon as somebody tries."""
    attempt_begin(KEY)
    attempt_fail(KEY, "No such voice.")
    assert problems([KEY]) == {KEY: "No such voice."}
    assert attempt_begin(KEY)
    assert problems([KEY]) == {KEY: ""}


def test_text_that_is_rendered_is_not_claimed() -> None:
    """Somebody was faster."""
    render_keep(KEY, b"audio", "scripted")
    assert not attempt_begin(KEY)
    assert not RenderAttempt.objects.exists()


def test_text_that_is_given_up_is_free() -> None:
    attempt_begin(KEY)
    attempt_give_up(KEY)
    assert attempt_begin(KEY)


def test_render_ends_the_attempt() -> None:
    attempt_begin(KEY)
    render_keep(KEY, b"audio", "scripted")
    assert problems([KEY]) == {}
