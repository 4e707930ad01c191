"""What the webhooks write, straight on the database."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import TestCase
from django.utils import timezone

from calls import services, store
from calls.models import Call, Stream, Turn
from calls.store import StreamRefused
from chatbot.models import Bot, Keyword

SID = "CA" + "1" * 32
ACCOUNT = "AC" + "0" * 32


class CallCase(TestCase):
    """A database with the starter bot, and short names for what Twilio does."""

    @classmethod
    def setUpTestData(cls) -> None:
        call_command("create_starter_bot", verbosity=0)

    def start(self, sid: str = SID) -> services.Step:
        return services.call_start(
            sid=sid,
            account_sid=ACCOUNT,
            from_number="+31201234567",
            to_number="+31207654321",
            direction="inbound",
            status="ringing",
        )

    def open(self, step: services.Step, sid: str = SID) -> store.OpenedStream:
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
        return store.turn_take(stream.pk if stream else 0, self.call().pk, bot.pk, text, 0.9)


class CallStartTests(CallCase):
    """The number's webhook."""

    def test_call_is_created_and_greeted(self) -> None:
        """A call comes in: it is on record with the greeting before anything is answered."""
        step = self.start()
        assert step.text == "How can I help you?"
        assert self.texts() == ["How can I help you?"]
        assert self.call().from_number == "+31201234567"

    def test_repeated_request_makes_no_second_call(self) -> None:
        """Twilio asks again: the same call, greeted once on record."""
        self.start()
        assert self.start().text == "How can I help you?"
        assert Call.objects.count() == 1
        assert self.texts() == ["How can I help you?"]

    def test_repeated_request_gets_a_token_of_its_own(self) -> None:
        """Whichever answer Twilio follows, its stream is let in."""
        first, second = self.start(), self.start()
        self.open(second)
        assert self.open(first).call_sid == SID

    def test_call_that_is_over_is_hung_up(self) -> None:
        """A request that comes too late opens no line."""
        self.start()
        services.call_status_record(sid=SID, status="completed", duration_seconds=1)
        step = self.start()
        assert step.hangs_up
        assert step.stream is None

    def test_without_a_bot_there_is_a_clear_error(self) -> None:
        """Nothing is made up where nobody can answer."""
        Bot.objects.all().delete()
        with pytest.raises(services.NoBot):
            self.start()


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
        services.call_status_record(sid=SID, status="completed", duration_seconds=None)
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


