"""What members of the staff do in calls, straight on the database."""

from contextlib import suppress
from importlib import import_module
from unittest.mock import patch

import pytest
from asgiref.sync import sync_to_async
from django.apps import apps
from django.contrib.auth.models import User

from calls import endings, gather_steps, staff_acts, steps, store
from calls.models import Call, StaffAct, Turn
from calls.outcomes import ended_by
from calls.staff_acts import Asked, NotDone
from calls.step import Step
from calls.twilio.accounts import TwilioAccount
from calls.twilio.rest import CallIsOver, UpdateFailed
from chatbot.answers import RemoteAnswer, Rule
from chatbot.models import Bot
from tests.calls.case import SID, CallCase

DESK = "+31207654300"


class ScriptedTwilio:
    """Stands for the REST API of Twilio: takes every update, or fails as the test says."""

    def __init__(self) -> None:
        self.fault: Exception | None = None
        self.asked: list[str] = []
        self.is_over = False

    async def end(self, sid: str) -> bool:
        await self.redirect(sid, "end")
        return not self.is_over

    async def redirect(self, sid: str, url: str) -> None:
        self.asked.append(url)
        if self.fault is not None:
            raise self.fault

    async def aclose(self) -> None:
        """Nothing is held."""


class StaffCase(CallCase):
    """A call that runs, and somebody who takes part in it."""

    def setUp(self) -> None:
        self.twilio = ScriptedTwilio()
        client = patch.object(TwilioAccount, "rest", lambda account: self.twilio)
        client.start()
        self.addCleanup(client.stop)
        self.staff = User.objects.create_user("anna", first_name="Anna", last_name="Smit")
        self.step = self.start()

    def asked(self, form: str = "one") -> Asked:
        return Asked(self.call().pk, self.staff, token=form)

    def say(self, text: str = "Hi.", number: str = "", form: str = "one") -> None:
        staff_acts.staff_say(self.asked(form), text=text, number=number)

    def said(self) -> Turn:
        return Turn.objects.get(rule=Rule.STAFF)


