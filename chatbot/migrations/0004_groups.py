"""The groups of people who work with bots and calls, and what each of them may do."""

from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.models import Q

BOTS = Q(content_type__app_label="chatbot")
CALLS = Q(content_type__app_label="calls")
TO_VIEW = Q(codename__startswith="view_")

GROUPS = {
    # Writes the bots; reads what was said, but not who called.
    "Editor": (BOTS & ~Q(codename="connect_bot"))
    | (CALLS & TO_VIEW & ~Q(codename="view_caller_number")),
    # Reads everything and changes nothing.
    "Supervisor": (BOTS | CALLS) & TO_VIEW,
    # Runs the installation.
    "Operator": BOTS | CALLS | Q(content_type__app_label="auth", codename="view_user"),
}


def create_groups(apps, schema_editor):
    """Create the groups, or give those that are there what they lack.

    Permissions come with the signal after all migrations, which is too late for this one.
    """
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for label in ("auth", "calls", "chatbot"):
        config = apps.get_app_config(label)
        config.models_module = True  # an app without models has no permissions
        create_permissions(config, verbosity=0, using=schema_editor.connection.alias, apps=apps)
    for name, permissions in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*Permission.objects.filter(permissions))


def delete_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("calls", "0002_reasons"),
        ("chatbot", "0003_secret_of_each_bot"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(create_groups, delete_groups)]
