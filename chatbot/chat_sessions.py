"""Dialogues that go on from message to message, each known by the name its sender chose."""

from datetime import timedelta

from django.utils import timezone

from chatbot.models import ChatSession
from chatbot.state import State

IDLE_TIME = timedelta(minutes=30)
"""After so long without a message the next one begins a dialogue anew."""


def resume(bot_id: int, key: str) -> State:
    """Return where the dialogue stands; a fresh state where it is new, idle, over or nameless."""
    if not key:
        return State(began=timezone.now())
    since = timezone.now() - IDLE_TIME
    session = ChatSession.objects.filter(bot_id=bot_id, key=key, used_at__gte=since).first()
    state = State.from_json(session.dialogue) if session is not None else State()
    return State(began=timezone.now()) if state.ended or state.began is None else state


def keep(bot_id: int, key: str, state: State) -> None:
    """Keep where the dialogue stands, and forget those that are idle."""
    if not key:
        return
    now = timezone.now()
    ChatSession.objects.update_or_create(
        bot_id=bot_id, key=key, defaults={"dialogue": state.to_json(), "used_at": now}
    )
    ChatSession.objects.filter(used_at__lt=now - IDLE_TIME).delete()
