"""What a call does next, straight on the database."""

import pytest
from django.utils import timezone

from calls import endings, gather_steps, steps, store
from calls.models import Call, Turn
from calls.scripts import NoBot
from calls.step import Step
from chatbot.answers import Rule
from chatbot.backends.answers import RemoteAnswer
from chatbot.models import Bot, Intent, Keyword, Reply
from chatbot.signals import raise_version
from tests.calls.case import SID, CallCase


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
        endings.call_status_record(sid=SID, status="completed", duration_seconds=1)
        step = self.start()
        assert step.hangs_up
        assert step.stream is None

    def test_number_is_answered_by_its_bot(self) -> None:
        """Each number may have a bot of its own."""
        bot = Bot.objects.create(name="B", greeting="Hallo.", fallback="Sorry?", language="nl-NL")
        bot.phone_numbers.create(number="+31207654321")
        step = self.start()
        assert (step.text, step.speech.voice.language) == ("Hallo.", "nl-NL")
        assert self.call().bot == bot

    def test_call_outside_the_opening_hours_is_told_so(self) -> None:
        """No stream is opened, and asked again the answer is the same."""
        Bot.objects.get().closed_days.create(day=timezone.now().date())
        for step in (self.start(), self.start()):
            assert step.text.startswith("We are closed")
            assert step.hangs_up
            assert step.stream is None
        assert self.call().outcome == Call.Outcome.CLOSED

    def test_without_a_bot_there_is_a_clear_error(self) -> None:
        """Nothing is made up where nobody can answer."""
        Bot.objects.all().delete()
        with pytest.raises(NoBot):
            self.start()


