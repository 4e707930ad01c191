"""Count for the calls on record what new ones count, and index callers, while calls go on.

Only calls that are over are counted, some at a time, each time in a transaction of its own: no
running call waits. PostgreSQL makes the index beside its writers. What was broken off can be begun
again.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Count, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

AT_A_TIME = 1000


def count_misses(apps, schema_editor):
    Turn = apps.get_model("calls", "Turn")
    turns = Turn.objects.filter(call=OuterRef("pk")).order_by().values("call")
    missed = turns.filter(role="caller", rule="no-match").annotate(count=Count("pk"))
    counts = {
        "miss_count": Coalesce(Subquery(missed.values("count")), 0),
        "slowest_ms": Subquery(turns.annotate(most=Max("answer_ms")).values("most")),
    }
    ended = apps.get_model("calls", "Call").objects.filter(ended_at__isnull=False)
    last = 0
    while some := ended.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_A_TIME]:
        first, last = last, max(some)
        ended.filter(pk__gt=first, pk__lte=last).update(**counts)


class AddIndexBesideWriters(AddIndexConcurrently):
    """As its parent on PostgreSQL, and as AddIndex elsewhere."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            migrations.AddIndex.database_forwards(
                self, app_label, schema_editor, from_state, to_state
            )
            return
        # One that was broken off is left behind, and never used.
        name = schema_editor.quote_name(self.index.name)
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            migrations.AddIndex.database_backwards(
                self, app_label, schema_editor, from_state, to_state
            )
            return
        super().database_backwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("calls", "0008_call_counts")]

    operations = [
        migrations.RunPython(count_misses, migrations.RunPython.noop),
        AddIndexBesideWriters(
            model_name="call",
            index=models.Index(
                fields=["from_number", "-started_at", "-id"], name="call_of_caller_newest_first"
            ),
        ),
    ]
