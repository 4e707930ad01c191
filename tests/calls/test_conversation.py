"""The state machine of a call, without clock, socket or database."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from calls import conversation as talk
from calls.conversation import Conversation, Fate, Phase, Then
from chatbot.answers import Answer
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
    assert conversation.receive(talk.AnswerSent(1.0)) == [talk.TakeTurn(heard("two"))]


def test_answer_that_was_not_sent_does_not_stop_the_conversation() -> None:
    """The next thing the caller says is answered all the same."""
    conversation = after(heard("one"), decided(), talk.AnswerNotSent())
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
    assert conversation.receive(talk.AnswerSent(42.0)) == [
        talk.ExpectEnd(42.0 + talk.GRACE_SECONDS)
    ]


def test_line_that_stays_open_after_the_goodbye_is_ended() -> None:
    """A bot that has finished does not leave the line open."""
    conversation = after(heard("goodbye"), decided(then=Then.END), talk.AnswerSent(1.0))
    actions = conversation.receive(talk.GoodbyeOverdue())
    assert actions == [talk.EndCall(), talk.Leave("the call did not end by itself", Fate.OVER)]


@pytest.mark.parametrize("failure", [talk.HearingFailed(), talk.TurnFailed()])
def test_caller_who_cannot_be_served_is_told_so(failure: talk.Event) -> None:
    """No call goes deaf in silence."""
    assert kinds(after().receive(failure)) == ["StopListening", "Apologise", "ExpectEnd"]


def test_stream_that_ends_in_the_middle_leaves_the_fate_open() -> None:
    """The caller may have hung up, or the call may have lost its stream."""
    assert after().receive(talk.StreamEnded("gone")) == [talk.Leave("gone", Fate.UNKNOWN)]


def test_stream_that_ends_after_the_goodbye_ends_the_call() -> None:
    """It was told to hang up."""
    conversation = after(heard("goodbye"), decided(then=Then.END), talk.AnswerSent(1.0))
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
    assert conversation.receive(talk.AnswerSent(1.0)) == [
        talk.Leave("the call was transferred", Fate.ELSEWHERE)
    ]


def test_transfer_that_was_not_sent_leaves_the_fate_open() -> None:
    """The call is told again when it asks."""
    conversation = after(heard("agent"), decided(then=Then.TRANSFER))
    assert conversation.receive(talk.AnswerNotSent()) == [
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


EVENTS = st.sampled_from(
    [
        talk.SpeechHeard(),
        talk.AnswerSent(1.0),
        talk.AnswerNotSent(),
        talk.HearingFailed(),
        talk.TurnFailed(),
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

    def __init__(self) -> None:
        super().__init__()
        self.conversation = Conversation("CA1")
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

    @rule()
    def caller_speaks(self) -> None:
        self.said += 1
        self.note(self.conversation.receive(heard(str(self.said))))

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


TestAnyCourseOfEvents = AnyCourseOfEvents.TestCase
TestAnyCourseOfEvents.settings = settings(max_examples=300, stateful_step_count=30)
