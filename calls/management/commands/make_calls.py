"""`manage.py make_calls --calls N`: a record of calls that nobody made, to try the pages with."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from calls.models import Call
from calls.sample_calls.rows import SID_PREFIX, sample_calls
from calls.sample_calls.saving import bots_save, calls_save


class Command(BaseCommand):
    help = "Write calls that nobody made, with all that was said in them, to try the pages with."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--calls", type=int, default=1000, metavar="N")
        parser.add_argument("--turns", type=int, default=10, metavar="N", help="Of each call.")
        parser.add_argument("--seed", type=int, default=1, help="Another gives other calls.")
        parser.add_argument(
            "--among-real-calls",
            action="store_true",
            help="Write them even where callers have called. They cannot be told apart on the "
            "pages, but by their SIDs, which begin with “CAsample”.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        count: int = options["calls"]
        turns: int = options["turns"]
        if count < 1 or turns < 1:
            raise CommandError("--calls and --turns take a number from 1.")
        samples = Call.objects.filter(sid__startswith=SID_PREFIX)
        if not options["among_real_calls"] and Call.objects.exclude(pk__in=samples).exists():
            raise CommandError(
                "There are real calls in this database. Nothing was written. Choose another one "
                "by DATABASE_URL, or give --among-real-calls if you mean it."
            )
        began = time.monotonic()
        last = samples.order_by("sid").values_list("sid", flat=True).last()
        first = int(last.removeprefix(SID_PREFIX)) + 1 if last is not None else 0
        made = sample_calls(bots_save(), count, turns, first, timezone.now(), options["seed"])
        for written in calls_save(made):
            if options["verbosity"] > 1:
                self.stdout.write(f"{written} of {count} calls")
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        seconds = time.monotonic() - began
        self.stdout.write(self.style.SUCCESS(f"Wrote {count} calls in {seconds:.0f} s."))