class StaffSayTests(StaffCase):
    """A sentence, with a transfer behind it or not."""

    def test_sentence_is_on_record_before_it_is_said(self) -> None:
        """Who said it, too."""
        self.open(self.step)
        self.say()
        turn = self.said()
        assert (turn.text, turn.delivery) == ("Hi.", Turn.Delivery.PENDING)
        assert turn.staff_act.staff == self.staff
        assert str(turn.staff_act) == "Anna Smit had something said"

    def test_record_stays_true_when_the_user_is_deleted(self) -> None:
        """The name is kept as it was."""
        self.say()
        self.staff.delete()
        act = StaffAct.objects.get()
        assert (act.staff, act.staff_name) == (None, "Anna Smit")

    def test_dialogue_stands_where_it_stood(self) -> None:
        """A person has spoken, not the bot."""
        before = self.call().dialogue
        self.say()
        assert self.call().dialogue == before

    def test_session_that_holds_the_call_is_left_to_say_it(self) -> None:
        """Twilio is not asked to."""
        self.open(self.step)
        self.say()
        assert self.twilio.asked == []

    def test_call_that_nobody_holds_is_told_to_ask(self) -> None:
        """And what it asks says it."""
        self.say()
        assert len(self.twilio.asked) == 1
        assert steps.call_next(sid=SID).text == "Hi."
        assert self.said().delivery == Turn.Delivery.SENT

    def test_transfer_is_done_by_a_call_that_asks(self) -> None:
        """The sentence first."""
        self.say("I connect you.", DESK)
        step = steps.call_next(sid=SID)
        assert (step.text, step.speech.transfers) == ("I connect you.", True)

    def test_same_form_is_done_once(self) -> None:
        """The second request has nothing left to do."""
        self.say()
        self.say()
        assert self.texts()[1:] == ["Hi."]
        assert len(self.twilio.asked) == 1

    def test_same_form_with_something_else_in_it_is_refused(self) -> None:
        """Neither is that done, nor is it said to be."""
        self.say()
        with pytest.raises(NotDone, match="something else"):
            self.say("Again.")
        with pytest.raises(NotDone, match="something else"):
            self.say("Hi.", DESK)
        with pytest.raises(NotDone, match="something else"):
            staff_acts.staff_hang_up(self.asked())
        assert self.texts()[1:] == ["Hi."]

    def test_same_form_is_tried_again_where_it_was_not_done(self) -> None:
        """The first request broke before Twilio was asked."""
        self.twilio.fault = ConnectionResetError()
        with pytest.raises(ConnectionResetError):
            self.say()
        self.twilio.fault = None
        self.say()
        assert self.texts()[1:] == ["Hi."]
        assert len(self.twilio.asked) == 2

    def test_same_form_is_not_asked_for_again_that_was_said_meanwhile(self) -> None:
        """The call asked by itself."""
        self.twilio.fault = ConnectionResetError()
        with pytest.raises(ConnectionResetError):
            self.say()
        steps.call_next(sid=SID)
        self.say()
        assert len(self.twilio.asked) == 1

    def test_another_form_is_another_act(self) -> None:
        """Somebody may well say the same thing twice."""
        self.say(form="one")
        self.say(form="two")
        assert self.texts()[1:] == ["Hi.", "Hi."]

    def test_call_that_is_over_hears_nobody(self) -> None:
        """That is said, and nothing recorded."""
        endings.call_status_record(sid=SID, status="completed", duration_seconds=1)
        with pytest.raises(NotDone, match="over already"):
            self.say()
        assert not StaffAct.objects.exists()

    def test_bot_that_says_goodbye_is_not_interrupted(self) -> None:
        """The call ends behind it."""
        self.open(self.step)
        self.exchange("goodbye")
        with pytest.raises(NotDone, match="goodbye"):
            self.say()

    def test_caller_who_is_being_connected_hears_nobody(self) -> None:
        """To speak would tear the two apart."""
        self.say("I connect you.", DESK)
        steps.call_next(sid=SID)
        with pytest.raises(NotDone, match="connected to a person"):
            self.say(form="two")

    def test_transfer_that_is_yet_to_be_dialled_is_not_spoken_into(self) -> None:
        """Its sentence is being spoken, or was; another would come between."""
        self.open(self.step)
        self.say("I connect you.", DESK)
        for delivery in (Turn.Delivery.PENDING, Turn.Delivery.SPOKEN):
            Turn.objects.filter(rule=Rule.STAFF).update(delivery=delivery)
            with pytest.raises(NotDone, match="connected to a person"):
                self.say(form=delivery)
        assert Turn.objects.filter(rule=Rule.STAFF).count() == 1

    def test_caller_who_is_being_connected_hears_nobody_behind_an_answer_either(self) -> None:
        """It was decided in the moment in which the transfer was."""
        self.open(self.step)
        self.say("I connect you.", DESK)
        taken = self.exchange("hello")
        store.answer_delivered(taken.answer_id, Turn.Delivery.SENT, 5)
        store.answer_delivered(self.said().pk, Turn.Delivery.SENT, None)
        with pytest.raises(NotDone, match="connected to a person"):
            self.say(form="two")

    def test_call_that_is_being_connected_is_not_told_to_go_on_behind_an_answer_either(
        self,
    ) -> None:
        """To lose its stream is of its ordinary course then; when it is back, it is none."""
        opened = self.open(self.step)
        self.say("I connect you.", DESK)
        self.exchange("hello")
        assert store.call_goes_on(opened.call_id, opened.stream_id)
        store.answer_delivered(self.said().pk, Turn.Delivery.SENT, None)
        assert not store.call_goes_on(opened.call_id, opened.stream_id)
        back = self.open(steps.call_next(sid=SID, dial_status="busy"))
        assert store.call_goes_on(back.call_id, back.stream_id)

    def test_caller_who_came_back_from_a_transfer_hears_the_staff(self) -> None:
        """Nobody had answered there."""
        self.say("I connect you.", DESK)
        steps.call_next(sid=SID)
        steps.call_next(sid=SID, dial_status="busy")
        self.say("Again.", DESK, form="two")
        assert self.texts()[-1] == "Again."

    def test_call_that_ended_meanwhile_is_told_of(self) -> None:
        """Twilio knows first."""
        self.twilio.fault = CallIsOver()
        with pytest.raises(NotDone, match="over already"):
            self.say()

    def test_twilio_that_fails_loses_no_sentence(self) -> None:
        """It is said when the call asks by itself."""
        self.twilio.fault = UpdateFailed("no answer")
        with self.assertLogs("calls.staff_acts", "WARNING"):
            self.say()
        assert steps.call_next(sid=SID).text == "Hi."

    def test_sentence_that_came_too_late_is_not_sent_on_record(self) -> None:
        """The caller had hung up."""
        self.open(self.step)
        self.say()
        endings.call_status_record(sid=SID, status="completed", duration_seconds=1)
        assert self.said().delivery == Turn.Delivery.FAILED

    def test_sentence_comes_before_an_answer_of_the_same_moment(self) -> None:
        """Also where that was recorded after it."""
        self.open(self.step)
        self.say("I connect you.", DESK)
        self.exchange("hello")
        self.age(20)
        assert steps.call_next(sid=SID).text == "I connect you."

    def test_end_of_a_transfer_is_dealt_with_behind_an_answer_of_the_same_moment(self) -> None:
        """What was decided while it was asked for stays unsaid."""
        self.open(self.step)
        self.say("I connect you.", DESK)
        self.exchange("hello")
        store.answer_delivered(self.said().pk, Turn.Delivery.SENT, None)
        steps.call_next(sid=SID, dial_status="busy")
        assert Turn.objects.filter(rule=Rule.NOT_TRANSFERRED).count() == 1

    def test_transfer_that_was_answered_is_the_end_behind_such_an_answer(self) -> None:
        """Also where Twilio reports the end of the call first."""
        self.open(self.step)
        self.say("I connect you.", DESK)
        self.exchange("hello")
        store.answer_delivered(self.said().pk, Turn.Delivery.SENT, None)
        endings.call_status_record(sid=SID, status="completed", duration_seconds=1)
        steps.call_next(sid=SID, dial_status="completed")
        assert self.call().outcome == Call.Outcome.TRANSFERRED

    def test_session_reads_it_once_it_is_due(self) -> None:
        """And no more when it was said."""
        opened = self.open(self.step)
        self.say()
        turn = self.said()
        taken = store.staff_turn_read(turn.pk, opened.call_id, opened.script)
        assert taken is not None
        assert taken.answer.text == "Hi."
        store.answer_delivered(turn.pk, Turn.Delivery.SENT, None)
        assert store.staff_turn_read(turn.pk, opened.call_id, opened.script) is None

    def test_session_that_begins_finds_what_is_due(self) -> None:
        """It could not be told before."""
        opened = self.open(self.step)
        self.say(form="one")
        self.say(form="two")
        due = store.staff_turns_due(opened.call_id)
        assert due == list(Turn.objects.filter(rule=Rule.STAFF).values_list("pk", flat=True))
        store.answer_delivered(due[0], Turn.Delivery.SENT, None)
        assert store.staff_turns_due(opened.call_id) == due[1:]

    def test_process_finds_what_is_due_in_all_its_calls(self) -> None:
        """In those that it holds, and as long as nobody has said it."""
        opened = self.open(self.step)
        self.say(form="one")
        self.say(form="two")
        due = [(opened.stream_id, pk) for pk in store.staff_turns_due(opened.call_id)]
        assert store.staff_turns_unsaid([opened.stream_id]) == due
        assert store.staff_turns_unsaid([opened.stream_id + 1]) == []
        store.answer_delivered(due[0][1], Turn.Delivery.SENT, None)
        assert store.staff_turns_unsaid([opened.stream_id]) == due[1:]


