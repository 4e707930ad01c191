"""The state machine of a call, without clock, socket or database."""

from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from calls import conversation as talk
from calls.conversation import Conversation, Fate, Phase, Then
from calls.turn_taking import Corrected
from chatbot.answers import Answer, Rule
from chatbot.listening import Listening

LISTENING = Listening(("hint",))


def heard(text: str) -> talk.UtteranceHeard:
    return talk.UtteranceHeard(text, 0.9, heard_at=1.0)


def decided(turn_id: int = 1, then: talk.Then = Then.LISTEN) -> talk.AnswerDecided:
    return talk.AnswerDecided(turn_id, Answer("answer", listening=LISTENING), 1.0, then)


def after(*events: talk.Event) -> Conversation:
    """Return a conversation to which these events happened."""
    conversation = Conversation("CA1")
    for event in events:
        conversation.receive(event)
    return conversation


def kinds(actions: list[talk.Action]) -> list[str]:
    return [type(action).__name__ for action in actions]


def test_utterance_is_taken_as_a_turn() -> None:
    """What the caller says is recorded and answered."""
    assert after().receive(heard("hello")) == [talk.TakeTurn(heard("hello"))]


def test_answer_is_sent_and_the_next_turn_listened_to() -> None:
    """The caller is heard again before the answer is out: he may speak into it."""
    actions = after(heard("hello")).receive(decided())
    assert actions == [talk.SendAnswer(decided()), talk.Listen(LISTENING)]


def test_utterance_during_an_answer_waits_for_its_turn() -> None:
    """Turns are answered one after the other, in their order."""
    conversation = after(heard("one"))
    assert conversation.receive(heard("two")) == []
    conversation.receive(decided())
    assert conversation.receive(talk.AnswerSent(1, 1.0)) == [talk.TakeTurn(heard("two"))]


def test_answer_that_was_not_sent_does_not_stop_the_conversation() -> None:
    """The next thing the caller says is answered all the same."""
    conversation = after(heard("one"), decided(), talk.AnswerNotSent(1))
    assert conversation.receive(heard("two")) == [talk.TakeTurn(heard("two"))]


def test_last_answer_ends_the_listening() -> None:
    """Behind a goodbye nobody is heard any more."""
    actions = after(heard("goodbye")).receive(decided(then=Then.END))
    assert kinds(actions) == ["StopListening", "SendAnswer", "ExpectEnd"]


def test_utterances_that_wait_behind_the_last_answer_are_recorded() -> None:
    """They are not answered, and not lost."""
    actions = after(heard("goodbye"), heard("wait")).receive(decided(then=Then.END))
    assert talk.RecordTurn(heard("wait")) in actions


def test_goodbye_is_given_the_time_it_takes() -> None:
    """A long goodbye is not cut off by the guard against lines that stay open."""
    conversation = after(heard("goodbye"), decided(then=Then.END))
    assert conversation.receive(talk.AnswerSent(1, 42.0)) == [
        talk.ExpectEnd(42.0 + talk.GRACE_SECONDS)
    ]


def test_line_that_stays_open_after_the_goodbye_is_ended() -> None:
    """A bot that has finished does not leave the line open."""
    conversation = after(heard("goodbye"), decided(then=Then.END), talk.AnswerSent(1, 1.0))
    actions = conversation.receive(talk.GoodbyeOverdue())
    assert actions == [talk.EndCall(), talk.Leave("the call did not end by itself", Fate.OVER)]


def test_caller_who_cannot_be_served_is_told_so() -> None:
    """No call is left with a bot that cannot answer."""
    actions = after().receive(talk.TurnFailed())
    assert kinds(actions) == ["StopListening", "Apologise", "ExpectEnd"]


@pytest.mark.parametrize("streams", [False, True])
def test_caller_whom_no_recognizer_hears_is_handed_over(*, streams: bool) -> None:
    """No call goes deaf in silence: the telephone service is to hear it."""
    actions = Conversation("CA1", streams=streams).receive(talk.HearingFailed())
    assert actions == [talk.StopListening(), talk.Leave("no recognizer can be had", Fate.DEAF)]


def test_stream_that_ends_in_the_middle_leaves_the_fate_open() -> None:
    """The caller may have hung up, or the call may have lost its stream."""
    assert after().receive(talk.StreamEnded("gone")) == [talk.Leave("gone", Fate.UNKNOWN)]


