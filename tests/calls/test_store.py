"""The jobs of live calls, straight on the database."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calls import endings, steps, store
from calls.models import Call, Stream, Turn
from calls.progress import call_lock
from calls.store import StreamRefused
from chatbot.models import Bot, Reply
from chatbot.signals import raise_version
from tests.calls.case import ACCOUNT, SID, CallCase
from tests.waiting import SOON


class StreamOpenTests(CallCase):
    """The one-use token."""

    def refusal(self, **changes: str) -> str:
        step = self.start()
        assert step.stream is not None
        self.start("CA" + "9" * 32)
        words = {
            "token": step.stream.token,
            "call_sid": SID,
            "account_sid": ACCOUNT,
            "stream_sid": "MZ1",
        }
        with pytest.raises(StreamRefused) as refused:
            store.stream_open(**{**words, **changes})
        return str(refused.value)

    def test_token_lets_its_call_in(self) -> None:
        """Token, call and account agree."""
        assert self.open(self.start()).call_sid == SID

    def test_call_that_has_a_stream_rings_no_longer(self) -> None:
        """Twilio says `ringing` in its first request, and nothing when the call is answered."""
        step = self.start()
        assert self.call().status == "ringing"
        self.open(step)
        assert self.call().status == "in-progress"

    def test_token_is_used_once(self) -> None:
        """A second socket with the same token is refused."""
        step = self.start()
        self.open(step)
        with pytest.raises(StreamRefused, match="used before"):
            self.open(step)

    def test_foreign_token_is_refused(self) -> None:
        """A guess does not help."""
        assert "not one of ours" in self.refusal(token="guess")

    def test_missing_token_is_refused(self) -> None:
        """No token is no token."""
        assert "not one of ours" in self.refusal(token="")

    def test_token_of_another_call_is_refused(self) -> None:
        """The token is bound to its call."""
        assert "another call" in self.refusal(call_sid="CA" + "9" * 32)

    def test_token_of_another_account_is_refused(self) -> None:
        """The token is bound to the account of its call."""
        assert "another call" in self.refusal(account_sid="AC" + "9" * 32)

    def test_token_expires(self) -> None:
        """An old token is worth nothing."""
        step = self.start()
        self.age(301)
        with pytest.raises(StreamRefused, match="expired"):
            self.open(step)

    def test_token_of_an_ended_call_is_refused(self) -> None:
        """No stream opens on a call that is over."""
        step = self.start()
        endings.call_status_record(sid=SID, status="completed", duration_seconds=None)
        with pytest.raises(StreamRefused, match="over"):
            self.open(step)

    def test_token_is_not_kept(self) -> None:
        """Whoever reads the database finds no token."""
        step = self.start()
        assert step.stream is not None
        assert step.stream.token not in str(Stream.objects.values())

    def test_newer_stream_closes_the_older(self) -> None:
        """A call has one ear."""
        first, second = self.start(), self.start()
        self.open(first)
        self.open(second)
        assert Stream.objects.filter(closed_at=None).count() == 1


class StreamsSeenTests(CallCase):
    """The heartbeat of a process that holds streams."""

    def test_only_streams_that_are_fed_are_marked_as_alive(self) -> None:
        """A socket that brings nothing is a dead one."""
        opened = self.open(self.start())
        self.age(5)
        store.streams_seen([opened.stream_id], [])
        assert steps.call_next(sid=SID).stream is not None

    def test_end_of_the_call_is_found_out_without_an_announcement(self) -> None:
        """The channel layer may have lost it; the record has not."""
        opened = self.open(self.start())
        endings.call_status_record(sid=SID, status="completed", duration_seconds=1)
        assert store.streams_seen([opened.stream_id], [opened.stream_id]) == [
            store.Closing(opened.stream_id, call_is_over=True)
        ]

    def test_stream_that_was_replaced_is_found_out(self) -> None:
        """The call goes on, on another stream."""
        first, second = self.start(), self.start()
        opened = self.open(first)
        self.open(second)
        assert store.streams_seen([opened.stream_id], [opened.stream_id]) == [
            store.Closing(opened.stream_id, call_is_over=False)
        ]


class TurnTakeTests(CallCase):
    """What is written of a turn."""

    def caller_turn(self) -> Turn:
        return Turn.objects.get(role=Turn.Role.CALLER)

    def test_caller_and_bot_are_on_record_together(self) -> None:
        """In their order, behind the greeting."""
        self.open(self.start())
        self.exchange("hello")
        assert self.texts() == ["How can I help you?", "hello", "Hi, how are you?"]

    def test_caller_turn_carries_the_reason_of_its_match(self) -> None:
        """Intent, keyword, kind and score stand beside what was heard."""
        self.open(self.start())
        self.exchange("well hello there")
        turn = self.caller_turn()
        assert (turn.intent_name, turn.keyword, turn.match_kind) == ("hello", "hello", "phrase")
        assert turn.intent is not None
        assert turn.match_score is not None
        assert turn.confidence == 0.9

    def test_turn_without_a_match_says_so(self) -> None:
        """The record names no intent."""
        self.open(self.start())
        self.exchange("what is the weather")
        assert self.caller_turn().intent_name == ""

    def test_record_outlives_the_intent(self) -> None:
        """The transcript stays true when the editor deletes what was matched."""
        self.open(self.start())
        self.exchange("hello")
        Bot.objects.get().intents.all().delete()
        turn = self.caller_turn()
        assert turn.intent is None
        assert turn.intent_name == "hello"

    def test_answer_is_on_its_way_until_it_is_reported(self) -> None:
        """What was not sent does not count as said."""
        self.open(self.start())
        taken = self.exchange("hello")
        answer = Turn.objects.get(pk=taken.answer_id)
        assert (answer.delivery, answer.answer_ms) == (Turn.Delivery.PENDING, None)

    def test_misses_are_counted_beside_the_call(self) -> None:
        """By them the list is filtered."""
        self.open(self.start())
        self.exchange("hello")
        self.exchange("what is the weather")
        assert self.call().miss_count == 1

    def test_turn_that_is_understood_after_all_is_no_miss(self) -> None:
        """An early answer was to the words so far."""
        opened = self.open(self.start())
        taken = self.exchange("what is the weather")
        store.turn_correct(opened.stream_id, opened.call_id, taken, "hello", 0.9, 10)
        assert self.call().miss_count == 0

    def test_turn_that_is_not_understood_after_all_is_a_miss(self) -> None:
        """So it is the other way round."""
        opened = self.open(self.start())
        taken = self.exchange("hello")
        store.turn_correct(opened.stream_id, opened.call_id, taken, "what is the weather", 0.9, 10)
        assert self.call().miss_count == 1

    def test_slowest_answer_stands_beside_the_call(self) -> None:
        """Whichever came last."""
        call_id = self.open(self.start()).call_id
        for answer_ms in (40, 90, 20):
            store.answer_was_slow(call_id, answer_ms)
        assert self.call().slowest_ms == 90

    def test_report_of_an_answer_costs_one_statement(self) -> None:
        """It is made while the caller listens, and others wait to write."""
        self.open(self.start())
        taken = self.exchange("hello")
        with self.assertNumQueries(1):
            store.answer_delivered(taken.answer_id, Turn.Delivery.SENT, 40)

    def test_time_of_a_turn_is_when_it_was_recorded(self) -> None:
        """Turns are written as they happen."""
        self.open(self.start())
        before = timezone.now()
        self.exchange("hello")
        assert before <= self.caller_turn().at <= timezone.now()

    def test_stream_that_was_replaced_answers_no_more(self) -> None:
        """Two streams hear the same words; one of them answers."""
        first, second = self.open(self.start()), self.open(self.start())
        bot = Bot.objects.get().pk
        with pytest.raises(store.StreamReplaced):
            store.turn_take(first.stream_id, first.call_id, bot, "hello", 0.9)
        store.turn_take(second.stream_id, second.call_id, bot, "hello", 0.9)
        assert self.texts().count("hello") == 1

    def test_stream_that_is_opened_anew_listens_for_what_the_last_reply_expects(self) -> None:
        """Where the dialogue stands is on record, and with it what is expected there."""
        first, second = self.open(self.start()), self.start()
        assert first.listening.kind == ""
        Reply.objects.filter(intent__keywords__text="hello").update(expects="yesno")
        raise_version([Bot.objects.get().pk])
        turn = store.turn_take(first.stream_id, first.call_id, Bot.objects.get().pk, "hello", 0.9)
        assert isinstance(turn, store.TakenTurn)
        opened = self.open(second)
        assert opened.listening == turn.answer.listening
        assert opened.listening.hints[:2] == ("yes", "no")
        assert opened.context == turn.context

    def test_words_that_come_after_the_end_are_recorded_and_not_answered(self) -> None:
        """How the call ended stays on record."""
        opened = self.open(self.start())
        endings.call_status_record(sid=SID, status="completed", duration_seconds=1)
        bot = Bot.objects.get().pk
        assert store.turn_take(opened.stream_id, opened.call_id, bot, "wait", 0.9) is None
        assert self.texts()[-1] == "wait"
        assert self.call().outcome == Call.Outcome.CALLER_HUNG_UP

    def test_answer_is_due_until_somebody_has_said_it(self) -> None:
        """The call may ask for it while the process waits to send it."""
        self.open(self.start())
        taken = self.exchange("hello")
        assert store.answer_is_due(taken.answer_id)
        self.age(11)
        steps.call_next(sid=SID)
        assert not store.answer_is_due(taken.answer_id)

    def test_answer_that_was_said_meanwhile_stays_said(self) -> None:
        """A late report of a failure does not have it said a second time."""
        self.open(self.start())
        taken = self.exchange("hello")
        self.age(5)
        steps.call_next(sid=SID)
        store.answer_delivered(taken.answer_id, Turn.Delivery.FAILED, 5)
        assert Turn.objects.get(pk=taken.answer_id).delivery == Turn.Delivery.SENT

    def test_default_bot_goes_on_where_the_bot_was_deleted(self) -> None:
        """A call is answered to its end, whatever the editor does meanwhile."""
        stream_id = self.open(self.start()).stream_id
        call = self.call()
        deleted = Bot.objects.get().pk
        Bot.objects.all().delete()
        call_command("create_starter_bot", verbosity=0)
        with self.assertLogs("calls.scripts", "WARNING"):
            taken = store.turn_take(stream_id, call.pk, deleted, "hello", 0.9)
        assert taken.answer.text == "Hi, how are you?"

    def test_bot_that_was_saved_since_it_was_last_read_answers_as_it_is_now(self) -> None:
        """The editor is heard at the next turn."""
        opened = self.open(self.start())
        Reply.objects.filter(intent__keywords__text="hello").update(text="Changed.")
        raise_version([opened.script.bot_id])
        taken = self.take(opened, "hello")
        assert taken.answer.text == "Changed."
        assert taken.script.version > opened.script.version

    def test_turn_takes_three_statements_where_the_bot_is_known(self) -> None:
        """Each is a way to the database and back, for which the caller waits."""
        opened = self.open(self.start())
        with CaptureQueriesContext(connection) as queries:
            self.take(opened, "hello")
        verbs = [query["sql"].split()[0] for query in queries.captured_queries]
        assert [verb for verb in verbs if verb in {"SELECT", "INSERT", "UPDATE"}] == [
            "SELECT",
            "INSERT",
            "UPDATE",
        ]

    def take(self, opened: store.OpenedStream, text: str) -> store.TakenTurn:
        """Have a turn answered whose process has read the bot before."""
        bot_id = opened.script.bot_id
        taken = store.turn_take(
            opened.stream_id, opened.call_id, bot_id, text, 0.9, known=opened.script
        )
        assert isinstance(taken, store.TakenTurn)
        return taken


@pytest.mark.django_db(transaction=True)
def test_stream_that_comes_while_its_call_ends_waits_and_is_refused() -> None:
    """Neither of the two is broken off by the other, and no socket stays open."""
    call_command("create_starter_bot", verbosity=0)
    step = steps.call_start(
        sid=SID, account_sid=ACCOUNT, from_number="", to_number="", direction="", status="ringing"
    )
    assert step.stream is not None
    token = step.stream.token

    def open_stream() -> None:
        try:
            store.stream_open(token=token, call_sid=SID, account_sid=ACCOUNT, stream_sid="MZ1")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            call = call_lock(SID)
            opening = pool.submit(open_stream)
            with pytest.raises(TimeoutError):
                opening.result(0.3)
            endings.call_close(call)
        with pytest.raises(StreamRefused, match="the call is over"):
            opening.result(SOON)
