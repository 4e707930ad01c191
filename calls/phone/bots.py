"""Whom the phone may call, and who may use it."""

from collections.abc import Collection
from typing import Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.models import User as KnownUser

from chatbot.models import Bot, PhoneNumber
from voiceproject.sockets import staff_signed_in

CALLER_NUMBER: Final = "+15005550001"
"""Whose number the phone shows unless the user writes another: one that nobody has."""

BOT_NUMBER: Final = "+15005550006"
"""What it dials where a bot has no number."""

User = KnownUser | AnonymousUser


def may_phone(user: User) -> bool:
    """Whether somebody may call bots: whoever works with bots, or reads calls."""
    return user.has_perm("chatbot.view_bot") or user.has_perm("calls.view_call")


def may_go_on(session_key: str) -> bool:
    """Whether whoever is signed in by a session now is on the staff, and may call bots."""
    user = staff_signed_in(session_key)
    return user is not None and may_phone(user)


def is_offered_to(user: User) -> bool:
    """Whether pages lead somebody to the phone: it is switched on, and he may call bots."""
    return settings.PHONE and may_phone(user)


def bots_for(user: User) -> list[Bot]:
    """Return the bots that somebody may choose from; without that right it is the default one."""
    if not user.has_perm("chatbot.view_bot"):
        return []
    return list(Bot.objects.order_by("name", "pk"))


def may_call(user: User, bot_id: int | None) -> bool:
    """Whether somebody may call the bot of that id; anybody may call the default one, None."""
    if bot_id is None:
        return True
    return user.has_perm("chatbot.view_bot") and Bot.objects.filter(pk=bot_id).exists()


def number_of(bot_id: int | None) -> str:
    """Return the number that is called."""
    if bot_id is None:
        return BOT_NUMBER
    numbers = PhoneNumber.objects.filter(bot_id=bot_id).order_by("pk")
    return numbers.values_list("number", flat=True).first() or BOT_NUMBER


def all_numbers() -> Collection[str]:
    """Return the numbers of the phone's account, from which text messages may come."""
    return {BOT_NUMBER, *PhoneNumber.objects.values_list("number", flat=True)}
