"""Which intent an utterance means, and why."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.matching import Match, Matcher, Matching, MatchKind
from chatbot.normalise import normalise
from chatbot.script import ScriptIntent
from tests.chatbot.bots import make_intent

TODAY = date(2026, 11, 23)

# Lone surrogates too: JSON can carry them.
ANY_TEXT = st.text(st.characters(), max_size=200)

# Few letters and words, so that much is equal, near, joined and split; and blanks of all sorts.
SPEECH = st.lists(
    st.sampled_from(
        ["not", "good", "goods", "bye", "goodbye", "order", "ordre", "one", "2", "tomorrow", "yes"]
    ),
    max_size=12,
).map(" ".join)
BLANKS = st.sampled_from(["{a}", "{b:digits}", "{c:date}", "{d:yesno}", "{e:number}", "{f:time}"])
KEYWORDS = st.lists(
    ANY_TEXT | SPEECH | BLANKS | st.tuples(SPEECH, BLANKS, SPEECH).map(" ".join), max_size=6
)


def find(text: str, *intents: ScriptIntent, after: int | None = None) -> Matching:
    """Match a text with the default threshold."""
    return Matcher(intents).find(text, after=after, today=TODAY)


def best(text: str, *intents: ScriptIntent, after: int | None = None) -> Match:
    """Return the match of a text that has one."""
    match = find(text, *intents, after=after).best
    assert match is not None
    return match


def is_sayable(keyword: str) -> bool:
    """Whether a keyword is words alone."""
    return "{" not in keyword and "}" not in keyword and bool(normalise(keyword))


def stands_anywhere(keyword: str) -> bool:
    """Whether a keyword is words alone, and these may stand inside a text: not keys."""
    return is_sayable(keyword) and not any(
        key in word for word in normalise(keyword) for key in "*#"
    )


# --- Words ------------------------------------------------------------------------------------


def test_match_of_the_whole_utterance_is_exact() -> None:
    """An utterance that is a keyword scores 1."""
    match = best("not good", make_intent(7, "Not Good!"))
    assert match == Match(7, "intent 7", "Not Good!", MatchKind.EXACT, 1.0)


def test_match_of_a_phrase_scores_its_share_of_the_letters() -> None:
    """A keyword inside an utterance scores by how much of it it covers."""
    match = best("Some tea, now!", make_intent(1, "tea"))
    assert (match.kind, match.score) == (MatchKind.PHRASE, 3 / 10)


def test_match_wants_whole_words() -> None:
    """A keyword inside a word does not count."""
    assert find("a steady team", make_intent(1, "tea")).best is None


def test_match_in_text_without_spaces() -> None:
    """A keyword is found inside a sentence of a script that is written without spaces."""
    assert best("今天天气怎么样", make_intent(1, "天气")).keyword == "天气"


@pytest.mark.parametrize(
    ("utterance", "keyword"),
    [
        ("that is not good", "not good"),
        ("good and splendid", "splendid"),
        ("bad tea", "bad"),
        ("tea bad", "tea"),
    ],
    ids=["most words", "then most letters", "then the earlier", "whichever it is"],
)
def test_match_prefers(utterance: str, keyword: str) -> None:
    """Of several keywords the one that says most wins."""
    intents = make_intent(1, "good", "bad"), make_intent(2, "not good", "splendid", "tea")
    assert best(utterance, *intents).keyword == keyword


def test_match_of_a_shared_keyword_goes_to_the_earlier_intent() -> None:
    """Where two intents have the same keyword, their order decides, and both are named."""
    matching = find("tea", make_intent(2, "tea"), make_intent(1, "Tea"))
    assert matching.best is not None
    assert matching.best.intent_id == 2
    assert [match.intent_id for match in matching.runners_up] == [1]


@pytest.mark.parametrize("keyword", ["?!", "", "{", "{order:unknown}", "{a} {b}"])
def test_match_ignores_a_keyword_that_cannot_be_said(keyword: str) -> None:
    """A keyword of punctuation, or that cannot be read, matches nothing, not everything."""
    assert find(f"{keyword} ?! order", make_intent(1, keyword)) == Matching(None, ())


@pytest.mark.parametrize("text", ["", " ", "?!", "\ud800"])
def test_match_of_nothing_is_none(text: str) -> None:
    """A text without a word has no match and comes close to none, not even an open one."""
    assert find(text, make_intent(1, "tea", "{a}")) == Matching(None, ())


@pytest.mark.parametrize("key", ["1", "*", "#", "*9"])
def test_match_of_a_key(key: str) -> None:
    """A key of the telephone can be a keyword."""
    intents = make_intent(1, "0", "order"), make_intent(2, key)
    assert best(f"{key} ", *intents).intent_id == 2


def test_match_of_a_key_goes_before_digits() -> None:
    """The very key says more than that some digits are expected, whichever comes first."""
    intents = make_intent(1, "{order:digits}"), make_intent(2, "1")
    assert best("1", *intents).intent_id == 2
    assert best("12", *intents).intent_id == 1


# --- Follow-ups -------------------------------------------------------------------------------


def test_match_considers_a_follow_up_only_after_what_it_follows() -> None:
    """A follow-up is matched right after one of its intents and not otherwise."""
    follow_up = make_intent(3, "good", follows=(1, 2))
    assert best("good", follow_up, after=2) == Match(
        3, "intent 3", "good", MatchKind.EXACT, 1.0, is_follow_up=True
    )
    for after in [None, 3, 4]:
        assert find("good", follow_up, after=after) == Matching(None, ())


def test_match_of_a_follow_up_goes_before_a_general_one() -> None:
    """Of two matches of one kind the follow-up wins, although the other stands before it."""
    intents = make_intent(1, "good", "that is good"), make_intent(2, "good", follows=(1,))
    assert best("good", *intents, after=1).intent_id == 2
    assert best("that is good then", *intents, after=1).intent_id == 2


def test_match_of_a_surer_kind_goes_before_a_follow_up() -> None:
    """A general keyword that is the whole utterance wins over a follow-up's inside it."""
    intents = make_intent(1, "that is good"), make_intent(2, "good", follows=(1,))
    assert best("that is good", *intents, after=1).intent_id == 1


