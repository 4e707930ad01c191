"""What was rendered, as all processes share it: database jobs, for `calls.store.Store.run` too."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models.functions import Length
from django.utils import timezone

from calls.models import Render, RenderAttempt

USE_NOTED_EVERY = timedelta(days=1)
"""How exactly the last use is known; to note each would cost a write at each reply."""

KEYS_AT_ONCE = 5000
"""How many values one query may carry, on any database."""

BYTES_A_MS = 8


@dataclass(frozen=True, slots=True)
class KeptRender:
    """The audio of a text, and what tells it from a later render of the same text."""

    audio: bytes
    rendered_at: datetime


def render_find(key: str) -> KeptRender | None:
    """Return a render that is about to be heard, or None."""
    rows = Render.objects.filter(key=key).values_list("audio", "rendered_at", "used_at")
    for audio, rendered_at, used_at in rows:
        _note_use(key, used_at)
        return KeptRender(bytes(audio), rendered_at)
    return None


def render_check(key: str) -> datetime | None:
    """Note that a render is heard that a process has in memory; return when it was made, if ever.

    None where it was deleted meanwhile.
    """
    for rendered_at, used_at in Render.objects.filter(key=key).values_list(
        "rendered_at", "used_at"
    ):
        _note_use(key, used_at)
        return rendered_at
    return None


def _note_use(key: str, used_at: datetime) -> None:
    now = timezone.now()
    if used_at <= now - USE_NOTED_EVERY:
        Render.objects.filter(key=key).update(used_at=now)


@transaction.atomic
def render_keep(key: str, audio: bytes, engine: str) -> datetime:
    """Keep a render for all processes; return when the one that is kept was made.

    Where another process was faster, its render stays.
    """
    Render.objects.bulk_create(
        [Render(key=key, audio=audio, engine=engine[:100])], ignore_conflicts=True
    )
    RenderAttempt.objects.filter(key=key).delete()
    return Render.objects.values_list("rendered_at", flat=True).get(key=key)


def audio_of(key: str) -> bytes | None:
    """Return a render for somebody who is no caller."""
    audio = Render.objects.filter(key=key).values_list("audio", flat=True).first()
    return None if audio is None else bytes(audio)


def lengths_ms(keys: Iterable[str]) -> dict[str, int]:
    """Return how long each render takes to be heard, by its key; those there are not are left out.

    One query for some thousand keys.
    """
    found: dict[str, int] = {}
    for some in portions(keys):
        rows = Render.objects.filter(key__in=some).annotate(length=Length("audio"))
        for key, length in rows.values_list("key", "length"):
            found[key] = length // BYTES_A_MS
    return found


@transaction.atomic
def renders_forget(keys: Iterable[str]) -> None:
    """Delete renders, to make them anew, and what is known of attempts to make them."""
    for some in portions(keys):
        Render.objects.filter(key__in=some).delete()
        RenderAttempt.objects.filter(key__in=some).delete()


def renders_delete_unused(*, days: int, needed: Collection[str]) -> int:
    """Delete what no caller has heard for so many days, but nothing that is `needed`; count it."""
    limit = timezone.now() - timedelta(days=days)
    unused = Render.objects.filter(used_at__lt=limit).values_list("key", flat=True)
    count = 0
    for some in portions([key for key in unused if key not in needed]):
        # Once more by the time: it may have been heard meanwhile.
        count += Render.objects.filter(key__in=some, used_at__lt=limit).delete()[0]
    RenderAttempt.objects.filter(began_at__lt=limit).delete()
    return count


def portions(keys: Iterable[str]) -> Iterator[list[str]]:
    """Yield keys in lists of which each fits into one query."""
    rest = iter(keys)
    while some := list(islice(rest, KEYS_AT_ONCE)):
        yield some
