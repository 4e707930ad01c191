"""The people who may open pages of running calls, or may not."""

from channels.db import database_sync_to_async
from django.contrib.auth.models import Group, User

from tests.groups import restore_groups


@database_sync_to_async
def member_of(group: str) -> User:
    """Return a member of the staff in one group: Editor, Supervisor, Operator, or in none."""
    restore_groups()
    user, _ = User.objects.get_or_create(username=group.lower(), defaults={"is_staff": True})
    user.groups.set(Group.objects.filter(name=group))
    return user