# --- Near matches -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "keyword", "score"),
    [
        ("orders", "order", 0.95),
        ("I ordered it", "order", 0.95),
        ("oppening hours", "opening hours", (8 * 7 / 8 + 5) / 13),
        ("open hours please", "opening hours", (4 * 0.95 + 5) / 9),
    ],
)
def test_match_of_like_words_is_near(text: str, keyword: str, score: float) -> None:
    """Inflections and small mishearings match; the score is how alike the letters are."""
    match = best(text, make_intent(1, keyword))
    assert (match.kind, match.score) == (MatchKind.NEAR, pytest.approx(score, abs=1e-4))


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("channel my order", "cancel my order"),
        ("for fifteen people", "for fifty people"),
        ("buy", "bye"),
        ("good day", "goodbye"),
        ("this is good", "not good"),
        ("not very good", "not good"),
        ("call you back", "call me back"),
        ("it is unavailable", "available"),
        ("I could order", "I couldnt order"),
        ("able", "not able"),
    ],
)
def test_match_keeps_apart(text: str, keyword: str) -> None:
    """What means something else does not match, and no word is dropped or made up."""
    assert find(text, make_intent(1, keyword)).best is None


def test_match_in_the_language_of_the_bot() -> None:
    """Inflections are those of the bot's language."""
    intents = [make_intent(1, "afspraak maken")]
    match = Matcher(intents, language="nl-NL").find("twee afspraken maken", today=TODAY).best
    assert match is not None
    assert match.kind is MatchKind.NEAR


def test_match_of_a_phrase_goes_before_a_near_one() -> None:
    """What was said word for word is surer, although it is less of the utterance."""
    assert best("tea orders", make_intent(1, "order"), make_intent(2, "tea")).intent_id == 2


def test_match_of_near_ones_prefers_the_most_alike() -> None:
    """Of near matches the similarity decides, then how much was said."""
    intents = make_intent(1, "appointment"), make_intent(2, "orders")
    assert best("apointmant orders ordered appointmant", *intents).intent_id == 2


