"""Whatever changes what the page of a call shows is announced."""

from unittest.mock import patch

from calls import endings, errands, gather_steps, steps, store
from calls.live.changes import Announcer
from calls.models import CallEvent, Turn
from chatbot.answers import Answer
from chatbot.state import State
from tests.calls.case import SID, CallCase


class Recorder:
    """Stands for the announcer of a process; keeps what it is told."""

    def __init__(self) -> None:
        self.calls: list[int] = []

    def add(self, call_id: int) -> None:
        self.calls.append(call_id)


class WritesTests(CallCase):
    """Every function that writes turns, events, or how a call stands."""

    def setUp(self) -> None:
        self.announced = Recorder()
        announcer = patch.object(Announcer, "current", self.announced)
        announcer.start()
        self.addCleanup(announcer.stop)
        with self.captureOnCommitCallbacks(execute=True):
            self.opened = self.open(self.start())
        self.call_id = self.call().pk

    def assert_announced(self) -> None:
        assert set(self.announced.calls) == {self.call_id}

    def test_stream_that_opens(self) -> None:
        """The page marks it."""
        step = self.start()
        self.announced.calls.clear()
        with self.captureOnCommitCallbacks(execute=True):
            self.open(step)
        self.assert_announced()

    def test_call_that_begins(self) -> None:
        """With its greeting."""
        self.assert_announced()

    def test_turn_and_its_answer(self) -> None:
        """As one change, once it is committed."""
        self.announced.calls.clear()
        with self.captureOnCommitCallbacks(execute=True):
            self.exchange("hello")
            assert self.announced.calls == []
        self.assert_announced()

    def test_turn_that_is_put_right(self) -> None:
        """The words on record are others."""
        taken = self.exchange("hello")
        self.announced.calls.clear()
        with self.captureOnCommitCallbacks(execute=True):
            store.turn_correct(self.opened.stream_id, self.call_id, taken, "good", 0.9, 100)
        self.assert_announced()

    def test_turn_that_nobody_answers(self) -> None:
        """The caller's last words, or a “mhm”."""
        self.announced.calls.clear()
        with self.captureOnCommitCallbacks(execute=True):
            self.caller_says("mhm")
        self.assert_announced()

    def test_silence(self) -> None:
        """The bot asks whether the caller is there."""
        self.announced.calls.clear()
        with self.captureOnCommitCallbacks(execute=True):
            store.silence_take(self.opened.stream_id, self.call_id, self.opened.script.bot_id)
        self.assert_announced()

    def test_apology(self) -> None:
        """The last words to a caller who cannot be heard."""
        self.announced.calls.clear()
        with self.captureOnCommitCallbacks(execute=True):
            store.apology_record(self.call_id, Answer("Sorry."), State(), Turn.Delivery.SENT)
        self.assert_announced()

    def test_event(self) -> None:
        """A seam, a retry or a failure."""
        self.announced.calls.clear()
        with self.captureOnCommitCallbacks(execute=True):
            store.event_record(self.call_id, CallEvent.Kind.REOPENED)
        self.assert_announced()

    def test_call_that_goes_mute_or_deaf(self) -> None:
        """Both are events, and the one changes a turn."""
        turn_id = self.exchange("hello").answer_id
        for job in (
            lambda: store.call_mute(self.call_id, turn_id, "test"),
            lambda: store.call_deaf(self.call_id, "test"),
        ):
            self.announced.calls.clear()
            with self.captureOnCommitCallbacks(execute=True):
                job()
            self.assert_announced()

    def test_what_the_call_does_next(self) -> None:
        """Also where Twilio hears the caller."""
        self.announced.calls.clear()
        with self.captureOnCommitCallbacks(execute=True):
            steps.call_next(sid=SID)
        self.assert_announced()
        store.call_deaf(self.call_id, "test")
        for job in (
            lambda: gather_steps.gathered(SID, "hello", 0.9),
            lambda: gather_steps.give_up(SID, "test"),
        ):
            self.announced.calls.clear()
            with self.captureOnCommitCallbacks(execute=True):
                job()
            self.assert_announced()

    def test_what_became_of_a_text_message(self) -> None:
        """It was sent, or why not."""
        turn_id = self.exchange("hello").answer_id
        self.announced.calls.clear()
        with self.captureOnCommitCallbacks(execute=True):
            errands.message_record(turn_id, "The SMS was not sent.")
        self.assert_announced()

    def test_stream_that_is_lost(self) -> None:
        """An event of the call."""
        self.announced.calls.clear()
        with self.captureOnCommitCallbacks(execute=True):
            endings.stream_status_record(
                sid=SID, name=self.opened.name, event="stream-error", error="test"
            )
        self.assert_announced()

    def test_call_that_ends(self) -> None:
        """However it is found out."""
        self.announced.calls.clear()
        with self.captureOnCommitCallbacks(execute=True):
            endings.call_status_record(sid=SID, status="completed", duration_seconds=1)
        self.assert_announced()