def test_stream_that_ends_after_the_goodbye_ends_the_call() -> None:
    """It was told to hang up."""
    conversation = after(heard("goodbye"), decided(then=Then.END), talk.AnswerSent(1, 1.0))
    assert conversation.receive(talk.StreamEnded("stop")) == [talk.Leave("stop", Fate.OVER)]


def test_stream_that_ends_before_the_goodbye_was_sent_leaves_the_fate_open() -> None:
    """The call may go on, and is to be told its last words when it asks."""
    conversation = after(heard("goodbye"), decided(then=Then.END))
    assert conversation.receive(talk.StreamEnded("cut")) == [talk.Leave("cut", Fate.UNKNOWN)]


def test_newer_stream_takes_over() -> None:
    """The older one leaves the call alone."""
    actions = after().receive(talk.StreamReplaced())
    assert actions == [talk.Leave("another stream took over", Fate.ELSEWHERE)]


def test_reported_end_of_the_call_ends_the_session() -> None:
    """Also where the socket stays open."""
    assert after().receive(talk.CallEnded()) == [talk.Leave("the call ended", Fate.OVER)]


def test_last_words_are_recorded_after_leaving() -> None:
    """A final transcript that comes while the stream is wound up is kept."""
    conversation = after(talk.StreamEnded("gone"))
    assert conversation.receive(heard("wait")) == [talk.RecordTurn(heard("wait"))]


def test_waiting_utterances_are_recorded_when_leaving() -> None:
    """What was heard and not yet answered stays in the transcript."""
    conversation = after(heard("one"), heard("two"))
    assert conversation.receive(talk.StreamEnded("gone"))[0] == talk.RecordTurn(heard("two"))


def test_transfer_is_the_last_that_is_said_here() -> None:
    """Nobody listens to the conversation with somebody else."""
    actions = after(heard("agent")).receive(decided(then=Then.TRANSFER))
    assert kinds(actions) == ["StopListening", "SendAnswer"]


def test_transfer_that_was_sent_leaves_the_call_alone() -> None:
    """It comes back by itself where nobody answers."""
    conversation = after(heard("agent"), decided(then=Then.TRANSFER))
    assert conversation.receive(talk.AnswerSent(1, 1.0)) == [
        talk.Leave("the call was transferred", Fate.ELSEWHERE)
    ]


def test_transfer_that_was_not_sent_leaves_the_fate_open() -> None:
    """The call is told again when it asks."""
    conversation = after(heard("agent"), decided(then=Then.TRANSFER))
    assert conversation.receive(talk.AnswerNotSent(1)) == [
        talk.Leave("the transfer was not sent", Fate.UNKNOWN)
    ]


def test_stream_that_ends_with_the_transfer_does_not_call_it_back() -> None:
    """Twilio stops the stream before it confirms the transfer."""
    conversation = after(heard("agent"), decided(then=Then.TRANSFER))
    assert conversation.receive(talk.StreamEnded("stop")) == [
        talk.Leave("the call was transferred", Fate.ELSEWHERE)
    ]


def test_utterance_that_was_answered_elsewhere_gives_way_to_the_next() -> None:
    """It is not answered twice."""
    conversation = after(heard("one"), heard("two"))
    assert conversation.receive(talk.AnsweredElsewhere()) == [talk.TakeTurn(heard("two"))]


# --- Answered early -----------------------------------------------------------------------------


def early(text: str) -> talk.UtteranceHeard:
    return talk.UtteranceHeard(text, None, heard_at=1.0, is_early=True)


CORRECTED = Corrected("two more", 0.8, heard_at=2.0, gained_ms=500)


def test_turn_that_was_taken_early_is_settled() -> None:
    """Once: its final comes once."""
    conversation = after(early("two"))
    assert conversation.receive(talk.EarlySettled(CORRECTED)) == [talk.SettleTurn(CORRECTED)]
    assert conversation.receive(talk.EarlySettled(CORRECTED)) == []


def test_early_utterance_that_waits_is_taken_by_its_final_words() -> None:
    """No turn before it is corrected in its place."""
    conversation = after(early("one"), decided(), early("two"))
    assert conversation.receive(talk.EarlySettled(CORRECTED)) == []
    assert conversation.receive(talk.AnswerSent(1, 1.0)) == [
        talk.TakeTurn(talk.UtteranceHeard("two more", 0.8, heard_at=1.0))
    ]


