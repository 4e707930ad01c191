"""How calls and streams end on record."""

from datetime import timedelta

from calls import endings, store
from calls.models import Call, CallEvent, Stream
from tests.calls.case import SID, CallCase


class CallStatusTests(CallCase):
    """The reports of a call's status."""

    def report(self, status: str, duration: int | None = None) -> bool:
        return endings.call_status_record(sid=SID, status=status, duration_seconds=duration)

    def test_completed_closes_the_call(self) -> None:
        """The end, its time and its length are on record."""
        self.start()
        assert self.report("completed", 42)
        call = self.call()
        assert call.is_over
        assert call.duration == timedelta(seconds=42)
        assert call.ended_at is not None
        assert call.outcome == Call.Outcome.CALLER_HUNG_UP

    def test_late_report_does_not_reopen_the_call(self) -> None:
        """Reports arrive in any order."""
        self.start()
        self.report("completed", 42)
        assert self.report("in-progress")
        assert self.call().status == "completed"

    def test_repeated_report_changes_nothing(self) -> None:
        """Reports arrive twice."""
        self.start()
        self.report("completed", 42)
        ended_at = self.call().ended_at
        self.report("completed", 99)
        assert self.call().ended_at == ended_at
        assert self.call().duration_seconds == 42

    def test_earlier_status_does_not_go_back(self) -> None:
        """`ringing` behind `in-progress` is old news."""
        self.start()
        self.report("in-progress")
        assert not self.report("ringing")
        assert self.call().status == "in-progress"

    def test_unknown_status_is_passed_over(self) -> None:
        """Twilio may add values."""
        self.start()
        assert not self.report("levitating")
        assert self.call().status == "ringing"

    def test_failed_call_is_recorded_as_failed(self) -> None:
        """Not every end is a hang-up."""
        self.start()
        self.report("failed")
        assert self.call().outcome == Call.Outcome.FAILED

    def test_length_reported_after_the_end_was_found_out_is_kept(self) -> None:
        """The record knew that the call was over; the report adds how long it was."""
        self.start()
        store.call_over(self.call().pk)
        self.report("completed", 42)
        assert self.call().duration_seconds == 42


class StreamStatusTests(CallCase):
    """The reports of a stream's status."""

    def report(self, name: str, event: str, error: str = "") -> Stream | None:
        return endings.stream_status_record(sid=SID, name=name, event=event, error=error)

    def test_stopped_stream_is_closed(self) -> None:
        """Twilio knows first that a stream is gone."""
        opened = self.open(self.start())
        stream = self.report(f"stream-{opened.stream_id}", "stream-stopped")
        assert stream is not None
        assert stream.closed_at is not None

    def test_error_is_the_reason_on_record(self) -> None:
        """What Twilio says of it can be read in the admin."""
        opened = self.open(self.start())
        self.report(f"stream-{opened.stream_id}", "stream-error", "31903 broken pipe " + "x" * 999)
        assert "31903" in Stream.objects.get().close_reason

    def test_lost_stream_is_an_event_of_the_call(self) -> None:
        """Once, however often it is reported, and whoever found it out first."""
        opened = self.open(self.start())
        store.stream_close(opened.stream_id, "the socket closed", store.StreamCounts())
        for _ in range(2):
            self.report(f"stream-{opened.stream_id}", "stream-error", "31903 broken pipe")
        (event,) = self.call().events.all()
        assert event.kind == CallEvent.Kind.STREAM_LOST
        assert event.detail == f"stream-{opened.stream_id}: 31903 broken pipe"

    def test_started_stream_is_left_alone(self) -> None:
        """Only ends are recorded."""
        opened = self.open(self.start())
        assert self.report(f"stream-{opened.stream_id}", "stream-started") is None

    def test_foreign_name_is_passed_over(self) -> None:
        """A stream that is not ours closes none of ours."""
        self.open(self.start())
        assert self.report("another", "stream-stopped") is None
        assert Stream.objects.get().closed_at is None


class LostCallTests(CallCase):
    """Calls of which no end was reported."""

    def test_call_without_a_sign_of_life_is_closed(self) -> None:
        """It does not stay open on record for ever."""
        self.start()
        self.age(endings.LOST_AFTER.total_seconds() + 1)
        assert endings.calls_close_lost() == 1
        assert self.call().outcome == Call.Outcome.LOST

    def test_call_whose_stream_lives_is_kept(self) -> None:
        """A long call is not a lost one."""
        opened = self.open(self.start())
        self.age(endings.LOST_AFTER.total_seconds() + 1)
        store.streams_seen([opened.stream_id], [opened.stream_id])
        assert endings.calls_close_lost() == 0

    def test_goodbye_on_record_stays_the_outcome(self) -> None:
        """Where the bot had hung up, that is how the call ended."""
        self.open(self.start())
        self.exchange("goodbye")
        self.age(endings.LOST_AFTER.total_seconds() + 1)
        endings.calls_close_lost()
        assert self.call().outcome == Call.Outcome.BOT_HUNG_UP