class GatherTests(StaffCase):
    """A call whose caller Twilio hears."""

    def setUp(self) -> None:
        super().setUp()
        gather_steps.move_to_gather(self.call(), "test")

    def gathered(self, ask: str = "") -> Step:
        step = gather_steps.gathered(SID, "hello", 0.9, ask=ask)
        assert isinstance(step, Step)
        return step

    def test_sentence_takes_the_place_of_the_answer(self) -> None:
        """What the caller said is on record."""
        self.say()
        assert self.gathered().text == "Hi."
        assert self.texts()[1:] == ["Hi.", "hello"]

    def test_request_that_is_repeated_is_answered_alike(self) -> None:
        """The caller said it once."""
        self.say()
        assert [self.gathered("x").text, self.gathered("x").text] == ["Hi.", "Hi."]
        assert self.texts().count("hello") == 1

    def asked_first(self) -> gather_steps.AskedFirst:
        """Have the caller say something that a chatbot elsewhere is asked about."""
        bot = Bot.objects.get()
        bot.backend, bot.backend_url = "http", "https://bot.example"
        bot.save()
        asked = gather_steps.gathered(SID, "weather", 0.9)
        assert isinstance(asked, gather_steps.AskedFirst)
        return asked

    def test_answer_from_elsewhere_that_comes_behind_a_sentence_is_dropped(self) -> None:
        """It would count as said, and Twilio follows what it was told last."""
        asked = self.asked_first()
        self.say()
        assert steps.call_next(sid=SID).text == "Hi."
        late = gather_steps.concluded(SID, asked, RemoteAnswer("It rains."))
        assert (late.text, late.hangs_up, late.gathers) == ("", False, False)
        assert self.texts()[1:] == ["weather", "Hi."]

    def test_sentence_is_said_where_the_answer_from_elsewhere_is_quicker_than_twilio(self) -> None:
        """The call is not told yet that there is something to say, and asks."""
        asked = self.asked_first()
        self.say()
        gather_steps.concluded(SID, asked, RemoteAnswer("It rains."))
        assert steps.call_next(sid=SID).text == "Hi."

    def test_answer_from_elsewhere_does_not_revive_a_call_that_was_given_up(self) -> None:
        """Twilio had waited for too long, and was told to part with the caller."""
        asked = self.asked_first()
        gather_steps.give_up(SID, "test")
        gather_steps.concluded(SID, asked, RemoteAnswer("It rains."))
        assert self.call().outcome == Call.Outcome.NOT_HEARD