def test_early_utterance_that_was_only_recorded_corrects_no_other_turn() -> None:
    """Nobody is left to be answered."""
    conversation = after(early("one"), decided(then=Then.END), early("two"))
    assert conversation.receive(talk.EarlySettled(CORRECTED)) == []


@pytest.mark.parametrize("then", [Then.LISTEN, Then.END, Then.TRANSFER])
def test_what_became_of_an_early_answer_tells_nothing_of_the_one_that_corrects_it(
    then: Then,
) -> None:
    """The right one is still on its way."""
    conversation = after(early("two"), decided(1), talk.AnswerCorrected(decided(2, then)))
    phase = conversation.phase
    assert conversation.receive(talk.AnswerSent(1, 1.0)) == []
    assert conversation.receive(talk.AnswerNotSent(1)) == []
    assert conversation.phase is phase


# --- Audio of our own ---------------------------------------------------------------------------


def speaking(answer: talk.AnswerDecided, *events: talk.Event) -> Conversation:
    """Return a conversation whose caller hears an answer of our own audio."""
    conversation = Conversation("CA1", streams=True)
    for event in (talk.Begun(), heard("hello"), answer, *events):
        conversation.receive(event)
    return conversation


def test_stream_that_begins_in_silence_waits_for_the_caller() -> None:
    """A caller who says nothing is asked about it."""
    assert Conversation("CA1", streams=True).receive(talk.Begun()) == [talk.ExpectSpeech()]


def test_what_an_earlier_stream_left_unsaid_is_said_first() -> None:
    """In its order, one after the other."""
    conversation = Conversation("CA1", streams=True)
    one, two = decided(1), decided(2)
    assert conversation.receive(talk.Begun((one, two)))[0] == talk.SendAnswer(one)
    assert conversation.receive(talk.AnswerHeard(1))[0] == talk.SendAnswer(two)
    assert conversation.receive(talk.AnswerHeard(2)) == [talk.ExpectSpeech()]


def test_caller_is_waited_for_once_the_answer_was_heard() -> None:
    """Silence counts from the end of what the bot says."""
    assert speaking(decided()).receive(talk.AnswerHeard(1)) == [talk.ExpectSpeech()]


def test_silence_is_answered() -> None:
    """By a turn like any other."""
    conversation = speaking(decided(), talk.AnswerHeard(1))
    assert conversation.receive(talk.SilenceElapsed()) == [talk.TakeSilence()]
    assert conversation.receive(decided(2))[0] == talk.SendAnswer(decided(2))


def test_words_of_the_caller_stop_what_he_hears() -> None:
    """Before it is known what he says."""
    actions = speaking(decided()).receive(talk.SpeechHeard(words=1))
    assert actions == [talk.StopSpeaking(), talk.NoteSpeech(), talk.ExpectSpeech()]


def test_voice_without_words_stops_nothing() -> None:
    """A cough is no interruption."""
    assert speaking(decided()).receive(talk.SpeechHeard(words=0)) == [talk.NoteSpeech()]


def test_voice_that_is_not_answered_is_noted_and_stops_nothing() -> None:
    """It may be a noise; but where the recognizer is deaf, the caller is not silent."""
    answer = talk.AnswerDecided(1, Answer("answer"), 1.0, Then.LISTEN, interrupted_by=0)
    assert speaking(answer).receive(talk.VoiceUnanswered()) == [talk.NoteSpeech()]
    assert after().receive(talk.VoiceUnanswered()) == [talk.NoteSpeech()]


def test_bot_may_be_told_to_stop_at_any_sound() -> None:
    """Where no word is needed, a voice will do."""
    answer = talk.AnswerDecided(1, Answer("answer"), 1.0, Then.LISTEN, interrupted_by=0)
    assert talk.StopSpeaking() in speaking(answer).receive(talk.SpeechHeard(words=0))


def test_answer_that_may_not_be_interrupted_is_not() -> None:
    """What the caller says into it is answered after it."""
    answer = talk.AnswerDecided(1, Answer("answer"), 1.0, Then.LISTEN, interrupted_by=None)
    conversation = speaking(answer)
    assert conversation.receive(talk.SpeechHeard(words=3)) == [talk.NoteSpeech()]
    assert talk.StopSpeaking() not in conversation.receive(heard("wait"))
    assert conversation.receive(talk.AnswerHeard(1)) == [talk.TakeTurn(heard("wait"))]


