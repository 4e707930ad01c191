"""Who looks at calls and bots, each signed in."""

from django.contrib.auth.models import Group, Permission, User
from django.test import Client


def member(group: str) -> Client:
    """Return a client in which a member of one group is signed in."""
    user = User.objects.create_user(group.lower(), is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return _client(user)


def holder(*permissions: str) -> Client:
    """Return a client of somebody who has these permissions alone, each by its codename."""
    user = User.objects.create_user("somebody", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return _client(user)


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
