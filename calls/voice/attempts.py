"""Who is rendering a text, and why one could not be rendered: database jobs."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from calls.models import Render, RenderAttempt
from calls.voice.kept_renders import portions

CLAIM_LASTS = timedelta(seconds=60)
"""How long a process may take for a text; then it is taken for dead, and another may try."""


def attempt_begin(key: str) -> bool:
    """Claim a text that is to be rendered; False where it is there, or another process is at it."""
    if not _claim(key):
        return False
    # Only now: whoever had the claim before may have kept the render with its last breath.
    if Render.objects.filter(key=key).exists():
        attempt_give_up(key)
        return False
    return True


def _claim(key: str) -> bool:
    _, is_first = RenderAttempt.objects.get_or_create(key=key)
    if is_first:
        return True
    now = timezone.now()
    is_free = Q(began_at__lt=now - CLAIM_LASTS) | ~Q(problem="")
    free = RenderAttempt.objects.filter(is_free, key=key)
    return free.update(began_at=now, problem="") == 1


def attempt_fail(key: str, problem: str) -> None:
    """Keep why a text could not be rendered, for who reads it in the admin."""
    RenderAttempt.objects.update_or_create(
        key=key, defaults={"problem": problem or "It failed.", "began_at": timezone.now()}
    )


def attempt_give_up(key: str) -> None:
    """Leave a claimed text to others."""
    RenderAttempt.objects.filter(key=key, problem="").delete()


def problems(keys: Iterable[str]) -> dict[str, str]:
    """Return what is known of texts without a render: a problem, or empty for “under way”."""
    found: dict[str, str] = {}
    alive = timezone.now() - CLAIM_LASTS
    for some in portions(keys):
        rows = RenderAttempt.objects.filter(~Q(problem="") | Q(began_at__gte=alive), key__in=some)
        found.update(rows.values_list("key", "problem"))
    return found