def test_mhm_into_an_answer_is_recorded_and_wants_none() -> None:
    """The bot goes on speaking."""
    mhm = talk.UtteranceHeard("mhm", 0.9, 1.0, words=0)
    actions = speaking(decided()).receive(mhm)
    assert actions == [talk.RecordTurn(mhm, is_aside=True), talk.Listen(LISTENING)]


def test_caller_who_said_too_little_to_interrupt_may_say_more() -> None:
    """He is heard on while the bot speaks."""
    answer = replace(decided(), interrupted_by=2)
    conversation = speaking(answer)
    assert conversation.receive(heard("wait")) == [talk.Listen(LISTENING)]
    assert conversation.receive(talk.SpeechHeard(words=2))[0] == talk.StopSpeaking()


@pytest.mark.parametrize("then", [Then.END, Then.TRANSFER, Then.GO_ON])
def test_what_follows_an_answer_is_done_once_it_was_heard(then: Then) -> None:
    """The stream is closed then, and the call asks what to do: no word is cut off."""
    conversation = speaking(decided(then=then))
    (leave,) = conversation.receive(talk.AnswerHeard(1))
    assert isinstance(leave, talk.Leave)
    assert leave.fate is Fate.ONWARD


def test_caller_who_speaks_into_the_goodbye_after_a_silence_is_answered() -> None:
    """He is there after all."""
    goodbye = Answer("Bye.", rule=Rule.NO_INPUT)
    conversation = speaking(talk.AnswerDecided(1, goodbye, 0.0, Then.END))
    assert conversation.receive(heard("hello")) == [
        talk.StopSpeaking(),
        talk.TakeTurn(heard("hello")),
    ]


def test_answer_that_cannot_be_spoken_sends_the_call_on() -> None:
    """The telephone service says it."""
    (leave,) = speaking(decided()).receive(talk.AnswerNotSent(1))
    assert leave == talk.Leave("the answer could not be spoken", Fate.ONWARD)


def test_corrected_answer_takes_the_place_of_the_early_one() -> None:
    """Whatever the caller hears at the moment."""
    actions = speaking(decided()).receive(talk.AnswerCorrected(decided(2)))
    assert actions[:2] == [talk.StopSpeaking(), talk.SendAnswer(decided(2))]


def test_answer_that_is_decided_while_a_corrected_one_is_spoken_follows_it() -> None:
    """The caller has said more before it was known that he was misunderstood."""
    conversation = speaking(decided())
    assert conversation.receive(heard("more"))[-1] == talk.TakeTurn(heard("more"))
    conversation.receive(talk.AnswerCorrected(decided(2)))
    assert conversation.receive(decided(3)) == []
    assert conversation.receive(talk.AnswerHeard(2))[0] == talk.SendAnswer(decided(3))


def test_stream_lost_in_mid_answer_leaves_the_fate_open() -> None:
    """Also where the answer was the last: it was not heard to its end."""
    conversation = speaking(decided(then=Then.END))
    assert conversation.receive(talk.StreamEnded("cut")) == [talk.Leave("cut", Fate.UNKNOWN)]


# --- Members of the staff -----------------------------------------------------------------------


def test_sentence_of_the_staff_replaces_what_twilio_says() -> None:
    """And the caller is heard as before."""
    actions = after(heard("one"), decided(), talk.AnswerSent(1, 1.0)).receive(
        talk.StaffSpoke(decided(2))
    )
    assert actions == [talk.SendAnswer(decided(2)), talk.Listen(LISTENING)]


def test_sentence_of_the_staff_comes_after_an_answer_in_hand() -> None:
    """The answer would replace it unheard, so it replaces the answer."""
    conversation = after(heard("one"))
    assert conversation.receive(talk.StaffSpoke(decided(2))) == []
    assert conversation.receive(decided(1))[0] == talk.SendAnswer(decided(1))
    assert conversation.receive(talk.AnswerSent(1, 1.0))[0] == talk.SendAnswer(decided(2))