@pytest.mark.parametrize(("threshold", "matches"), [(71, True), (72, False), (100, False)])
def test_match_of_near_ones_keeps_to_the_threshold(threshold: int, *, matches: bool) -> None:
    """A word matches where it is as like as the bot demands."""
    matcher = Matcher([make_intent(1, "cancel")], threshold=threshold)
    assert (matcher.find("channel", today=TODAY).best is not None) is matches


def test_match_at_the_highest_threshold_is_of_the_very_words() -> None:
    """At 100 there is no near match, nor are words joined."""
    matcher = Matcher([make_intent(1, "order", "goodbye", "check in")], threshold=100)
    for text in ["orders", "good bye", "checkin"]:
        assert matcher.find(text, today=TODAY).best is None
    assert matcher.find("check-in", today=TODAY).best is not None


@pytest.mark.parametrize(
    ("text", "keyword", "kind"),
    [
        ("good bye", "goodbye", MatchKind.EXACT),
        ("well good bye then", "goodbye", MatchKind.PHRASE),
        ("goodbye", "good bye", MatchKind.EXACT),
        ("the open ing hours", "opening hours", MatchKind.PHRASE),
        ("I can not come", "cannot come", MatchKind.PHRASE),
        ("the voice mails", "voicemail", MatchKind.NEAR),
    ],
)
def test_match_of_words_written_apart_or_together(text: str, keyword: str, kind: MatchKind) -> None:
    """The same letters are the same words, however they are spaced."""
    assert best(text, make_intent(1, keyword)).kind is kind


def test_match_of_a_joined_word_goes_before_a_part_of_it() -> None:
    """Who says "good bye" says more than "good"."""
    assert best("good bye", make_intent(1, "good"), make_intent(2, "goodbye")).intent_id == 2


def test_match_of_the_very_words_goes_before_joined_ones() -> None:
    """Of two spellings the one that was heard wins."""
    intents = make_intent(1, "goodbye"), make_intent(2, "good bye")
    assert best("good bye", *intents).intent_id == 2


# --- Blanks -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "keyword", "kind", "values"),
    [
        (
            "My order is double four seven",
            "my order is {order:digits}",
            MatchKind.EXACT,
            [("order", "447", "double four seven")],
        ),
        (
            "so my order is 44 77, please",
            "order is {order:digits}",
            MatchKind.PHRASE,
            [("order", "4477", "44 77")],
        ),
        (
            "my orders is 4477",
            "my order is {order:digits}",
            MatchKind.NEAR,
            [("order", "4477", "4477")],
        ),
        ("tomorrow", "{when:date}", MatchKind.EXACT, [("when", "2026-11-24", "tomorrow")]),
        (
            "can I come tomorrow?",
            "{when:date}",
            MatchKind.PHRASE,
            [("when", "2026-11-24", "tomorrow")],
        ),
        (
            "Call me John Smith!",
            "call me {name:words}",
            MatchKind.PHRASE,
            [("name", "John Smith", "John Smith")],
        ),
        (
            "John Smith is my name",
            "{name} is my name",
            MatchKind.PHRASE,
            [("name", "John Smith", "John Smith")],
        ),
        (
            "from 11/23 to 11/24",
            "from {first:date} to {last:date}",
            MatchKind.EXACT,
            [("first", "2026-11-23", "11/23"), ("last", "2026-11-24", "11/24")],
        ),
        (
            "it is broken",
            "{problem}",
            MatchKind.OPEN,
            [("problem", "it is broken", "it is broken")],
        ),
    ],
)
def test_match_fills_blanks(
    text: str, keyword: str, kind: MatchKind, values: list[tuple[str, str, str]]
) -> None:
    """The longest piece that a blank can hold is its value, read and as it was said."""
    match = best(text, make_intent(1, keyword))
    assert match.kind is kind
    assert [(name, value.value, value.said) for name, value in match.values] == values


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("my order is late", "my order is {order:digits}"),
        ("call me", "call me {name:words}"),
        ("call me John", "call me {name} please"),
        ("hello", "{when:date}"),
    ],
)
def test_match_wants_every_blank_filled(text: str, keyword: str) -> None:
    """A blank that nothing of its kind was said for does not match."""
    assert find(text, make_intent(1, keyword)).best is None


