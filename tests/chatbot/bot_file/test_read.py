"""What is wrong in a file is told by line, all of it at once."""

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.bot_file import MAX_BYTES, BotContents, BotFileError, read, write
from chatbot.bot_file.contents import CONNECTION_FIELDS
from chatbot.bot_file.defaults import BOT_DEFAULTS
from tests.chatbot.bot_file.generated import bots

HEAD = "format: 1\nname: Bot\ngreeting: Hi.\nfallback: Pardon?\n"
"""Four lines that make a whole bot; what a test adds begins in line 5."""


def problems(text: str | bytes) -> list[str]:
    """Return what is wrong with a file."""
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(BotFileError) as caught:
        read(data)
    return [str(problem) for problem in caught.value.problems]


def problems_after_head(text: str) -> list[str]:
    return problems(HEAD + textwrap.dedent(text).lstrip("\n"))


def read_after_head(text: str) -> BotContents:
    return read((HEAD + textwrap.dedent(text).lstrip("\n")).encode())


# --- What is understood -----------------------------------------------------------------------


def test_small_bot_is_a_small_file() -> None:
    """What is not written has its default value."""
    contents = read(HEAD.encode())
    assert contents.fields == {
        **BOT_DEFAULTS,
        "name": "Bot",
        "greeting": "Hi.",
        "fallback": "Pardon?",
    }
    assert len(write(contents).splitlines()) == 6


def test_text_is_taken_as_it_is_written() -> None:
    """Words that YAML takes for a truth or a number are words in a bot."""
    contents = read_after_head(
        """
        intents:
        - name: yes
          keywords: [no, 1e3, 00:10, 2026-12-25, null]
          replies: [on]
        """
    )
    assert contents.intents[0].keywords == ("no", "1e3", "00:10", "2026-12-25", "null")
    assert (contents.intents[0].name, contents.intents[0].replies[0].text) == ("yes", "on")


def test_hours_may_be_several_in_a_day() -> None:
    """A business that closes for lunch opens twice."""
    contents = read_after_head("opening_hours:\n  monday: 9:00-12:30, 13:30–00:00\n")
    assert [(row.opens.hour, row.closes.hour) for row in contents.opening_hours] == [
        (9, 12),
        (13, 0),
    ]


def test_file_of_windows_is_read() -> None:
    """Its editors begin a file with a mark, and end lines in their way."""
    text = "\ufeff" + HEAD.replace("\n", "\r\n")
    assert read(text.encode()).name == "Bot"


def test_other_connection_is_allowed_who_may_connect() -> None:
    """A file may name a chatbot elsewhere."""
    contents = read_after_head("backend: http\nbackend_url: http://localhost:5005/message\n")
    assert contents.fields["backend"] == "http"


