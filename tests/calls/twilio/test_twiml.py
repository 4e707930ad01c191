"""The TwiML documents."""

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from calls.twilio import twiml

VOICE = twiml.Voice("en-US")
OFFER = twiml.StreamOffer(
    url="wss://bot.example.com/voice/media",
    name="stream-7",
    token="secret",
    status_callback="https://bot.example.com/voice/stream-status",
)
NEXT = "https://bot.example.com/voice/next"


def verbs(document: str) -> list[str]:
    return [element.tag for element in ET.fromstring(document)]


def test_greeting_is_spoken_before_the_stream_opens() -> None:
    """Greet, listen, and ask what to do when nothing was said."""
    document = twiml.greet("Hello", VOICE, OFFER, 8, NEXT)
    assert verbs(document) == ["Say", "Start", "Pause", "Redirect"]


def test_lost_stream_is_reopened_before_anything_is_said() -> None:
    """A caller who speaks into the repeated words is heard."""
    assert verbs(twiml.reopen("Hello", VOICE, OFFER, 8, NEXT)) == [
        "Start",
        "Say",
        "Pause",
        "Redirect",
    ]


def test_stream_carries_its_token_as_parameter() -> None:
    """The token travels in a Parameter: query strings are dropped by Twilio."""
    stream = ET.fromstring(twiml.greet("Hi", VOICE, OFFER, 8, NEXT)).find("Start/Stream")
    assert stream is not None
    assert stream.attrib == {
        "url": OFFER.url,
        "name": OFFER.name,
        "track": "inbound_track",
        "statusCallback": OFFER.status_callback,
        "statusCallbackMethod": "POST",
    }
    assert [parameter.attrib for parameter in stream] == [{"name": "token", "value": "secret"}]


def test_goodbye_is_spoken_before_the_hang_up() -> None:
    """The last words come before the end of the call."""
    assert verbs(twiml.say_and_hang_up("Bye", VOICE)) == ["Say", "Hangup"]


def test_hang_up_without_words_says_nothing() -> None:
    """An empty text gives no Say verb."""
    assert verbs(twiml.say_and_hang_up("", VOICE)) == ["Hangup"]


def test_voice_is_named_where_one_is_set() -> None:
    """The editor's voice and language stand on the verb."""
    document = twiml.say("Hallo", twiml.Voice("nl-NL", "Polly.Lotte"), 8, NEXT)
    say = ET.fromstring(document).find("Say")
    assert say is not None
    assert say.attrib == {"voice": "Polly.Lotte", "language": "nl-NL"}


@given(st.text(max_size=300))
def test_any_text_gives_a_document_that_an_xml_parser_takes(text: str) -> None:
    """Control characters, markup and lone surrogates never break the document."""
    root = ET.fromstring(twiml.say(text, VOICE, 8, NEXT))
    assert [child.tag for child in root][-2:] == ["Pause", "Redirect"]


def test_markup_in_a_reply_is_spoken_not_executed() -> None:
    """A reply cannot smuggle in a verb."""
    root = ET.fromstring(twiml.say("<Hangup/> & </Say>", VOICE, 8, NEXT))
    assert [child.tag for child in root] == ["Say", "Pause", "Redirect"]
    assert root[0].text == "<Hangup/> & </Say>"


@given(st.integers(0, 9000), st.sampled_from(["", " ", ". "]))
def test_long_text_is_cut_into_pieces_that_every_voice_takes(words: int, gap: str) -> None:
    """Nothing is lost in the cut but white space at the seams."""
    text = gap.join(["word"] * words).strip()
    pieces = [say.text or "" for say in ET.fromstring(twiml.say(text, VOICE, 8, NEXT)).iter("Say")]
    assert all(0 < len(piece) <= twiml.MAX_SAY_CHARACTERS for piece in pieces)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")


def test_text_is_cut_behind_a_sentence() -> None:
    """The voice pauses where the text does."""
    first = "a" * (twiml.MAX_SAY_CHARACTERS - 100) + "."
    root = ET.fromstring(twiml.say(f"{first} {'b' * 200}", VOICE, 8, NEXT))
    assert [say.text for say in root.iter("Say")] == [first, "b" * 200]
