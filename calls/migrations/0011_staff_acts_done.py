from django.db import migrations, models
from django.db.models import F


def mark_done(apps, schema_editor):
    """Count the acts on record as done: nobody tries them again."""
    apps.get_model("calls", "StaffAct").objects.update(done_at=F("at"))


class Migration(migrations.Migration):

    dependencies = [
        ("calls", "0010_words_of_turns"),
    ]

    operations = [
        migrations.AddField(
            model_name="staffact",
            name="done_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RunPython(mark_done, migrations.RunPython.noop),
    ]