# --- What is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "intent: []\n",
            "line 5: “intent” is not known here; did you mean “intents”?",
            id="unknown section",
        ),
        pytest.param(
            "intents:\n- name: a\n  replys: [b]\n",
            "line 7: “replys” is not known here; did you mean “replies”?",
            id="unknown key",
        ),
        pytest.param(
            "voice: a\nvoice: b\n",
            "line 6: “voice” stands here twice. Keep one of them.",
            id="key twice",
        ),
        pytest.param(
            "silence_seconds: soon\n",
            "line 5: “silence_seconds” must be a whole number, not “soon”.",
            id="no number",
        ),
        pytest.param(
            "silence_seconds: 1\n",
            "line 5: “silence_seconds”: Ensure this value is greater than or equal to 3.",
            id="number too small",
        ),
        pytest.param(
            "voice: [a]\n",
            "line 5: “voice” must be a text. Put quotes around a text that begins with { or [ "
            "or has “: ” in it.",
            id="list for a text",
        ),
        pytest.param(
            "intents: hello\n",
            "line 5: “intents” must be a list, each item on a line of its own that begins with "
            "“- ”.",
            id="text for a list",
        ),
        pytest.param(
            "intents:\n- hello\n",
            "line 6: An intent must be keys with values, such as “name: hello”.",
            id="text for an intent",
        ),
        pytest.param(
            "goodbye: " + "x" * 1001 + "\n",
            "line 5: “goodbye”: It has 1001 characters; 1000 fit. Shorten it.",
            id="text too long",
        ),
        pytest.param(
            "goodbye: ''\n",
            "line 5: “goodbye”: Nothing is written here. Write a text.",
            id="empty text",
        ),
        pytest.param(
            'voice: "a\\0b"\n',
            "line 5: “voice” has the character U+0000 in it. Take it out.",
            id="zero character",
        ),
        pytest.param(
            "time_zone: Mars/Olympus\n",
            "line 5: “time_zone”: “Mars/Olympus” is not a time zone. Write its name, such as "
            "Europe/Amsterdam.",
            id="time zone",
        ),
        pytest.param(
            "backend: htp\n", "line 5: “htp” is no backend; did you mean “http”?", id="backend"
        ),
        pytest.param(
            "backend: http\n",
            "line 1: “backend_url”: Write the address of the chatbot that is to answer.",
            id="backend without address",
        ),
        pytest.param(
            "opening_hours:\n  monday: 9 to 5\n",
            "line 6: “9 to 5” are no hours. Write them such as 09:00-17:30.",
            id="hours",
        ),
        pytest.param(
            "opening_hours:\n  monday: 17:00-09:00\n",
            "line 6: The bot closes before it opens. Past midnight is the next day's row.",
            id="hours the wrong way round",
        ),
        pytest.param(
            "opening_hours:\n  mondays: 09:00-17:00\n",
            "line 6: “mondays” is not known here; did you mean “monday”?",
            id="week day",
        ),
        pytest.param(
            "closed_days:\n  25 December: Christmas\n",
            "line 6: “25 December” is no day. Write it such as 2026-12-25.",
            id="day",
        ),
        pytest.param(
            "pronunciations:\n  good day: G UH D\n",
            "line 6: “good day” is not one word. Write each word of a phrase in a row of its own.",
            id="pronunciation of a phrase",
        ),
        pytest.param(
            "intents:\n- name: a\n  keywords: [b, '{c:shoe}']\n",
            "line 7: In “{c:shoe}” the blank “c” is of the kind “shoe”, which there is not. Kinds "
            "are date, digits, number, phone, time, words, yesno.",
            id="kind of blank",
        ),
        pytest.param(
            "intents:\n- name: a\n  keywords:\n  - #\n",
            'line 8: There is no keyword here. Put quotes around keys such as "#".',
            id="key that is a comment",
        ),
        pytest.param(
            "intents:\n- name: a\n  keywords:\n  - *\n",
            'line 8: A text that begins with * or & needs quotes around it, such as "*".',
            id="key that is an alias",
        ),
        pytest.param(
            "intents:\n- name: a\n- name: b\n- name: a\n",
            "line 8: An intent named “a” is there already, in line 6. Rename one.",
            id="two intents of one name",
        ),
        pytest.param(
            "intents:\n- keywords: [a]\n",
            "line 6: “name” is missing here. Write it.",
            id="intent without a name",
        ),
        pytest.param(
            "intents:\n- name: hello\n- name: good\n  follows: [helo]\n",
            "line 8: There is no intent “helo” to follow; did you mean “hello”?",
            id="follows nothing",
        ),
        pytest.param(
            "intents:\n- name: a\n  replies:\n  - text: b\n    action: hang up\n",
            "line 9: “hang up” is no action; did you mean “hangup”?",
            id="unknown action",
        ),
        pytest.param(
            "intents:\n- name: a\n  replies:\n  - action: transfer\n    with: me\n",
            "line 9: “with”: “me” is not a telephone number with its country code. Write it such "
            "as +31 20 123 4567.",
            id="parameter that the action refuses",
        ),
        pytest.param(
            "intents:\n- name: a\n  replies:\n  - text: b\n  - action: sms\n",
            "line 9: “with”: “Send an SMS to the caller” needs the text of the SMS.",
            id="parameter that is missing",
        ),
        pytest.param(
            "intents:\n- name: a\n  replies:\n  - action: hangup\n    with: b\n",
            "line 9: “with” is of no use to the action “hangup”. Take it out.",
            id="parameter of no use",
        ),
        pytest.param(
            "intents:\n- name: a\n  replies:\n  - text: b\n    otherwise: c\n",
            "line 9: “otherwise” is of no use to a text without an action. Take it out.",
            id="otherwise of no use",
        ),
        pytest.param(
            "intents:\n- name: a\n  replies:\n  - ends_thread: true\n",
            "line 8: A reply must say or do something: write its “text” or its “action”.",
            id="reply of nothing",
        ),
        pytest.param(
            "intents:\n- name: a\n  replies:\n  - text: b\n    ends_thread: maybe\n",
            "line 9: “ends_thread” must be true or false, not “maybe”.",
            id="neither true nor false",
        ),
        pytest.param(
            "reprompts:\n  no_match:\n  - action: goto\n    with: a\n",
            "line 7: “action”: “Go to an intent” cannot be done where nothing was understood.",
            id="reprompt that cannot be done",
        ),
        pytest.param(
            "rehearsals:\n- name: a\n- name: a\n",
            "line 7: A rehearsal named “a” is there already, in line 6. Rename one.",
            id="two rehearsals of one name",
        ),
        pytest.param(
            "ignored_phrases: [uh, uh]\n",
            "line 5: “uh” stands here twice. Keep one of them.",
            id="phrase twice",
        ),
        pytest.param(
            "voice: &a Anna\ngoodbye: Bye.\n",
            "line 5: “&a” names a text, which is not known here. Take it out, or put quotes around "
            "a text that begins with &.",
            id="anchor",
        ),
        pytest.param(
            "voice: !!python/object/apply:os.system [ls]\n",
            "line 5: “tag:yaml.org,2002:python/object/apply:os.system” names a type, which is not "
            "known here. Take it out, or put quotes around a text that begins with !.",
            id="type",
        ),
        pytest.param(
            "---\nformat: 1\n",
            "line 5: A second document begins here. A file holds one bot.",
            id="two documents",
        ),
        pytest.param(
            "voice: " + "[" * 100_000 + "\n",
            "line 5: Lists stand in lists too deeply here. No bot needs that.",
            id="depth",
        ),
        pytest.param(
            "[a]: b\n", "line 5: A key must be a text. Put quotes around it.", id="list for a key"
        ),
    ],
)
def test_problem_is_told_with_its_line(text: str, expected: str) -> None:
    """One fault, one sentence: what is wrong, where, and what to do."""
    assert problems(HEAD + text) == [expected]


