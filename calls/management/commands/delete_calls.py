"""`manage.py delete_calls --older-than DAYS`: keeps what was said no longer than it should be."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from calls.models import Call

BATCH = 1000
"""As many calls are deleted in one transaction: live calls need not wait for it."""


class Command(BaseCommand):
    help = "Delete the calls that ended more than so many days ago, with all that was said in them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--older-than", type=int, required=True, metavar="DAYS")

    def handle(self, *args: Any, **options: Any) -> None:
        days: int = options["older_than"]
        if days < 0:
            raise CommandError(f"--older-than takes a number of days from 0, not {days}.")
        old = Call.objects.filter(ended_at__lt=timezone.now() - timedelta(days=days)).order_by("pk")
        deleted, last = 0, 0
        while batch := list(old.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
            _, rows = Call.objects.filter(pk__in=batch).delete()
            deleted += rows.get("calls.Call", 0)
            last = batch[-1]
        self.stdout.write(f"Deleted {deleted} calls.")
