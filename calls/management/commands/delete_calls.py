"""`manage.py delete_calls --older-than DAYS`: keeps what was said no longer than it should be."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from calls.models import Call


class Command(BaseCommand):
    help = "Delete the calls that ended more than so many days ago, with all that was said in them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--older-than", type=int, required=True, metavar="DAYS")

    def handle(self, *args: Any, **options: Any) -> None:
        days: int = options["older_than"]
        if days < 0:
            raise CommandError(f"--older-than takes a number of days from 0, not {days}.")
        limit = timezone.now() - timedelta(days=days)
        _, rows = Call.objects.filter(ended_at__lt=limit).delete()
        self.stdout.write(f"Deleted {rows.get('calls.Call', 0)} calls.")
