"""When a caller's turn is over, with the time in the test's hand."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls import turn_taking as taking
from calls.turn_taking import Confirmed, Corrected, Outcome, TurnReady, TurnTaking
from chatbot.turn_ends import Meaning, Strength, Verdict

PATIENCE = 0.7
STABLE = taking.STABLE_SECONDS


def judge(text: str) -> Verdict:
    """Know two intents: bye (a final word), and to book (not one); their begins are partial."""
    words = text.lower().split()
    if words and words[0] == "bye":
        return Verdict(Strength.STRONG, Meaning(1), is_final_word=len(words) == 1)
    if words == ["i", "want", "to", "book"]:
        return Verdict(Strength.STRONG, Meaning(2), is_final_word=True)
    if words and words == ["i", "want", "to", "book"][: len(words)]:
        return Verdict(Strength.PARTIAL)
    return Verdict(Strength.WEAK)


def make(patience_ms: int = 700, *, answers_early: bool = False) -> TurnTaking:
    return TurnTaking(judge, patience_ms=patience_ms, answers_early=answers_early)


def after_early(text: str = "bye") -> TurnTaking:
    """Return the turns of a caller who was answered early at 10.25."""
    turns = make(answers_early=True)
    turns.interim(text, 10.0)
    assert turns.tick(10.0 + STABLE) == [TurnReady(text, None, 10.0, is_early=True)]
    return turns


# --- Finals -----------------------------------------------------------------------------------


def test_complete_final_is_a_turn_at_once() -> None:
    """Who has said all there is to say does not wait."""
    turns = make()
    assert turns.final("bye", 0.9, 10.0) == [TurnReady("bye", 0.9, 10.0)]
    assert turns.next_tick is None


@pytest.mark.parametrize("text", ["hello", "I want", ""])
def test_other_final_is_a_turn_after_some_patience(text: str) -> None:
    """More words might follow; where none do, the caller has waited since his last one."""
    turns = make()
    assert turns.final(text, 0.9, 10.0) == []
    assert turns.tick(10.0 + PATIENCE - 0.01) == []
    assert turns.next_tick == 10.0 + PATIENCE
    assert turns.tick(10.0 + PATIENCE) == [TurnReady(text, 0.9, 10.0)]
    assert turns.next_tick is None


def test_final_is_a_turn_at_once_without_patience() -> None:
    """A bot that waits for nobody takes each final as it is."""
    assert make(0).final("hello", None, 10.0) == [TurnReady("hello", None, 10.0)]


@pytest.mark.parametrize("patience_ms", [-1, 3001])
def test_patience_has_bounds(patience_ms: int) -> None:
    """Nobody waits for ever."""
    with pytest.raises(ValueError, match="0 to 3000"):
        make(patience_ms)


def test_finals_become_one_turn() -> None:
    """What completes a turn ends it, and the least certain part speaks for all."""
    turns = make()
    turns.final("I want", 0.8, 10.0)
    assert turns.final("to book", 0.9, 10.5) == [TurnReady("I want to book", 0.8, 10.5)]


def test_each_final_begins_the_patience_anew() -> None:
    """A caller may stop more than once."""
    turns = make()
    turns.final("well", 0.9, 10.0)
    turns.final("hello", 0.9, 10.5)
    assert turns.next_tick == 10.5 + PATIENCE
    assert turns.tick(11.2) == [TurnReady("well hello", 0.9, 10.5)]


def test_final_without_words_adds_nothing() -> None:
    """Neither to the text nor to how certain it is."""
    turns = make()
    turns.final("hello", 0.9, 10.0)
    turns.final("", 0.0, 10.5)
    assert turns.tick(11.2) == [TurnReady("hello", 0.9, 10.5)]


def test_confidence_is_of_those_finals_that_have_one() -> None:
    """An engine that gives none for a part does not hide that of another."""
    turns = make()
    turns.final("I want", None, 10.0)
    assert turns.final("to book", 0.7, 10.5) == [TurnReady("I want to book", 0.7, 10.5)]


def test_speech_within_the_patience_is_waited_for() -> None:
    """Whether the engine reports that it began, or the first words."""
    turns = make()
    turns.final("I want", 0.9, 10.0)
    turns.speech_started(10.5)
    assert turns.next_tick == 10.5 + taking.SPEECH_SECONDS
    turns.interim("to", 12.0)
    assert turns.next_tick == 12.0 + taking.SPEECH_SECONDS
    assert turns.final("to book", 0.9, 13.0) == [TurnReady("I want to book", 0.9, 13.0)]


def test_speech_of_which_nothing_becomes_final_ends() -> None:
    """A cough does not keep the caller waiting for long."""
    turns = make()
    turns.final("hello", 0.9, 10.0)
    turns.speech_started(10.5)
    assert turns.tick(10.5 + taking.SPEECH_SECONDS) == [TurnReady("hello", 0.9, 10.0)]


def test_text_is_not_held_for_ever() -> None:
    """Somebody in the background may never stop talking."""
    turns = make()
    turns.final("hello", 0.9, 10.0)
    outcomes = [turns.interim(f"word {second}", 10.5 + second) for second in range(20)]
    assert [TurnReady("hello", 0.9, 10.0)] in outcomes
    assert outcomes.index([TurnReady("hello", 0.9, 10.0)]) == round(taking.HOLD_SECONDS)


def test_words_after_the_patience_are_the_next_turn() -> None:
    """Also where the timer comes late."""
    turns = make()
    turns.final("I want", 0.9, 10.0)
    assert turns.final("bye", 0.9, 11.0) == [
        TurnReady("I want", 0.9, 10.0),
        TurnReady("bye", 0.9, 11.0),
    ]


def test_flush_gives_what_is_held() -> None:
    """A key that is pressed, or the end of the call, does not cost a word."""
    turns = make()
    turns.final("I want", 0.9, 10.0)
    assert turns.flush() == [TurnReady("I want", 0.9, 10.0)]
    assert turns.flush() == []
    assert turns.next_tick is None


# --- Early turns ------------------------------------------------------------------------------


def test_final_word_is_a_turn_once_it_is_stable() -> None:
    """The same words in another spelling are the same words."""
    turns = make(answers_early=True)
    assert turns.interim("Bye", 10.0) == []
    assert turns.next_tick == 10.0 + STABLE
    assert turns.interim("bye.", 10.0 + STABLE) == [TurnReady("Bye", None, 10.0, is_early=True)]


def test_interim_that_changes_is_not_believed() -> None:
    """Not even by a timer that comes late."""
    turns = make(answers_early=True)
    turns.interim("bye", 10.0)
    assert turns.interim("bye bye love", 10.5) == []
    assert turns.next_tick == 10.5 + STABLE


def test_other_interim_is_judged_once() -> None:
    """What is not a final word waits for its final, and for no timer."""
    turns = make(answers_early=True)
    turns.interim("I want", 10.0)
    assert turns.tick(10.0 + STABLE) == []
    assert turns.next_tick is None


def test_interim_is_no_turn_unless_that_is_wanted() -> None:
    """By default the recognizer has the last word."""
    turns = make()
    turns.interim("bye", 10.0)
    assert turns.next_tick is None
    assert turns.tick(11.0) == []


def test_early_turn_takes_along_what_was_held() -> None:
    """An interim completes a sentence as a final does, and its final is compared as a whole."""
    turns = make(answers_early=True)
    turns.final("I want", 0.8, 10.0)
    turns.interim("to book", 10.5)
    early = TurnReady("I want to book", None, 10.5, is_early=True)
    assert turns.tick(10.5 + STABLE) == [early]
    assert turns.flush() == []
    assert turns.final("to book", 0.9, 11.0) == [Confirmed("I want to book", 0.8, 250)]


@pytest.mark.parametrize("text", ["bye", "Bye!", "bye and thanks"])
def test_final_that_means_the_same_confirms(text: str) -> None:
    """It may have more words, which are part of the turn."""
    assert after_early().final(text, 0.9, 11.0) == [Confirmed(text, 0.9, 750)]


@pytest.mark.parametrize("text", ["buy", "I want to book"])
def test_final_that_means_something_else_corrects(text: str) -> None:
    """The words that were answered are not those that were said."""
    assert after_early().final(text, 0.9, 11.0) == [Corrected(text, 0.9, 11.0, 750)]


def test_final_without_words_leaves_an_early_turn_as_it_is() -> None:
    """The next final is the next turn."""
    turns = after_early()
    assert turns.final("", 0.9, 11.0) == []
    assert turns.final("bye", 0.9, 12.0) == [TurnReady("bye", 0.9, 12.0)]


def test_words_after_the_final_of_an_early_turn_are_the_next_turn() -> None:
    """One final belongs to it, no more."""
    turns = after_early()
    turns.final("bye", 0.9, 11.0)
    assert turns.final("bye", 0.9, 12.0) == [TurnReady("bye", 0.9, 12.0)]


def test_early_turn_without_a_final_is_forgotten() -> None:
    """What is said much later is the next turn."""
    turns = after_early()
    forgotten_at = 10.0 + STABLE + taking.FORGET_SECONDS
    assert turns.next_tick == forgotten_at
    assert turns.tick(forgotten_at) == []
    assert turns.next_tick is None
    assert turns.final("bye", 0.9, 13.0) == [TurnReady("bye", 0.9, 13.0)]


def test_early_turn_is_remembered_while_its_caller_speaks() -> None:
    """The final of a long utterance has the early words in it."""
    turns = after_early()
    turns.interim("bye and", 12.0)
    turns.interim("bye and thanks", 14.0)
    assert turns.final("bye and thanks", 0.9, 16.0) == [Confirmed("bye and thanks", 0.9, 5750)]


def test_early_turn_is_confirmed_by_how_it_was_judged() -> None:
    """The answer has moved the dialogue on, where the same words mean something else."""
    turns = after_early()
    turns.judge_by(lambda text: Verdict(Strength.WEAK))
    assert turns.final("bye then", 0.9, 11.0) == [Confirmed("bye then", 0.9, 750)]
    assert turns.final("bye", 0.9, 12.0) == []


# --- Any course of a call ---------------------------------------------------------------------

# Interims are in small letters and finals in capitals: it shows which a transcript is made of.
HEARD = [
    ("speech", ""),
    ("flush", ""),
    *(("interim", text) for text in ["bye", "i want", "to book"]),
    *(("final", text) for text in ["", "bye", "bye bye", "i want", "to book"]),
]
# A step is what is heard, how long after the last one, and whether timers come in time.
Step = tuple[tuple[str, str], float, bool]
STEPS = st.lists(
    st.tuples(st.sampled_from(HEARD), st.sampled_from([0.0, 0.3, 0.5, 2.6, 5.0]), st.booleans()),
    min_size=3,
    max_size=12,
)
TURNS = st.builds(make, st.sampled_from([0, 300, 700, 3000]), answers_early=st.booleans())


def outcomes_of(turns: TurnTaking, steps: list[Step]) -> Iterator[Outcome]:
    """Play the steps, then let time pass."""
    now = 100.0
    for (kind, text), pause, ticks in steps:
        now += pause
        while ticks and turns.next_tick is not None and turns.next_tick <= now:
            yield from turns.tick(turns.next_tick)
        match kind:
            case "speech":
                yield from turns.speech_started(now)
            case "interim":
                yield from turns.interim(text, now)
            case "final":
                yield from turns.final(text.upper(), 0.9, now)
            case "flush":
                yield from turns.flush()
    moments: list[float] = []
    while turns.next_tick is not None:
        moments.append(turns.next_tick)
        assert moments == sorted(moments)
        assert len(moments) <= 3
        yield from turns.tick(turns.next_tick)


def transcript(outcomes: Iterator[Outcome]) -> list[str]:
    """Put the turns on record as they come, and right as they are reconciled."""
    texts: list[str] = []
    early: int | None = None
    for outcome in outcomes:
        if isinstance(outcome, TurnReady):
            early = len(texts) if outcome.is_early else None
            texts.append(outcome.text)
        else:
            assert early is not None
            texts[early] = outcome.text
            assert outcome.text.isupper()
            early = None
    return texts


@settings(max_examples=1000)
@given(TURNS, STEPS)
def test_no_word_is_lost_or_doubled(turns: TurnTaking, steps: list[Step]) -> None:
    """The turns have the words of all finals in their order, however they came."""
    finals = [text.upper() for (kind, text), _, _ in steps if kind == "final"]
    said = " ".join(finals).split()
    texts = transcript(outcomes_of(turns, steps))
    assert [word for text in texts for word in text.split() if word.isupper()] == said


@given(st.sampled_from([0, 300, 3000]), STEPS)
def test_turns_are_made_of_finals_alone_unless_early(patience_ms: int, steps: list[Step]) -> None:
    """Interims only tell that somebody speaks."""
    texts = transcript(outcomes_of(make(patience_ms), steps))
    assert all(text == text.upper() for text in texts)


@given(TURNS, STEPS)
def test_times_are_those_of_the_words(turns: TurnTaking, steps: list[Step]) -> None:
    """They only go forward, and an early turn gains no less than nothing."""
    outcomes = list(outcomes_of(turns, steps))
    heard = [outcome.heard_at for outcome in outcomes if isinstance(outcome, TurnReady | Corrected)]
    assert heard == sorted(heard)
    assert all(
        outcome.gained_ms >= 0 for outcome in outcomes if isinstance(outcome, Confirmed | Corrected)
    )


# --- So far -----------------------------------------------------------------------------------


def test_running_turn_is_known_so_far() -> None:
    """What is kept for more words, and those that are being said."""
    turns = make()
    assert turns.so_far == ""
    turns.interim("I want", 10.0)
    assert turns.so_far == "I want"
    turns.final("I want", 0.9, 10.5)
    turns.interim("to book", 10.6)
    assert turns.so_far == "I want to book"


def test_turn_that_was_answered_early_is_no_running_turn() -> None:
    """It is on record already."""
    turns = after_early()
    turns.interim("bye bye", 10.4)
    assert turns.so_far == ""