class CallNextTests(CallCase):
    """What a call does that has nothing left to do."""

    def next(self) -> services.Step:
        return services.call_next(sid=SID)

    def test_first_silence_is_asked_about(self) -> None:
        """A caller who says nothing is asked whether he is still there."""
        self.open(self.start())
        step = self.next()
        assert step.text == "Are you still there?"
        assert not step.hangs_up
        assert step.stream is None

    def test_second_silence_ends_the_call(self) -> None:
        """A goodbye, and the line is given up."""
        self.open(self.start())
        self.next()
        step = self.next()
        assert step.text == "Goodbye."
        assert step.hangs_up
        assert self.call().outcome == Call.Outcome.SILENCE

    def test_silence_is_counted_anew_after_the_caller_spoke(self) -> None:
        """Two silences with words between them do not end the call."""
        self.open(self.start())
        self.next()
        turn_id = self.exchange("hello").answer_id
        store.answer_delivered(turn_id, Turn.Delivery.SENT, 5)
        step = self.next()
        assert step.text == "Are you still there?"

    def test_caller_in_mid_sentence_is_not_asked(self) -> None:
        """Someone who speaks is there."""
        opened = self.open(self.start())
        store.call_heard(opened.call_id)
        step = self.next()
        assert step.text == ""
        assert step.listen_seconds == services.LOOK_AGAIN_SECONDS

    def test_answer_under_way_is_waited_for(self) -> None:
        """The process that holds the stream is about to answer."""
        self.open(self.start())
        self.caller_says("hello")
        assert self.next().text == ""

    def test_dead_process_is_replaced(self) -> None:
        """A stream that nobody keeps alive is opened again."""
        self.open(self.start())
        self.age(5)
        assert self.next().stream is not None

    def test_caller_whose_process_died_is_answered(self) -> None:
        """A turn on record is answered by whichever process is asked."""
        self.open(self.start())
        self.caller_says("hello")
        self.age(5)
        step = self.next()
        assert step.text == "Hi, how are you?"
        assert step.stream is not None

    def test_answer_that_was_not_sent_is_said(self) -> None:
        """The process died, or Twilio did not take it: it is still to be said."""
        self.open(self.start())
        self.exchange("hello")
        self.age(5)
        step = self.next()
        assert step.text == "Hi, how are you?"
        assert Turn.objects.get(text="Hi, how are you?").delivery == Turn.Delivery.SENT

    def test_answer_that_was_refused_is_said_at_once(self) -> None:
        """Also while the process that failed to send it lives."""
        self.open(self.start())
        turn_id = self.exchange("hello").answer_id
        store.answer_delivered(turn_id, Turn.Delivery.FAILED, 5)
        assert self.next().text == "Hi, how are you?"

    def test_goodbye_that_was_not_sent_is_said_before_the_hang_up(self) -> None:
        """No call ends without its last words."""
        self.open(self.start())
        self.exchange("goodbye")
        self.age(5)
        step = self.next()
        assert step.text == "Nice talking to you."
        assert step.hangs_up

    def test_words_that_were_being_spoken_are_repeated_when_the_stream_is_lost(self) -> None:
        """The caller hears the whole answer."""
        opened = self.open(self.start())
        turn_id = self.exchange("hello").answer_id
        store.answer_delivered(turn_id, Turn.Delivery.SENT, 5)
        store.stream_close(opened.stream_id, "cut", store.StreamCounts())
        assert self.next().text == "Hi, how are you?"
        assert self.texts().count("Hi, how are you?") == 1

    def test_lost_stream_is_no_silence_of_the_caller(self) -> None:
        """He may have spoken to nobody: he is asked, and not hung up on."""
        self.open(self.start())
        self.next()
        self.age(20)
        step = self.next()
        assert step.text == "Are you still there?"
        assert not step.hangs_up

    def test_streams_that_never_stay_open_end_the_call_with_an_apology(self) -> None:
        """A line that cannot be heard does not stay open and bill."""
        self.start()
        steps = []
        for _ in range(services.MAX_REOPENINGS):
            self.age(20)
            steps.append(self.next())
        assert [step.hangs_up for step in steps] == [False, False, True]
        assert steps[-1].text.startswith("Sorry, I cannot hear you")
        assert self.call().outcome == Call.Outcome.NOT_HEARD

    def test_goodbye_on_its_way_is_waited_for(self) -> None:
        """The call is not hung up on while its last words are being sent."""
        self.open(self.start())
        self.exchange("goodbye")
        step = self.next()
        assert (step.text, step.listen_seconds) == ("", services.LOOK_AGAIN_SECONDS)

    def test_goodbye_is_said_although_the_caller_spoke_into_it(self) -> None:
        """What is recorded behind an answer does not hide that it was not sent."""
        self.open(self.start())
        taken = self.exchange("goodbye")
        store.answer_delivered(taken.answer_id, Turn.Delivery.FAILED, 5)
        self.caller_says("thanks")
        step = self.next()
        assert (step.text, step.hangs_up) == ("Nice talking to you.", True)

    def test_all_that_was_not_answered_is_answered(self) -> None:
        """Two turns were waiting when the process died: both get their answer, in order."""
        self.open(self.start())
        self.caller_says("hello")
        self.caller_says("good")
        self.age(5)
        assert self.next().text == "Hi, how are you? Nice, I am happy for you."
        assert self.texts()[1:] == [
            "hello",
            "good",
            "Hi, how are you?",
            "Nice, I am happy for you.",
        ]

    def test_redirect_that_is_followed_twice_counts_one_silence(self) -> None:
        """The same question gets the same answer."""
        self.open(self.start())
        first = services.call_next(sid=SID, ask="x")
        assert services.call_next(sid=SID, ask="x") == first
        assert self.texts().count("Are you still there?") == 1

    def test_ended_dialogue_hangs_up(self) -> None:
        """The goodbye was said; nothing is left but the end."""
        self.open(self.start())
        turn_id = self.exchange("goodbye").answer_id
        store.answer_delivered(turn_id, Turn.Delivery.SENT, 5)
        assert self.next() == services.Step(services.Voice("en-US"))

    def test_call_that_is_over_is_hung_up(self) -> None:
        """A request that comes too late gets an end."""
        self.start()
        services.call_status_record(sid=SID, status="completed", duration_seconds=1)
        assert self.next().hangs_up

    def test_keyword_saved_meanwhile_is_known(self) -> None:
        """What the editor saves is live at the next turn."""
        self.open(self.start())
        intent = Bot.objects.get().intents.get(name="hello")
        Keyword.objects.create(intent=intent, text="ahoy")
        self.caller_says("ahoy")
        self.age(5)
        assert self.next().text == "Hi, how are you?"