class OldActsTests(StaffCase):
    """What was on record before it was noted when an act was done."""

    def test_acts_on_record_count_as_done(self) -> None:
        """A form that was sent then is not carried out again."""
        self.say()
        StaffAct.objects.update(done_at=None)
        import_module("calls.migrations.0011_staff_acts_done").mark_done(apps, None)
        act = StaffAct.objects.get()
        assert act.done_at == act.at


class StaffHangUpTests(StaffCase):
    """The end of a call."""

    def test_call_is_over_as_ended_by_the_staff(self) -> None:
        """Who did it is an event of the call."""
        staff_acts.staff_hang_up(self.asked())
        assert self.twilio.asked == ["end"]
        assert (self.call().is_over, self.call().outcome) == (True, Call.Outcome.STAFF_HUNG_UP)
        assert self.call().events.get(kind="hung-up").detail == "Anna Smit"

    def test_twilio_that_does_not_take_it_is_told_of(self) -> None:
        """The call goes on, and that it was tried is on record."""
        self.twilio.fault = UpdateFailed("no answer in 2 s")
        with pytest.raises(NotDone, match="no answer in 2 s"), self.assertLogs("calls.staff_acts"):
            staff_acts.staff_hang_up(self.asked())
        assert not self.call().is_over
        assert StaffAct.objects.get().kind == StaffAct.Kind.HANG_UP

    def test_same_form_ends_the_call_where_it_did_not(self) -> None:
        """Nobody is told that it was ended while it runs."""
        self.twilio.fault = UpdateFailed("no answer in 2 s")
        with pytest.raises(NotDone), self.assertLogs("calls.staff_acts"):
            staff_acts.staff_hang_up(self.asked())
        self.twilio.fault = None
        staff_acts.staff_hang_up(self.asked())
        assert self.call().outcome == Call.Outcome.STAFF_HUNG_UP
        staff_acts.staff_hang_up(self.asked())
        assert self.twilio.asked == ["end", "end"]
        assert self.call().events.filter(kind="hung-up").count() == 1

    def test_caller_who_was_quicker_is_who_hung_up(self) -> None:
        """Twilio says that there is nothing left to end, and has not reported the end yet."""
        self.twilio.is_over = True
        with pytest.raises(NotDone, match="over already"):
            staff_acts.staff_hang_up(self.asked())
        assert (self.call().is_over, self.call().outcome) == (True, Call.Outcome.CALLER_HUNG_UP)
        event = self.call().events.get()
        assert event.detail == "Anna Smit, but the call was over already"

    def test_outcome_on_record_stays_where_nobody_was_hung_up_on(self) -> None:
        """The end was reported while Twilio was asked for it."""

        async def end(sid: str) -> bool:
            report = sync_to_async(endings.call_status_record)
            await report(sid=sid, status="no-answer", duration_seconds=None)
            return False

        with patch.object(self.twilio, "end", end), pytest.raises(NotDone, match="over already"):
            staff_acts.staff_hang_up(self.asked())
        assert self.call().outcome == Call.Outcome.FAILED

    def test_who_ended_the_call_is_named_of_two_who_wanted_to(self) -> None:
        """The other asked while the first was being served."""
        staff_acts.staff_hang_up(self.asked())
        late = StaffAct.objects.get()
        late.pk, late.token, late.staff_name, late.done_at = None, "two", "Ben", None
        late.save(force_insert=True)
        assert ended_by(self.call()) == "Anna Smit"

    def test_outcome_on_record_gives_way_where_the_staff_was_quicker(self) -> None:
        """Twilio reports the end before it answers."""

        async def end(sid: str) -> bool:
            report = sync_to_async(endings.call_status_record)
            await report(sid=sid, status="completed", duration_seconds=1)
            return True

        with patch.object(self.twilio, "end", end):
            staff_acts.staff_hang_up(self.asked())
        assert self.call().outcome == Call.Outcome.STAFF_HUNG_UP

    def hang_up_twice_at_once(self, *ends_it: bool) -> None:
        """Send a form once more while Twilio is asked; tell whether the first, the second ends it.

        The second request is through before the first.
        """
        asked, answers = self.asked(), list(ends_it)

        async def end(sid: str) -> bool:
            answer = answers.pop(0)
            if answers:
                with suppress(NotDone):
                    await sync_to_async(staff_acts.staff_hang_up)(asked)
            return answer

        with patch.object(self.twilio, "end", end):
            staff_acts.staff_hang_up(asked)

    def test_same_form_that_found_the_call_over_is_told_that_it_ended_it(self) -> None:
        """The second request, which was quicker, did."""
        self.hang_up_twice_at_once(False, True)
        assert self.call().outcome == Call.Outcome.STAFF_HUNG_UP
        assert self.call().events.get().detail == "Anna Smit"

    def test_same_form_that_ended_the_call_puts_right_what_was_recorded_meanwhile(self) -> None:
        """The second request found it over already, and was quicker to say so."""
        self.hang_up_twice_at_once(True, False)
        assert self.call().outcome == Call.Outcome.STAFF_HUNG_UP
        assert self.call().events.get().detail == "Anna Smit"

    def test_call_that_is_over_is_not_ended_again(self) -> None:
        """How it ended stays."""
        endings.call_status_record(sid=SID, status="completed", duration_seconds=1)
        with pytest.raises(NotDone, match="over already"):
            staff_acts.staff_hang_up(self.asked())
        assert self.call().outcome == Call.Outcome.CALLER_HUNG_UP
