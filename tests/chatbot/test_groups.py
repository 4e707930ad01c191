"""Who may do what: the groups that the migration makes."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.db import connection

pytestmark = pytest.mark.django_db

migration = import_module("chatbot.migrations.0004_groups")

EDITOR = SimpleNamespace(connection=connection)
"""All that the migration asks of a schema editor, which SQLite has none of inside a test."""


def member_of(group: str) -> User:
    user = User.objects.create_user(group.lower(), is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.mark.parametrize(
    ("group", "permission", "may"),
    [
        ("Editor", "chatbot.change_bot", True),
        ("Editor", "chatbot.add_intent", True),
        ("Editor", "chatbot.delete_reprompt", True),
        ("Editor", "chatbot.change_rehearsal", True),
        ("Editor", "chatbot.connect_bot", False),
        ("Editor", "calls.view_call", True),
        ("Editor", "calls.view_turn", True),
        ("Editor", "calls.view_caller_number", False),
        ("Editor", "calls.change_call", False),
        ("Editor", "calls.control_call", False),
        ("Editor", "auth.view_user", False),
        ("Supervisor", "calls.view_call", True),
        ("Supervisor", "calls.view_turn", True),
        ("Supervisor", "calls.view_caller_number", True),
        ("Supervisor", "calls.control_call", False),
        ("Supervisor", "chatbot.view_bot", True),
        ("Supervisor", "chatbot.view_intent", True),
        ("Supervisor", "chatbot.change_bot", False),
        ("Supervisor", "chatbot.connect_bot", False),
        ("Operator", "chatbot.change_bot", True),
        ("Operator", "chatbot.connect_bot", True),
        ("Operator", "calls.view_caller_number", True),
        ("Operator", "calls.control_call", True),
        ("Operator", "auth.view_user", True),
        ("Operator", "auth.change_user", False),
    ],
)
def test_group_may(group: str, permission: str, may: bool) -> None:
    """What the work of each group asks for, and no more."""
    assert member_of(group).has_perm(permission) is may


def test_supervisor_changes_nothing() -> None:
    """Every permission of a supervisor is one to view."""
    codenames = Permission.objects.filter(group__name="Supervisor").values_list("codename")
    assert {codename.partition("_")[0] for (codename,) in codenames} == {"view"}


def test_groups_are_deleted_by_the_way_back() -> None:
    """The migration can be taken back and made again."""
    migration.delete_groups(apps, EDITOR)
    assert not Group.objects.exists()
    migration.create_groups(apps, EDITOR)
    assert {group.name for group in Group.objects.all()} == {"Editor", "Supervisor", "Operator"}


def test_groups_that_are_there_keep_what_they_have() -> None:
    """An installation that has given a group more keeps that, and is given what it lacks."""
    group = Group.objects.get(name="Supervisor")
    extra = Permission.objects.get(codename="view_user")
    group.permissions.set([extra])
    migration.create_groups(apps, EDITOR)
    codenames = set(group.permissions.values_list("codename", flat=True))
    assert {"view_user", "view_call"} <= codenames
