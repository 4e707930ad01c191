"""Who opens pages."""

from enum import StrEnum

PASSWORD = "a password of tests"
"""Everybody's."""


class Role(StrEnum):
    """The value is the name of the user who has it."""

    ANONYMOUS = "anonymous"
    """Not signed in."""
    VISITOR = "visitor"
    """Signed in, but not of the staff."""
    STAFF = "staff"
    """Of the staff, in no group."""
    EDITOR = "editor"
    SUPERVISOR = "supervisor"
    OPERATOR = "operator"
    ROOT = "root"
    """A superuser."""

    @property
    def group(self) -> str:
        """The group that has the role, or an empty string."""
        return self.capitalize() if self in READERS - {Role.ROOT} else ""


NOBODY: frozenset[Role] = frozenset()
ROOT_ONLY = frozenset({Role.ROOT})
OPERATORS = frozenset({Role.OPERATOR, Role.ROOT})
WRITERS = frozenset({Role.EDITOR, Role.OPERATOR, Role.ROOT})
READERS = frozenset({Role.EDITOR, Role.SUPERVISOR, Role.OPERATOR, Role.ROOT})
ALL_STAFF = READERS | {Role.STAFF}
OUTSIDERS = frozenset({Role.ANONYMOUS, Role.VISITOR})
EVERYBODY = frozenset(Role)
