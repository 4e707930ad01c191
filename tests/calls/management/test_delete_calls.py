"""`manage.py delete_calls`."""

from datetime import timedelta
from io import StringIO
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.test import TestCase
from django.utils import timezone

from calls.management.commands import delete_calls
from calls.models import Call, Turn


class DeleteCallsTests(TestCase):
    """Retention."""

    def make_call(self, sid: str, ended_days_ago: int | None) -> None:
        ended_at = None
        if ended_days_ago is not None:
            ended_at = timezone.now() - timedelta(days=ended_days_ago, hours=1)
        call = Call.objects.create(sid=sid, ended_at=ended_at)
        Turn.objects.create(call=call, number=1, role=Turn.Role.BOT, text="Hello")

    def test_old_calls_go_with_all_that_was_said(self) -> None:
        """Younger ones and running ones stay."""
        self.make_call("old", 90)
        self.make_call("young", 10)
        self.make_call("running", None)
        out = StringIO()
        call_command("delete_calls", older_than=30, stdout=out)
        assert set(Call.objects.values_list("sid", flat=True)) == {"young", "running"}
        assert Turn.objects.count() == 2
        assert out.getvalue() == "Deleted 1 calls.\n"

    def test_many_calls_are_deleted_batch_by_batch(self) -> None:
        """None is left over between two of them."""
        for place in range(5):
            self.make_call(f"old {place}", 90)
        self.make_call("young", 10)
        out = StringIO()
        with mock.patch.object(delete_calls, "BATCH", 2):
            call_command("delete_calls", older_than=30, stdout=out)
        assert list(Call.objects.values_list("sid", flat=True)) == ["young"]
        assert out.getvalue() == "Deleted 5 calls.\n"

    def test_negative_number_of_days_is_refused(self) -> None:
        """It would delete what is yet to come."""
        with pytest.raises(CommandError, match="-1"):
            call_command("delete_calls", older_than=-1)
