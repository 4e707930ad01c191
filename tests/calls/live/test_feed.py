"""What browsers are told: nothing twice, and nothing too few."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from calls.live.feed import INTERIM_SECONDS, SPEAKING, Feed, Item, Message, RunningSpeech

STATE = {"over": False}


def item(key: str, version: object = 1) -> Item:
    return Item(key, version, lambda: f"{key}={version}")


def put(message: Message | None) -> tuple[str, ...]:
    return () if message is None else message.put


def test_first_message_is_the_whole() -> None:
    """Whatever the browser shows already."""
    message = Feed().whole([item("a"), item("b")], STATE)
    assert (message.seq, message.whole, message.put) == (1, True, ("a=1", "b=1"))
    assert message.state == STATE


def test_nothing_new_is_no_message() -> None:
    """A change that nobody sees is not told."""
    feed = Feed()
    feed.whole([item("a")], STATE)
    assert feed.changes([item("a")], STATE) is None


def test_only_what_is_new_or_otherwise_is_told() -> None:
    """And only that is made."""
    feed = Feed()
    feed.whole([item("a"), item("b")], STATE)
    assert put(feed.changes([item("a"), item("b", 2), item("c")], STATE)) == ("b=2", "c=1")


def test_what_is_gone_is_told_once() -> None:
    """By its key."""
    feed = Feed()
    feed.whole([item("a"), item("b")], STATE)
    message = feed.changes([item("a")], STATE)
    assert message is not None
    assert message.gone == ("b",)
    assert feed.changes([item("a")], STATE) is None


def test_what_was_not_looked_at_is_not_gone() -> None:
    """Where only some were read, the others stay."""
    feed = Feed()
    feed.whole([item("a"), item("b")], STATE)
    message = feed.changes([], STATE, among={"b", "z"})
    assert message is not None
    assert message.gone == ("b",)


def test_messages_are_numbered_without_a_gap() -> None:
    """So that a browser knows that it missed one."""
    feed = Feed()
    numbers = [feed.whole([], STATE).seq, feed.alive().seq]
    message = feed.interim("hel")
    assert message is not None
    assert [*numbers, message.seq] == [1, 2, 3]


def test_interim_is_told_where_it_is_another() -> None:
    """The end of it too."""
    feed = Feed()
    assert feed.interim("") is None
    assert feed.interim("hel") is not None
    assert feed.interim("hel") is None
    message = feed.interim("")
    assert message is not None
    assert msgspec.json.decode(message.to_json()) == {"seq": 2, "interim": ""}


def test_who_connects_anew_is_told_of_running_speech() -> None:
    """With the whole."""
    feed = Feed()
    feed.interim("hel")
    assert feed.whole([], STATE).interim == "hel"


class Browser(RuleBasedStateMachine):
    """A browser that puts together what it is told shows what there is."""

    def __init__(self) -> None:
        super().__init__()
        self.feed = Feed()
        self.there: dict[str, int] = {}
        self.shown: dict[str, str] = {}
        self.is_behind: set[str] = set()
        self.seq = 0
        self.take(self.feed.whole([], STATE))

    def take(self, message: Message | None) -> None:
        if message is None:
            return
        self.seq += 1
        assert message.seq == self.seq
        fresh = dict(html.split("=") for html in message.put)
        self.shown = {**({} if message.whole else self.shown), **fresh}
        for key in message.gone:
            del self.shown[key]

    def items(self) -> list[Item]:
        return [item(key, version) for key, version in sorted(self.there.items())]

    @rule(key=st.sampled_from("abcd"), version=st.integers(0, 3))
    def change(self, key: str, version: int) -> None:
        self.there[key] = version
        self.is_behind.add(key)

    @rule(key=st.sampled_from("abcd"))
    def delete(self, key: str) -> None:
        self.there.pop(key, None)
        self.is_behind.add(key)

    @rule()
    def look_at_all(self) -> None:
        self.take(self.feed.changes(self.items(), STATE))
        self.is_behind.clear()

    @rule(among=st.sets(st.sampled_from("abcd")))
    def look_at_some(self, among: set[str]) -> None:
        some = [item for item in self.items() if item.id in among]
        self.take(self.feed.changes(some, STATE, among=among))
        self.is_behind -= among

    @rule()
    def connect_anew(self) -> None:
        self.feed, self.seq = Feed(), 0
        self.take(self.feed.whole(self.items(), STATE))
        self.is_behind.clear()

    @invariant()
    def shows_what_it_was_told(self) -> None:
        for key in set("abcd") - self.is_behind:
            there = self.there.get(key)
            assert self.shown.get(key) == (None if there is None else str(there))


TestBrowser = Browser.TestCase


# --- Running speech ---------------------------------------------------------------------------


def test_speech_is_shown_until_its_turn_comes() -> None:
    """The turn is recorded after the last interim of it."""
    speech = RunningSpeech()
    speech.heard("hel", 1.0)
    assert speech.text == "hel"
    speech.turn_taken(1.5)
    assert speech.text == ""


def test_speech_that_comes_behind_its_turn_is_not_shown() -> None:
    """Messages may overtake each other."""
    speech = RunningSpeech()
    speech.turn_taken(1.5)
    speech.heard("hel", 1.4)
    assert speech.text == ""


def test_next_speech_is_not_ended_by_the_turn_before() -> None:
    """Who speaks on is seen to."""
    speech = RunningSpeech()
    speech.heard("and", 2.0)
    speech.turn_taken(1.5)
    assert speech.text == "and"


def test_speech_without_words_is_shown_as_such() -> None:
    """Until there are some, which it does not take away."""
    speech = RunningSpeech()
    speech.heard("", 1.0)
    assert speech.text == SPEAKING
    speech.heard("hel", 2.0)
    speech.heard("", 3.0)
    assert speech.text == "hel"
    speech.turn_taken(2.5)
    assert speech.text == ""


def test_speech_of_which_nothing_comes_is_forgotten() -> None:
    """A cough is no turn."""
    speech = RunningSpeech()
    speech.heard("uh", 1.0)
    speech.pass_time(1.0 + INTERIM_SECONDS)
    assert speech.text == ""


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 100))))
def test_speech_that_is_shown_is_newer_than_any_turn(steps: list[tuple[bool, float]]) -> None:
    """In whatever order it is told."""
    speech = RunningSpeech()
    turn_at = heard_at = 0.0
    for is_turn, at in steps:
        if is_turn:
            speech.turn_taken(at)
            turn_at = max(turn_at, at)
        else:
            speech.heard("word", at)
            heard_at = max(heard_at, at)
    assert (speech.text != "") is (heard_at > turn_at)