def test_match_takes_eight_words_into_a_blank_at_most() -> None:
    """A blank for any words has an end."""
    ((_, value),) = best("say one 2 3 4 5 6 7 8 9", make_intent(1, "say {text}")).values
    assert value.value == "one 2 3 4 5 6 7 8"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("on the twenty third of november", "date"),
        ("a quarter past seven in the evening", "time"),
        ("four four seven seven one two three four five six seven eight", "digits"),
        ("one thousand two hundred and thirty five point five", "number"),
        ("plus three one six one two three four five six seven eight", "phone"),
        ("no thank you", "yesno"),
    ],
)
def test_match_takes_a_long_value_whole(said: str, kind: str) -> None:
    """A value is found between other words to its last word, whatever its parts mean alone."""
    ((_, value),) = best(f"hello {said} then", make_intent(1, f"{{x:{kind}}}")).values
    assert value.said == said


def test_match_of_a_phrase_scores_typed_blanks_but_not_any_words() -> None:
    """What was read as a value is understood; what any words took is not."""
    assert best("tea 2 you", make_intent(1, "tea {n:digits}")).score == 4 / 7
    assert best("tea to go", make_intent(1, "tea {rest}")).score == 3 / 7


@pytest.mark.parametrize("other", ["goodbye", "bye", "goodbyes"])
def test_match_of_a_keyword_goes_before_an_open_one(other: str) -> None:
    """Whatever has a word of its own, even a near one, wins over a blank for any words."""
    intents = make_intent(1, "{reason}", follows=(9,)), make_intent(2, other)
    assert best("well goodbye bye", *intents, after=9).intent_id == 2


def test_match_prefers_words_to_any_words() -> None:
    """A phrase that says more goes before one that leaves much to a blank."""
    intents = make_intent(1, "call me {name}"), make_intent(2, "call me back")
    assert best("please call me back tonight", *intents).intent_id == 2


# --- Texts that go on -------------------------------------------------------------------------

GOES_ON = (
    make_intent(1, "I want to book", "goodbye", "table for {n:number}", "{name} is my name"),
    make_intent(2, "I want tea {when:date} please", follows=(9,)),
)


def is_unfinished(text: str, *, after: int | None = None, is_interim: bool = False) -> bool:
    """Tell whether a text ends within one of a few keywords."""
    matcher = Matcher(GOES_ON)
    return matcher.is_unfinished(text, after=after, today=TODAY, is_interim=is_interim)


@pytest.mark.parametrize("text", ["I", "I want", "hello I want to", "table for", "John Smith is"])
def test_begin_of_a_keyword_is_unfinished(text: str) -> None:
    """The rest may follow, whatever was said before it."""
    assert is_unfinished(text)


@pytest.mark.parametrize(
    "text", ["", "want", "I want to book", "goodbye", "good", "I want hello", "John", "table for 2"]
)
def test_other_texts_are_not_unfinished(text: str) -> None:
    """Nothing that callers can mean begins with their last words."""
    assert not is_unfinished(text)


def test_begin_of_a_follow_up_is_unfinished_where_it_can_be_meant() -> None:
    """What the bot was not asked for is not waited for."""
    assert is_unfinished("I want tea tomorrow", after=9)
    assert not is_unfinished("I want tea tomorrow")


@pytest.mark.parametrize("text", ["good", "g", "I want to bo", "table for twenty", "I wan"])
def test_interim_is_unfinished_within_a_word_or_a_value(text: str) -> None:
    """The last word may get more letters, and a number more words."""
    assert is_unfinished(text, is_interim=True)
    assert not is_unfinished(text)


@settings(max_examples=200, deadline=None)  # the first value of a kind takes its time
@given(ANY_TEXT, SPEECH, KEYWORDS, st.integers(1, 4))
def test_begin_of_any_keyword_of_words_is_unfinished(
    before: str, keyword: str, others: list[str], count: int
) -> None:
    """Whatever was said before it, and whatever other keywords there are."""
    words = keyword.split()
    matcher = Matcher([make_intent(1, *others), make_intent(2, keyword)])
    begin = " ".join(words[:count])
    is_unfinished = matcher.is_unfinished(f"{before} . {begin}", today=TODAY)
    assert is_unfinished or len(words) <= count