def test_sentence_of_the_staff_comes_before_what_the_caller_said_meanwhile() -> None:
    """It was said to what was heard before."""
    conversation = after(heard("one"), heard("two"), talk.StaffSpoke(decided(2)), decided(1))
    conversation.receive(talk.AnswerSent(1, 1.0))
    assert conversation.receive(talk.AnswerSent(2, 1.0)) == [talk.TakeTurn(heard("two"))]


def test_sentence_of_the_staff_cuts_short_what_is_spoken() -> None:
    """Audio of our own makes way at once."""
    actions = speaking(decided()).receive(talk.StaffSpoke(decided(2)))
    assert actions[:2] == [talk.StopSpeaking(), talk.SendAnswer(decided(2))]


def test_staff_hands_the_call_to_a_person() -> None:
    """As the bot does."""
    conversation = after()
    actions = conversation.receive(talk.StaffSpoke(decided(2, Then.TRANSFER)))
    assert kinds(actions) == ["StopListening", "SendAnswer"]
    assert conversation.receive(talk.AnswerSent(2, 1.0)) == [
        talk.Leave(talk.TRANSFERRED, Fate.ELSEWHERE)
    ]


@pytest.mark.parametrize("then", [Then.END, Then.TRANSFER])
def test_sentence_of_the_staff_comes_too_late_for_a_call_that_parts(then: Then) -> None:
    """The last words are said."""
    assert after(heard("bye"), decided(then=then)).receive(talk.StaffSpoke(decided(2))) == []


EVENTS = st.sampled_from(
    [
        talk.Begun(),
        talk.Begun((decided(),)),
        talk.SpeechHeard(),
        talk.SpeechHeard(words=2),
        talk.SilenceElapsed(),
        talk.AnswerHeard(1),
        talk.AnswerCorrected(decided()),
        talk.StaffSpoke(decided()),
        talk.StaffSpoke(decided(2, Then.TRANSFER)),
        talk.AnswerSent(1, 1.0),
        talk.AnswerNotSent(1),
        talk.HearingFailed(),
        talk.TurnFailed(),
        talk.VoiceUnanswered(),
        talk.GoodbyeOverdue(),
        talk.StreamEnded("gone"),
        talk.StreamReplaced(),
        talk.CallEnded(),
        decided(),
        decided(then=Then.END),
        decided(then=Then.TRANSFER),
        talk.AnsweredElsewhere(),
    ]
)


class AnyCourseOfEvents(RuleBasedStateMachine):
    """Whatever happens in whatever order, some things hold."""

    streams = False

    def __init__(self) -> None:
        super().__init__()
        self.conversation = Conversation("CA1", streams=self.streams)
        self.said = 0
        self.taken: list[str] = []
        self.waiting = 0
        self.leaves = 0
        self.sent_since_taken = 0

    def note(self, actions: list[talk.Action]) -> None:
        for action in actions:
            match action:
                case talk.TakeTurn(utterance) | talk.RecordTurn(utterance):
                    self.taken.append(utterance.text)
                case talk.Leave():
                    self.leaves += 1

    @rule(words=st.integers(0, 2))
    def caller_speaks(self, words: int) -> None:
        self.said += 1
        utterance = talk.UtteranceHeard(str(self.said), 0.9, 1.0, words)
        self.note(self.conversation.receive(utterance))

    @rule(event=EVENTS)
    def something_happens(self, event: talk.Event) -> None:
        was_left = self.conversation.phase is Phase.LEFT
        actions = self.conversation.receive(event)
        assert not (was_left and actions), "nothing is done after the end"
        self.note(actions)

    @invariant()
    def utterances_are_taken_once_and_in_order(self) -> None:
        assert self.taken == [str(number + 1) for number in range(len(self.taken))]

    @invariant()
    def session_is_left_once(self) -> None:
        assert self.leaves <= 1

    @invariant()
    def nothing_waits_once_the_end_is_decided(self) -> None:
        if self.conversation.phase in {Phase.PARTING, Phase.TRANSFERRING, Phase.LEFT}:
            assert len(self.taken) == self.said


class AnyCourseOfAStream(AnyCourseOfEvents):
    """The same where the caller hears audio of our own."""

    streams = True


TestAnyCourseOfEvents = AnyCourseOfEvents.TestCase
TestAnyCourseOfAStream = AnyCourseOfAStream.TestCase
TestAnyCourseOfEvents.settings = settings(max_examples=300, stateful_step_count=30)
TestAnyCourseOfAStream.settings = TestAnyCourseOfEvents.settings
