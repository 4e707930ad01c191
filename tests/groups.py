"""The groups of the migration, for tests after which the database is emptied."""

from importlib import import_module
from types import SimpleNamespace

from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection


def restore_groups() -> None:
    """Make the groups again where the test before has deleted all rows."""
    if not Group.objects.exists():
        migration = import_module("chatbot.migrations.0004_groups")
        migration.create_groups(apps, SimpleNamespace(connection=connection))