class CallNextTests(CallCase):
    """What a call does that has nothing left to do."""

    def next(self) -> Step:
        return steps.call_next(sid=SID)

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
        assert step.listen_seconds == steps.LOOK_AGAIN_SECONDS

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

    def test_streams_that_never_stay_open_have_the_telephone_service_hear(self) -> None:
        """No call goes deaf in silence."""
        self.start()
        taken = []
        for _ in range(steps.MAX_REOPENINGS):
            self.age(20)
            taken.append(self.next())
        assert [step.gathers for step in taken] == [False, False, True]
        assert self.call().hearing == Call.Hearing.GATHER

    def test_caller_whom_the_telephone_service_does_not_hear_either_is_told_so(self) -> None:
        """A line that cannot be heard does not stay open and bill."""
        self.start()
        for _ in range(steps.MAX_REOPENINGS):
            self.age(20)
            self.next()
        taken = [self.next() for _ in range(gather_steps.MAX_SILENCES + 1)]
        assert [step.hangs_up for step in taken] == [False, True]
        assert taken[-1].text.startswith("Sorry, I cannot hear you")
        assert self.call().outcome == Call.Outcome.NOT_HEARD

    def test_words_that_the_move_to_the_telephone_service_cut_are_said_again(self) -> None:
        """Else the caller is asked to speak, and neither is a silence of his."""
        self.start()
        store.call_deaf(self.call().pk, "the engine is gone")
        assert self.next().text == "How can I help you?"
        assert self.next().text == "Are you still there?"
        assert self.next().hangs_up

    def test_caller_who_was_not_heard_is_asked_to_speak(self) -> None:
        """What was said before is over."""
        self.start()
        self.age(20)
        store.call_deaf(self.call().pk, "the engine is gone")
        taken = [self.next() for _ in range(3)]
        assert [step.text for step in taken[:2]] == ["Are you still there?"] * 2
        assert [step.hangs_up for step in taken] == [False, False, True]

    def test_gather_that_is_redirected_twice_counts_one_silence(self) -> None:
        """The same question gets the same answer."""
        self.start()
        store.call_deaf(self.call().pk, "the engine is gone")
        self.next()
        for _ in range(3):
            assert steps.call_next(sid=SID, ask="x").text == "Are you still there?"

    def test_telephone_service_listens_for_the_language_that_a_reply_expects(self) -> None:
        """Until the next reply, which expects the bot's own."""
        hello = Intent.objects.get(name="hello")
        hello.replies.update(expects_language="nl-NL")
        hello.save()
        self.start()
        store.call_deaf(self.call().pk, "the engine is gone")
        taken = [gather_steps.gathered(SID, said, 0.9) for said in ("hello", "good")]
        assert [step.language for step in taken if isinstance(step, Step)] == ["nl-NL", ""]

    def test_speech_that_is_posted_twice_is_one_turn(self) -> None:
        """Twilio may repeat any request."""
        self.start()
        store.call_deaf(self.call().pk, "the engine is gone")
        self.next()
        first = gather_steps.gathered(SID, "hello", 0.9, ask="x")
        assert gather_steps.gathered(SID, "hello", 0.9, ask="x") == first
        assert self.texts().count("hello") == 1

    def test_call_that_gathers_is_not_lost(self) -> None:
        """No stream is there by which it would be known to live."""
        self.start()
        store.call_deaf(self.call().pk, "the engine is gone")
        self.age(2 * endings.LOST_AFTER.total_seconds())
        gather_steps.gathered(SID, "hello", 0.9)
        assert endings.calls_close_lost() == 0

    def test_goodbye_on_its_way_is_waited_for(self) -> None:
        """The call is not hung up on while its last words are being sent."""
        self.open(self.start())
        self.exchange("goodbye")
        step = self.next()
        assert (step.text, step.listen_seconds) == ("", steps.LOOK_AGAIN_SECONDS)

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

    def test_answers_with_markup_are_said_as_one(self) -> None:
        """Whichever of them has some; no tag is read aloud."""
        Reply.objects.filter(intent__name="good").update(text="<speak>Very <s>nice</s></speak>")
        raise_version([Bot.objects.get().pk])
        self.open(self.start())
        self.caller_says("hello")
        self.caller_says("good")
        self.age(5)
        assert self.next().text == "<speak>Hi, how are you? Very <s>nice</s></speak>"

    def test_aside_wants_no_answer_of_another_process(self) -> None:
        """It was said into a reply that was then handed over to the telephone service."""
        self.open(self.start())
        store.caller_turn_record(self.call().pk, "mhm", 0.9, Rule.ASIDE)
        self.age(5)
        assert self.next().text == "Are you still there?"

    def test_redirect_that_is_followed_twice_counts_one_silence(self) -> None:
        """The same question gets the same answer."""
        self.open(self.start())
        first = steps.call_next(sid=SID, ask="x")
        assert steps.call_next(sid=SID, ask="x") == first
        assert self.texts().count("Are you still there?") == 1

    def test_ended_dialogue_hangs_up(self) -> None:
        """The goodbye was said; nothing is left but the end."""
        self.open(self.start())
        turn_id = self.exchange("goodbye").answer_id
        store.answer_delivered(turn_id, Turn.Delivery.SENT, 5)
        step = self.next()
        assert (step.text, step.hangs_up) == ("", True)

    def test_call_that_is_over_is_hung_up(self) -> None:
        """A request that comes too late gets an end."""
        self.start()
        endings.call_status_record(sid=SID, status="completed", duration_seconds=1)
        assert self.next().hangs_up

    def test_keyword_saved_meanwhile_is_known(self) -> None:
        """What the editor saves is live at the next turn."""
        self.open(self.start())
        intent = Bot.objects.get().intents.get(name="hello")
        Keyword.objects.create(intent=intent, text="ahoy")
        self.caller_says("ahoy")
        self.age(5)
        assert self.next().text == "Hi, how are you?"


