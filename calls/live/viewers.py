"""Who watches, and what he may see; read again while he does."""

from dataclasses import dataclass

from django.contrib.auth.context_processors import PermWrapper

from calls.caller_numbers import PERMISSION as SEE_NUMBERS
from voiceproject.sockets import staff_signed_in

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
    user = staff_signed_in(session_key)
    if user is None or not user.has_perm(VIEW):
        return None
    return Viewer(user.pk, frozenset(user.get_all_permissions()), PermWrapper(user))
