"""A call on the database, and short names for what Twilio does to it."""

from datetime import datetime, timedelta, tzinfo
from itertools import count

import pytest
from django.core.management import call_command
from django.test import TestCase
from django.utils import timezone

from calls import steps, store
from calls.models import Call, Stream, Turn
from calls.step import Step
from chatbot.models import Bot

SID = "CA" + "1" * 32
ACCOUNT = "AC" + "0" * 32


class CallCase(TestCase):
    """A database with the starter bot, and short names for what Twilio does."""

    @pytest.fixture(autouse=True)
    def unhurried(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let no time pass but what a test says: some seconds decide what a call does next."""
        began, microseconds = timezone.now(), count()

        class Clock(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
                return began + timedelta(microseconds=next(microseconds))

        # Not its `now`: the fields of the models have that for their default.
        monkeypatch.setattr(timezone, "datetime", Clock)

    @classmethod
    def setUpTestData(cls) -> None:
        call_command("create_starter_bot", verbosity=0)

    def start(self, sid: str = SID) -> Step:
        return steps.call_start(
            sid=sid,
            account_sid=ACCOUNT,
            from_number="+31201234567",
            to_number="+31207654321",
            direction="inbound",
            status="ringing",
        )

    def open(self, step: Step, sid: str = SID) -> store.OpenedStream:
        assert step.stream is not None
        return store.stream_open(
            token=step.stream.token, call_sid=sid, account_sid=ACCOUNT, stream_sid="MZ1"
        )

    def call(self, sid: str = SID) -> Call:
        return Call.objects.get(sid=sid)

    def texts(self) -> list[str]:
        return list(self.call().turns.order_by("number").values_list("text", flat=True))

    def age(self, seconds: float) -> None:
        """Let time pass: all that is on record is so much older."""
        past = timedelta(seconds=seconds)
        for turn in Turn.objects.all():
            Turn.objects.filter(pk=turn.pk).update(at=turn.at - past)
        for stream in Stream.objects.all():
            Stream.objects.filter(pk=stream.pk).update(
                issued_at=stream.issued_at - past,
                expires_at=stream.expires_at - past,
                seen_at=None if stream.seen_at is None else stream.seen_at - past,
            )
        for call in Call.objects.all():
            heard_at = None if call.heard_at is None else call.heard_at - past
            Call.objects.filter(pk=call.pk).update(seen_at=call.seen_at - past, heard_at=heard_at)

    def caller_says(self, text: str) -> None:
        """Record a turn that nobody has answered."""
        store.caller_turn_record(self.call().pk, text, 0.9)

    def exchange(self, text: str) -> store.TakenTurn:
        """Record a turn and its answer, which is not sent yet."""
        stream = Stream.objects.filter(opened_at__isnull=False).last()
        bot = Bot.objects.get()
        taken = store.turn_take(stream.pk if stream else 0, self.call().pk, bot.pk, text, 0.9)
        assert isinstance(taken, store.TakenTurn)
        return taken