class TransferTests(CallCase):
    """A caller who is connected to somebody else."""

    def setUp(self) -> None:
        intent = Intent.objects.create(bot=Bot.objects.get(), name="sales")
        intent.keywords.create(text="sales")
        intent.replies.create(
            text="One moment.",
            action="transfer",
            parameter="+31201111111",
            otherwise="Nobody there.",
        )
        self.opened = self.open(self.start())
        self.taken = self.exchange("sales")
        assert self.taken is not None
        store.answer_delivered(self.taken.answer_id, Turn.Delivery.SENT, 5)
        store.stream_close(self.opened.stream_id, "transferred", store.StreamCounts())

    def dialled(self, status: str) -> Step:
        return steps.call_next(sid=SID, dial_status=status)

    def test_transfer_is_on_record_with_its_number(self) -> None:
        """Any process could say it again."""
        turn = self.call().turns.get(action="transfer")
        assert (turn.parameter, turn.otherwise) == ("+31201111111", "Nobody there.")

    def test_transfer_that_was_answered_ends_the_call(self) -> None:
        """Nothing is left to say."""
        step = self.dialled("completed")
        assert (step.text, step.hangs_up) == ("", True)
        assert self.call().outcome == Call.Outcome.TRANSFERRED

    def test_transfer_that_nobody_answered_goes_on_here(self) -> None:
        """The caller hears why, and is listened to again."""
        step = self.dialled("no-answer")
        assert (step.text, step.hangs_up) == ("Nobody there.", False)
        assert step.stream is not None
        assert "no-answer" in self.call().turns.get(text="Nobody there.").note

    def test_call_that_is_back_is_listened_to_though_its_old_stream_is_open_on_record(self) -> None:
        """Whoever was not to be reached says so faster than the end of a stream is recorded."""
        self.call().streams.update(closed_at=None)
        assert self.dialled("busy").stream is not None

    def test_caller_who_left_while_it_rang_is_told_nothing(self) -> None:
        """Twilio reports the end of the transfer after that of the call."""
        step = steps.call_next(sid=SID, dial_status="no-answer", status="completed")
        assert (step.text, step.hangs_up) == ("", True)
        assert "Nobody there." not in self.texts()

    def test_result_that_is_reported_twice_is_told_once(self) -> None:
        """The second report gets the same words, and no second turn."""
        steps.call_next(sid=SID, ask="a", dial_status="busy")
        again = steps.call_next(sid=SID, ask="a", dial_status="busy")
        assert again.text == "Nobody there."
        assert self.texts().count("Nobody there.") == 1


class QuestionTests(CallCase):
    """A turn that somebody elsewhere is asked about."""

    def setUp(self) -> None:
        bot = Bot.objects.get()
        bot.backend, bot.backend_url = Bot.Backend.HTTP, "http://localhost:1/chat"
        bot.save()
        self.opened = self.open(self.start())

    def ask(self) -> store.AskedTurn:
        asked = store.turn_take(
            self.opened.stream_id, self.opened.call_id, Bot.objects.get().pk, "hello", 0.9
        )
        assert isinstance(asked, store.AskedTurn)
        return asked

    def conclude(self, asked: store.AskedTurn) -> store.TakenTurn | None:
        return store.turn_conclude(
            self.opened.stream_id, self.opened.call_id, asked, RemoteAnswer(("Hi.",))
        )

    def test_what_was_said_is_on_record_before_anybody_is_asked(self) -> None:
        """A process that dies meanwhile loses nothing."""
        self.ask()
        assert self.texts() == ["How can I help you?", "hello"]

    def test_answer_from_elsewhere_is_on_record_before_it_is_sent(self) -> None:
        """As every answer is."""
        taken = self.conclude(self.ask())
        assert taken is not None
        turn = Turn.objects.get(pk=taken.answer_id)
        assert (turn.text, turn.rule, turn.delivery) == ("Hi.", "remote", Turn.Delivery.PENDING)

    def test_call_that_is_over_gets_no_answer(self) -> None:
        """The caller has hung up meanwhile."""
        asked = self.ask()
        endings.call_status_record(sid=SID, status="completed", duration_seconds=1)
        assert self.conclude(asked) is None

    def test_turn_that_was_answered_meanwhile_is_not_answered_again(self) -> None:
        """The call asked what to do, and was told."""
        asked = self.ask()
        self.age(60)
        step = steps.call_next(sid=SID)
        assert step.text.startswith("Sorry, I did not understand")
        with pytest.raises(store.AnsweredElsewhere):
            self.conclude(asked)

    def test_turn_that_is_being_asked_about_is_waited_for(self) -> None:
        """The caller is not asked whether he is still there."""
        self.ask()
        step = steps.call_next(sid=SID)
        assert (step.text, step.listen_seconds) == ("", steps.LOOK_AGAIN_SECONDS)