class CallStatusTests(CallCase):
    """The reports of a call's status."""

    def report(self, status: str, duration: int | None = None) -> bool:
        return services.call_status_record(sid=SID, status=status, duration_seconds=duration)

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
        return services.stream_status_record(sid=SID, name=name, event=event, error=error)

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
        self.age(services.LOST_AFTER.total_seconds() + 1)
        assert services.calls_close_lost() == 1
        assert self.call().outcome == Call.Outcome.LOST

    def test_call_whose_stream_lives_is_kept(self) -> None:
        """A long call is not a lost one."""
        opened = self.open(self.start())
        self.age(services.LOST_AFTER.total_seconds() + 1)
        store.streams_seen([opened.stream_id], [opened.stream_id])
        assert services.calls_close_lost() == 0

    def test_goodbye_on_record_stays_the_outcome(self) -> None:
        """Where the bot had hung up, that is how the call ended."""
        self.open(self.start())
        self.exchange("goodbye")
        self.age(services.LOST_AFTER.total_seconds() + 1)
        services.calls_close_lost()
        assert self.call().outcome == Call.Outcome.BOT_HUNG_UP


class StreamsSeenTests(CallCase):
    """The heartbeat of a process that holds streams."""

    def test_only_streams_that_are_fed_are_marked_as_alive(self) -> None:
        """A socket that brings nothing is a dead one."""
        opened = self.open(self.start())
        self.age(5)
        store.streams_seen([opened.stream_id], [])
        assert services.call_next(sid=SID).stream is not None

    def test_end_of_the_call_is_found_out_without_an_announcement(self) -> None:
        """The channel layer may have lost it; the record has not."""
        opened = self.open(self.start())
        services.call_status_record(sid=SID, status="completed", duration_seconds=1)
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

    def test_words_that_come_after_the_end_are_recorded_and_not_answered(self) -> None:
        """How the call ended stays on record."""
        opened = self.open(self.start())
        services.call_status_record(sid=SID, status="completed", duration_seconds=1)
        bot = Bot.objects.get().pk
        assert store.turn_take(opened.stream_id, opened.call_id, bot, "wait", 0.9) is None
        assert self.texts()[-1] == "wait"
        assert self.call().outcome == Call.Outcome.CALLER_HUNG_UP

    def test_answer_that_was_said_meanwhile_stays_said(self) -> None:
        """A late report of a failure does not have it said a second time."""
        self.open(self.start())
        taken = self.exchange("hello")
        self.age(5)
        services.call_next(sid=SID)
        store.answer_delivered(taken.answer_id, Turn.Delivery.FAILED, 5)
        assert Turn.objects.get(pk=taken.answer_id).delivery == Turn.Delivery.SENT

    def test_default_bot_goes_on_where_the_bot_was_deleted(self) -> None:
        """A call is answered to its end, whatever the editor does meanwhile."""
        stream_id = self.open(self.start()).stream_id
        call = self.call()
        deleted = Bot.objects.get().pk
        Bot.objects.all().delete()
        call_command("create_starter_bot", verbosity=0)
        with self.assertLogs("calls.services", "WARNING"):
            taken = store.turn_take(stream_id, call.pk, deleted, "hello", 0.9)
        assert taken.answer.text == "Hi, how are you?"
