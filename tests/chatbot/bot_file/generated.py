"""Bots that hypothesis makes up, with the texts that YAML is known to stumble over."""

from dataclasses import replace
from datetime import date, time

from hypothesis import strategies as st

from chatbot import actions
from chatbot.bot_file.contents import (
    BotContents,
    IntentContents,
    LineContents,
    RehearsalContents,
    Reprompts,
    Said,
)
from chatbot.bot_file.defaults import BOT_DEFAULTS
from chatbot.expectations import Expectation
from chatbot.manner import Manner
from chatbot.normalise import normalise
from chatbot.opening_hours import OpenFrom

TRAPS = (
    "no",
    "Yes",
    "null",
    "~",
    "1e3",
    "0x1F",
    "00:10",
    "2026-12-25",
    "- a",
    "-",
    "? a",
    "a: b",
    "a:",
    "a #b",
    "# a",
    "#",
    "*",
    "&a",
    "!a",
    "| a",
    "> a",
    "'a'",
    '"a"',
    'say "a" \\n',
    "{name} is {order:digits}",
    "[a, b]",
    "%a",
    "@a",
    "`a`",
    "a, b",
    "---",
    "...",
    "  a",
    "a  ",
    "a\n",
    "\na",
    "a\n\n",
    "a\n b\nc",
    "a \nb",
    "a\nb\n",
    "a\n\n\nb",
    "a\tb",
    "\ta",
    "a\rb",
    "a\x85b",
    "a\u2028b\u2029",
    "a\u00a0b",
    "\ufeffa",
    "a\ufffeb",
    "a\x7fb\x01",
    "é ü ß ñ",
    "日本語",
    "مرحبا",
    "👩\u200d👩\u200d👧 🇳🇱",
    "\U0010ffff\U0001fffe",
    "word " * 40 + "end",
    "double  spaces " * 10 + "end",
    "word: #" * 30,
    "<<",
    "=",
    "y",
    ".inf",
)

any_text = st.one_of(
    st.sampled_from(TRAPS),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80),
    st.lists(st.sampled_from(TRAPS), max_size=4).map(" ".join),
    st.lists(st.sampled_from(TRAPS), max_size=4).map("\n".join),
).map(lambda text: text.replace("\r\n", "\n"))


def text_of(limit: int, *, blank: bool = False) -> st.SearchStrategy[str]:
    """Return texts of at most so many characters."""
    texts = any_text.map(lambda text: text[:limit])
    return texts if blank else texts.filter(bool)


def _has_word(text: str) -> bool:
    return bool(normalise(text)) and "{" not in text and "}" not in text


keywords = st.one_of(
    st.sampled_from(["*", "#", "1", "{name} is my name", "my order is {order:digits}", "{d:date}"]),
    text_of(200).filter(_has_word),
)

# A parameter that its action takes, and whether the action says something where it fails.
_actions = st.one_of(
    st.just(Said(text="", action="hangup")),
    st.just(Said(action="repeat")),
    st.builds(Said, action=st.just("transfer"), otherwise=text_of(50, blank=True)),
    st.builds(
        Said,
        action=st.just("transfer"),
        parameter=st.sampled_from(["+31 20 123 4567", "sip:reception@example.com"]),
    ),
    st.just(Said(action="play", parameter="https://example.com/jingle.mp3")),
    st.builds(Said, action=st.just("sms"), parameter=text_of(300).map(str.strip).filter(bool)),
)
_asking = st.one_of(
    st.builds(Said, action=st.just("goto"), parameter=text_of(100).map(str.strip).filter(bool)),
    st.builds(
        Said,
        action=st.just("post"),
        parameter=st.just("https://example.com/orders"),
        otherwise=text_of(50, blank=True),
    ),
)


def _with_text(said: Said, text: str, ends_thread: bool) -> Said:
    return Said(text, said.action, said.parameter, said.otherwise, ends_thread)


def _with_manner(said: Said, manner: Manner) -> Said:
    return replace(said, manner=manner)


def _with_expectation(said: Said, expects: Expectation) -> Said:
    return replace(said, expects=expects)


