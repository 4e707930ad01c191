"""What a call does next that hears audio of our own, straight on the database."""

import pytest
from django.test import override_settings
from django.utils import timezone

from calls import endings, steps, store, stream_steps
from calls.models import Call, CallEvent, Turn
from calls.scripts import bot_script
from calls.step import Step
from calls.transcript import answer_append, dialogue_state, turn_answer
from calls.turns_due import last_said
from chatbot.actions import TRANSFER
from chatbot.actions.base import Play, Transfer
from chatbot.answers import Answer, Rule
from chatbot.models import Bot, Intent
from tests.calls.case import SID, CallCase


class StreamStepsTests(CallCase):
    """A bot that speaks with a voice of our own."""

    def setUp(self) -> None:
        Bot.objects.update(line=Bot.Line.STREAM)
        Bot.objects.get().save()

    @pytest.fixture(autouse=True)
    def synthesizer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("calls.lines.create_synthesizer", lambda: object())

    def next(self, dial_status: str = "", ask: str = "") -> Step:
        return steps.call_next(sid=SID, dial_status=dial_status, ask=ask)

    def teach(self, action: str, parameter: str = "") -> None:
        intent = Intent.objects.get(name="hello")
        intent.replies.update(action=action, parameter=parameter)
        intent.save()

    def heard(self, taken: store.TakenTurn, delivery: Turn.Delivery) -> None:
        store.answer_heard(taken.answer_id, 1000, None, 10, delivery)

    def staff_says(self, text: str, action: str = "") -> store.TakenTurn:
        """Have a member of the staff say something, on record."""
        call = self.call()
        answer = Answer(text, action, "+31201112222" if action else "", rule=Rule.STAFF)
        turn = answer_append(
            call, answer=answer, state=dialogue_state(call), delivery=Turn.Delivery.PENDING
        )
        return store.TakenTurn(turn.pk, answer, bot_script(call.bot_id))

    def greeting(self) -> store.TakenTurn:
        """Return the greeting, which is on its way."""
        turn = Turn.objects.earliest("number")
        return store.TakenTurn(turn.pk, turn_answer(turn, ()), bot_script(self.call().bot_id))

    def test_call_opens_a_stream_and_says_nothing_by_itself(self) -> None:
        """The greeting is audio of our own."""
        step = self.start()
        assert (step.is_connected, step.text, step.hangs_up) == (True, "", False)
        assert self.call().line == Call.Line.STREAM
        assert [turn.text for turn in Turn.objects.all()] == ["How can I help you?"]

    def test_stream_is_told_what_is_to_be_said_on_it(self) -> None:
        """The greeting first."""
        opened = self.open(self.start())
        assert [turn.answer.text for turn in opened.pending] == ["How can I help you?"]
        assert opened.streams

    def test_stream_that_was_refused_is_tried_again_after_a_moment(self) -> None:
        """A server that is stopping refuses all, and must not see all attempts."""
        assert self.start().wait_seconds == 0
        assert self.next().wait_seconds == stream_steps.RETRY_SECONDS
        self.open(self.next())
        assert self.next().wait_seconds == 0

    def test_answer_that_was_lost_on_its_way_is_given_again_without_delay(self) -> None:
        """Twilio asks once more, under the same name."""
        self.open(self.start())
        self.next(ask="one")
        assert self.next(ask="one").wait_seconds == 0

    def test_stream_that_was_lost_before_the_greeting_was_heard_says_it_again(self) -> None:
        """No word is lost with a process."""
        self.open(self.start())
        opened = self.open(self.next())
        assert [turn.answer.text for turn in opened.pending] == ["How can I help you?"]

    def test_goodbye_that_was_heard_ends_the_call(self) -> None:
        """The stream was closed for that."""
        self.open(self.start())
        self.heard(self.exchange("goodbye"), Turn.Delivery.SPOKEN)
        assert self.next().hangs_up

    def test_goodbye_that_was_not_heard_is_said_again(self) -> None:
        """The process that said it is dead."""
        self.open(self.start())
        self.heard(self.greeting(), Turn.Delivery.SENT)
        self.exchange("goodbye")
        opened = self.open(self.next())
        assert [turn.answer.text for turn in opened.pending] == ["Nice talking to you."]

    def test_transfer_is_dialled_once_its_words_were_heard(self) -> None:
        """The stream is closed; nothing is said twice."""
        self.teach("transfer", "+31201112222")
        self.open(self.start())
        self.heard(self.exchange("hello"), Turn.Delivery.SPOKEN)
        step = self.next()
        assert step.speech.then == (Transfer("+31201112222"),)
        assert (step.text, step.stream) == ("", None)

    def test_transfer_that_nobody_answers_comes_back_to_a_stream(self) -> None:
        """It says so, and listens."""
        self.teach("transfer", "+31201112222")
        self.open(self.start())
        self.heard(self.greeting(), Turn.Delivery.SENT)
        self.heard(self.exchange("hello"), Turn.Delivery.SPOKEN)
        self.next()
        opened = self.open(self.next(dial_status="no-answer"))
        assert opened.pending[0].answer.text.startswith("I am sorry, nobody is available")

    def test_transfer_that_was_spoken_is_dialled_before_the_staff_is_heard(self) -> None:
        """Who had something said meanwhile does not undo it."""
        self.teach("transfer", "+31201112222")
        self.open(self.start())
        self.heard(self.greeting(), Turn.Delivery.SENT)
        self.heard(self.exchange("hello"), Turn.Delivery.SPOKEN)
        self.staff_says("Wait.")
        assert self.next().speech.then == (Transfer("+31201112222"),)

    def test_transfer_comes_back_behind_an_answer_of_the_same_moment(self) -> None:
        """The caller is told that nobody answered."""
        self.open(self.start())
        self.heard(self.greeting(), Turn.Delivery.SENT)
        transfer = self.staff_says("I connect you.", action=TRANSFER)
        self.exchange("hello")
        self.heard(transfer, Turn.Delivery.SPOKEN)
        self.next()
        self.next(dial_status="no-answer")
        assert self.call().turns.filter(rule=Rule.NOT_TRANSFERRED).count() == 1

    def test_members_of_the_staff_are_heard_in_their_order(self) -> None:
        """The first of them first."""
        self.open(self.start())
        self.heard(self.greeting(), Turn.Delivery.SENT)
        self.staff_says("One.")
        self.staff_says("Two.")
        said = last_said(self.call())
        assert said is not None
        assert said.text == "One."

    def test_recording_is_played_between_two_streams(self) -> None:
        """Twilio plays it, and then listens to us again."""
        self.teach("play", "https://example.com/jingle.mp3")
        self.open(self.start())
        self.heard(self.exchange("hello"), Turn.Delivery.SPOKEN)
        step = self.next()
        assert step.speech.then == (Play("https://example.com/jingle.mp3"),)
        assert (step.is_connected, step.text) == (True, "")

    def test_words_that_nobody_answered_are_answered_on_the_next_stream(self) -> None:
        """The process died between hearing and answering."""
        self.open(self.start())
        self.heard(self.greeting(), Turn.Delivery.SENT)
        self.caller_says("hello")
        opened = self.open(self.next())
        assert [turn.answer.text for turn in opened.pending] == ["Hi, how are you?"]

    def test_caller_whose_stream_was_lost_is_asked_to_speak_again(self) -> None:
        """He may have spoken to nobody."""
        self.open(self.start())
        self.heard(self.greeting(), Turn.Delivery.SENT)
        opened = self.open(self.next())
        assert [turn.answer.text for turn in opened.pending] == ["Are you still there?"]

    def test_answer_that_could_not_be_spoken_is_said_by_the_telephone_service(self) -> None:
        """And all that comes after it."""
        self.open(self.start())
        taken = self.exchange("hello")
        store.call_mute(self.call().pk, taken.answer_id, "no voice")
        step = self.next()
        assert (step.text, step.is_connected) == ("Hi, how are you?", False)
        assert step.stream is not None
        assert self.call().events.get().detail == "no voice"

    def test_streams_that_never_open_have_the_telephone_service_speak_and_hear(self) -> None:
        """What was pending is said."""
        self.start()
        for _ in range(steps.MAX_REOPENINGS - 1):
            self.next()
        step = self.next()
        assert (step.gathers, step.text) == (True, "How can I help you?")

    def test_words_that_the_telephone_service_says_again_are_not_cut_short(self) -> None:
        """No caller stopped them, and he hears them to their end."""
        self.open(self.start())
        greeting = self.greeting()
        store.answer_heard(greeting.answer_id, 1000, 200, None, Turn.Delivery.PENDING)
        store.call_deaf(self.call().pk, "the engine is gone")
        assert self.next().text == "How can I help you?"
        assert Turn.objects.get(pk=greeting.answer_id).heard_ms is None

    def test_call_that_is_over_opens_no_stream(self) -> None:
        """Whatever is pending."""
        self.start()
        endings.call_status_record(sid=SID, status="completed", duration_seconds=1)
        assert self.next().hangs_up

    def test_closed_bot_says_so_and_ends_the_call(self) -> None:
        """In the voice in which it says everything."""
        Bot.objects.get().closed_days.create(day=timezone.now().date())
        opened = self.open(self.start())
        assert opened.pending[0].answer.text.startswith("We are closed")
        self.heard(opened.pending[0], Turn.Delivery.SPOKEN)
        assert self.next().hangs_up

    def test_without_a_synthesizer_the_telephone_service_speaks(self) -> None:
        """The caller hears the bot in any case."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("calls.lines.create_synthesizer", lambda: None)
            step = self.start()
        assert (step.text, step.is_connected) == ("How can I help you?", False)
        assert self.call().line == Call.Line.SAY

    def test_call_without_a_synthesizer_says_so_on_record(self) -> None:
        """Once, and why."""
        with override_settings(SYNTHESIZER="none"), pytest.MonkeyPatch.context() as patch:
            patch.setattr("calls.lines.create_synthesizer", lambda: None)
            self.start()
            self.start()
        event = self.call().events.get()
        assert event.kind == CallEvent.Kind.MUTE
        assert event.detail == "The server has no voice engine: SYNTHESIZER is none."

    def test_streams_that_have_done_their_work_are_none_that_were_lost(self) -> None:
        """A bot that plays recordings to a silent caller goes on speaking."""
        self.start()
        for _ in range(steps.MAX_REOPENINGS + 1):
            opened = self.open(self.next())
            store.stream_close(
                opened.stream_id, "the call does something without us", store.StreamCounts()
            )
        assert not self.next().gathers