def test_all_problems_are_told_together() -> None:
    """Nobody has to import a file once for each fault."""
    lines = problems_after_head(
        """
        voise: Anna
        max_turns: many
        intents:
        - name: a
          keywords: ["?!"]
          replies: [{text: b, action: dance}]
        """
    )
    assert [line.partition(":")[0] for line in lines] == ["line 5", "line 6", "line 9", "line 10"]


def test_missing_texts_are_told_at_the_first_line() -> None:
    """A bot without a greeting would say nothing to callers."""
    assert problems("format: 1\nname: Bot\n") == [
        "line 1: “fallback” is missing here. Write it.",
        "line 1: “greeting” is missing here. Write it.",
    ]


def test_file_without_its_format_is_refused() -> None:
    """The format tells what the keys mean."""
    assert problems(HEAD.removeprefix("format: 1\n")) == [
        "line 1: A bot begins with “format: 1”. Write that line first."
    ]


def test_file_of_another_format_is_refused() -> None:
    """It was written by another release."""
    assert problems(HEAD.replace("1", "2")) == [
        "line 1: Only format 1 is known here. Write “format: 1”."
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n"])
def test_empty_file_is_refused(text: str) -> None:
    """There is no bot in it."""
    assert problems(text) == ["line 1: The file is empty. A bot begins with “format: 1”."]


def test_file_that_is_no_mapping_is_refused() -> None:
    """Any text is YAML, but no bot."""
    assert problems("Hello there\n")[0].startswith("line 1: The file must be keys with values")


def test_file_that_is_no_yaml_is_refused_at_its_line() -> None:
    """The reader says where it lost the thread."""
    [problem] = problems(HEAD + "voice: a: b\n")
    assert problem.startswith("line 5: This cannot be read as YAML (mapping values are not allowed")


def test_file_that_is_not_utf_8_is_refused_at_its_line() -> None:
    """Other encodings would come out as other letters."""
    assert problems(HEAD.encode() + "voice: é\n".encode("latin-1")) == [
        "line 5: This is not UTF-8 text. Save the file in the encoding UTF-8."
    ]


def test_character_that_yaml_cannot_hold_is_refused_at_its_line() -> None:
    """Control characters come from a broken copy."""
    assert problems(HEAD + "voice: a\x07b\n") == [
        "line 5: The character U+0007 cannot stand in a file. Take it out."
    ]


def test_aliases_are_refused_before_they_multiply() -> None:
    """A few lines of aliases could stand for a billion texts."""
    bomb = "".join(
        f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 9)}]\n" for number in range(1, 9)
    )
    lines = problems(HEAD + "a0: &a0 [a]\n" + bomb)
    assert "which is not known here" in lines[0]


def test_huge_file_is_refused_unread() -> None:
    """It would keep a worker busy."""
    assert problems(b"#" * (MAX_BYTES + 1)) == [
        "The file is larger than 2 MB, the most that is read."
    ]


def test_connection_is_refused_who_may_not_connect() -> None:
    """Where the words of callers go is not for every editor to say."""
    text = HEAD + "backend: http\nbackend_url: https://example.com/\n"
    connection = {name: BOT_DEFAULTS[name] for name in CONNECTION_FIELDS}
    with pytest.raises(BotFileError) as caught:
        read(text.encode(), connection=connection)
    assert [problem.line for problem in caught.value.problems] == [5, 6]


def test_connection_that_stays_is_no_matter_of_permission() -> None:
    """A bot that is connected can still be imported by its editor."""
    text = HEAD + "backend: http\nbackend_url: https://example.com/\n"
    connection = {"backend": "http", "backend_url": "https://example.com/", "backend_seconds": 4}
    assert read(text.encode(), connection=connection).fields["backend"] == "http"


# --- Whatever the file is ---------------------------------------------------------------------


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode())))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Nothing but the error for the editor is raised."""
    try:
        read(data)
    except BotFileError as error:
        assert error.problems  # noqa: PT017


@given(bots, st.data())
@settings(max_examples=200, deadline=None)
def test_broken_file_is_read_or_refused(contents: BotContents, data: st.DataObject) -> None:
    """A file with a piece cut out, or put in, is a file or an error."""
    text = write(contents)
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, min(len(text), begin + 30)))
    piece = data.draw(
        st.sampled_from(["", "- ", ": ", "\n", "  ", "{", "[", '"', "*a", "&a ", "!b "])
    )
    try:
        read((text[:begin] + piece + text[end:]).encode())
    except BotFileError as error:
        assert error.problems  # noqa: PT017
