"""Who watches, and what he may see; read again while he does."""

from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.context_processors import PermWrapper
from django.http import HttpRequest

from calls.caller_numbers import PERMISSION as SEE_NUMBERS

VIEW = "calls.view_call"
"""Who may read calls."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A member of the staff who may read calls. `permissions` are all of his."""

    user_id: int
    permissions: frozenset[str]
    perms: PermWrapper
    """The same for templates; no part of the comparison, as it is one by identity."""

    @property
    def sees_numbers(self) -> bool:
        """Whether he may see the numbers of callers."""
        return SEE_NUMBERS in self.permissions

    def is_as(self, other: "Viewer") -> bool:
        """Whether it is the same person, who may see the same."""
        return (self.user_id, self.permissions) == (other.user_id, other.permissions)


def viewer_read(session_key: str) -> Viewer | None:
    """Return who is signed in by a session, or None where nobody is who may read calls."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    if not (user.is_active and user.is_staff and user.has_perm(VIEW)) or user.pk is None:
        return None
    return Viewer(user.pk, frozenset(user.get_all_permissions()), PermWrapper(user))
