"""Count for the calls on record what new ones count as they happen."""

from django.db import migrations
from django.db.models import Count, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce


def count_misses(apps, schema_editor):
    Call = apps.get_model("calls", "Call")
    Turn = apps.get_model("calls", "Turn")
    turns = Turn.objects.filter(call=OuterRef("pk")).order_by().values("call")
    missed = turns.filter(role="caller", rule="no-match").annotate(count=Count("pk"))
    Call.objects.update(
        miss_count=Coalesce(Subquery(missed.values("count")), 0),
        slowest_ms=Subquery(turns.annotate(most=Max("answer_ms")).values("most")),
    )


class Migration(migrations.Migration):
    dependencies = [("calls", "0008_call_counts")]

    operations = [migrations.RunPython(count_misses, migrations.RunPython.noop)]
