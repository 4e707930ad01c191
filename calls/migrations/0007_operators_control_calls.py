"""Operators may speak, transfer and hang up in running calls."""

from django.contrib.auth.management import create_permissions
from django.db import migrations


def allow(apps, schema_editor):
    """Permissions come with the signal after all migrations, which is too late for this one."""
    config = apps.get_app_config("calls")
    config.models_module = True  # an app without models has no permissions
    create_permissions(config, verbosity=0, using=schema_editor.connection.alias, apps=apps)
    permission = apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="calls", codename="control_call"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name="Operator"):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("calls", "0006_staff_acts"),
        ("chatbot", "0004_groups"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(allow, migrations.RunPython.noop)]