_manners = st.one_of(
    st.just(Manner()),
    st.builds(
        Manner,
        text_of(100, blank=True),
        st.one_of(st.none(), st.integers(50, 200)),
        st.booleans(),
    ),
)
_expectations = st.one_of(
    st.just(Expectation()),
    st.builds(
        Expectation.of,
        st.sampled_from(["", "yesno", "digits", "date"]),
        text_of(300, blank=True),
        st.sampled_from(["", "de-DE"]),
        text_of(50, blank=True),
    ),
)
said_texts = st.builds(Said, text=text_of(1000))
replies = st.builds(
    _with_expectation,
    st.builds(
        _with_manner,
        st.one_of(
            said_texts,
            st.builds(
                _with_text, st.one_of(_actions, _asking), text_of(200, blank=True), st.booleans()
            ),
        ),
        _manners,
    ),
    _expectations,
)
reprompt_rows = st.builds(
    _with_manner,
    st.one_of(
        said_texts, st.builds(_with_text, _actions, text_of(200, blank=True), st.just(False))
    ),
    _manners,
)
reprompts = st.builds(
    Reprompts,
    no_match=st.lists(reprompt_rows, max_size=2).map(tuple),
    no_input=st.lists(reprompt_rows, max_size=2).map(tuple),
)


@st.composite
def intents(draw: st.DrawFn) -> tuple[IntentContents, ...]:
    """Return intents that follow some of each other."""
    names = draw(st.lists(text_of(100), max_size=3, unique=True))
    return tuple(
        IntentContents(
            name=name,
            keywords=tuple(draw(st.lists(keywords, max_size=3))),
            replies=tuple(draw(st.lists(replies, max_size=2))),
            follows=tuple(other for other in names if draw(st.integers(0, 3)) == 0),
            reply_order=draw(st.sampled_from(["in-turn", "random"])),
            reprompts=draw(st.one_of(st.just(Reprompts()), reprompts)),
        )
        for name in names
    )


_times = st.one_of(
    st.builds(time, st.integers(1, 11), st.sampled_from([0, 30])),
    st.times(min_value=time(0), max_value=time(11, 59, 59)),
)
_hours = st.builds(
    OpenFrom,
    st.integers(0, 6),
    _times,
    st.sampled_from([time.min, time(12), time(17, 30), time(23, 59, 59, 999999)]),
)
_lines = st.builds(
    LineContents,
    says=text_of(500, blank=True),
    intent=text_of(100, blank=True),
    reply=text_of(1000, blank=True),
    action=st.sampled_from(sorted(actions.ACTIONS)),
)
_fields = st.fixed_dictionaries(
    {"name": text_of(100), "greeting": text_of(1000), "fallback": text_of(1000)},
    optional={
        "language": st.sampled_from(["nl-NL", "cmn-Hans-CN", "no"]),
        "voice": text_of(100),
        "line": st.sampled_from(["say", "stream"]),
        "speed": st.integers(50, 200),
        "interrupt_words": st.integers(0, 10),
        "answers_early": st.booleans(),
        "greeting_uninterruptible": st.booleans(),
        "second_recognizer": st.sampled_from(["", "offline", "google"]),
        "goodbye": text_of(1000),
        "silence_seconds": st.integers(3, 60),
        "threshold": st.integers(50, 100),
        "max_minutes": st.integers(1, 240),
        "transfer_number": st.sampled_from(["+31 20 123 4567", " +31201234567", "sip:a@b"]),
        "time_zone": st.sampled_from(["Europe/Amsterdam", "UTC"]),
        "backend_url": st.sampled_from(["http://localhost:5005/message"]),
    },
)


def _sorted(rows: st.SearchStrategy[list], **options) -> st.SearchStrategy[tuple]:
    return rows.map(lambda found: tuple(sorted(found, **options)))


bots = st.builds(
    BotContents,
    fields=_fields.map(lambda fields: {**BOT_DEFAULTS, **fields}),
    opening_hours=_sorted(
        st.lists(_hours, max_size=4), key=lambda row: (row.weekday, row.opens, row.closes)
    ),
    closed_days=st.dictionaries(st.dates(date(1, 1, 1)), text_of(100, blank=True), max_size=3).map(
        lambda days: tuple(sorted(days.items()))
    ),
    pronunciations=_sorted(
        st.lists(
            st.tuples(
                st.sampled_from(["no", "déjà", "yes ", "1", "👋a", "x"]),
                st.sampled_from(["N OW", "HH AH0 L OW1", "Y"]),
            ),
            max_size=4,
            unique=True,
        ),
        key=lambda pair: pair[0],
    ),
    reprompts=reprompts,
    intents=intents(),
    rehearsals=_sorted(
        st.lists(
            st.builds(RehearsalContents, text_of(100), st.lists(_lines, max_size=3).map(tuple)),
            max_size=2,
            unique_by=lambda rehearsal: rehearsal.name,
        ),
        key=lambda rehearsal: rehearsal.name,
    ),
    ignored_phrases=_sorted(st.lists(text_of(500), max_size=3, unique=True)),
)
"""Contents of whole bots, as `bot_contents` gives them."""