# --- Runners-up -------------------------------------------------------------------------------


def test_runners_up_are_other_intents_the_best_first() -> None:
    """At most three other intents are named, each by its best keyword."""
    intents = [
        make_intent(1, "green tea with milk", "tea"),
        make_intent(2, "milk"),
        make_intent(3, "green tea", "tea"),
        make_intent(4, "with"),
        make_intent(5, "tea"),
    ]
    matching = find("green tea with milk", *intents)
    assert matching.best is not None
    assert matching.best.intent_id == 1
    assert [(match.intent_id, match.keyword) for match in matching.runners_up] == [
        (3, "green tea"),
        (4, "with"),
        (2, "milk"),
    ]


def test_runners_up_of_no_match_are_what_it_nearly_was() -> None:
    """Where nothing matches, the closest keywords stand under the threshold."""
    intents = [
        make_intent(1, "cancel my order"),
        make_intent(2, "opening hours"),
        make_intent(3, "your hours", follows=(9,)),
    ]
    matching = find("change my order and hours", *intents)
    assert matching.best is None
    (nearly,) = matching.runners_up
    assert (nearly.intent_id, nearly.kind) == (1, MatchKind.NEAR)
    assert nearly.score == pytest.approx(7 / 13, abs=1e-4)


def test_runners_up_of_no_match_stay_under_the_threshold() -> None:
    """A keyword that lacks but a short word is shown as not quite a match."""
    (nearly,) = find("good at opening shops", make_intent(1, "no good at opening shops")).runners_up
    assert nearly.score == 0.84


# --- Any text ---------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)  # the first value of a kind takes its time
@given(ANY_TEXT | SPEECH, KEYWORDS, KEYWORDS, st.integers(50, 100), st.sampled_from([None, 1]))
def test_match_never_raises_and_is_deterministic(
    text: str, keywords: list[str], follow_ups: list[str], threshold: int, after: int | None
) -> None:
    """Whatever is said and written, a matcher built anew finds the same, scored in 0..1."""
    intents = [make_intent(1, *keywords), make_intent(2, *follow_ups, follows=(1,))]
    matching, again = (
        Matcher(intents, threshold=threshold).find(text, after=after, today=TODAY) for _ in "12"
    )
    assert matching == again
    matches = [match for match in (matching.best, *matching.runners_up) if match]
    assert all(0 < match.score <= 1 for match in matches)
    assert len({match.intent_id for match in matches}) == len(matches)


@settings(deadline=None)
@given(ANY_TEXT, KEYWORDS, st.integers(50, 100))
def test_match_of_a_keyword_itself_is_exact(
    keyword: str, others: list[str], threshold: int
) -> None:
    """Every keyword of words matches itself, or an earlier intent's keyword is as exact."""
    intents = [make_intent(1, *others), make_intent(2, keyword)]
    match = Matcher(intents, threshold=threshold).find(keyword, today=TODAY).best
    kinds = [match.kind] if match else []
    assert kinds == [MatchKind.EXACT] or not is_sayable(keyword)


@given(ANY_TEXT.filter(stands_anywhere), ANY_TEXT, ANY_TEXT)
def test_match_finds_a_keyword_wherever_it_stands(keyword: str, before: str, after: str) -> None:
    """A keyword between any two texts is heard."""
    assert find(f"{before} . {keyword} . {after}", make_intent(1, keyword)).best is not None


@pytest.mark.parametrize(
    "text",
    ["a " * 5000, "a" * 10_000, "\u0301\u0316" * 5000, "天" * 10_000, "goods " * 1600, "1 " * 5000],
)
def test_match_takes_ten_thousand_characters(text: str) -> None:
    """A long utterance is read to its end, past keywords that almost match everywhere."""
    intents = [
        make_intent(1, "a " * 99 + "b", "good " * 30 + "end", "{when:date} {n:digits} never"),
        make_intent(2, "end"),
    ]
    assert best(f"{text} end", *intents).intent_id == 2
