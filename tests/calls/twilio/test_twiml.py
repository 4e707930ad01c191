"""The TwiML documents."""

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from calls.keypad import PAUSE_SECONDS
from calls.twilio import twiml
from chatbot.actions.base import Directive, Hangup, Play, SendText, Transfer

VOICE = twiml.Voice("en-US")
OFFER = twiml.StreamOffer(
    url="wss://bot.example.com/voice/media",
    name="stream-7",
    token="secret",
    status_callback="https://bot.example.com/voice/stream-status",
)
ONWARD = twiml.Onward(
    8,
    "https://bot.example.com/voice/next",
    "https://bot.example.com/voice/next?dialled=1",
    "stream-7",
)


def speech(text: str, *then: Directive) -> twiml.Speech:
    return twiml.Speech(text, VOICE, then)


def verbs(document: str) -> list[str]:
    return [element.tag for element in ET.fromstring(document)]


def test_greeting_is_spoken_before_the_stream_opens() -> None:
    """Greet, listen, and ask what to do when nothing was said."""
    document = twiml.greet(speech("Hello"), OFFER, ONWARD)
    assert verbs(document) == ["Say", "Start", "Pause", "Redirect"]


def test_lost_stream_is_reopened_before_anything_is_said() -> None:
    """A caller who speaks into the repeated words is heard."""
    assert verbs(twiml.reopen(speech("Hello"), OFFER, ONWARD)) == [
        "Start",
        "Say",
        "Pause",
        "Redirect",
    ]


def test_stream_carries_its_token_as_parameter() -> None:
    """The token travels in a Parameter: query strings are dropped by Twilio."""
    stream = ET.fromstring(twiml.greet(speech("Hi"), OFFER, ONWARD)).find("Start/Stream")
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
    document = twiml.say(twiml.Speech("Hallo", twiml.Voice("nl-NL", "Polly.Lotte")), ONWARD)
    say = ET.fromstring(document).find("Say")
    assert say is not None
    assert say.attrib == {"voice": "Polly.Lotte", "language": "nl-NL"}


@given(st.text(max_size=300))
def test_any_text_gives_a_document_that_an_xml_parser_takes(text: str) -> None:
    """Control characters, markup and lone surrogates never break the document."""
    root = ET.fromstring(twiml.say(speech(text), ONWARD))
    assert [child.tag for child in root][-2:] == ["Pause", "Redirect"]


def test_markup_in_a_reply_is_spoken_not_executed() -> None:
    """A reply cannot smuggle in a verb."""
    root = ET.fromstring(twiml.say(speech("<Hangup/> & </Say>"), ONWARD))
    assert [child.tag for child in root] == ["Say", "Pause", "Redirect"]
    assert root[0].text == "<Hangup/> & </Say>"


@given(st.integers(0, 9000), st.sampled_from(["", " ", ". "]))
def test_long_text_is_cut_into_pieces_that_every_voice_takes(words: int, gap: str) -> None:
    """Nothing is lost in the cut but white space at the seams."""
    text = gap.join(["word"] * words).strip()
    pieces = [say.text or "" for say in ET.fromstring(twiml.say(speech(text), ONWARD)).iter("Say")]
    assert all(0 < len(piece) <= twiml.MAX_SAY_CHARACTERS for piece in pieces)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")


def test_text_is_cut_behind_a_sentence() -> None:
    """The voice pauses where the text does."""
    first = "a" * (twiml.MAX_SAY_CHARACTERS - 100) + "."
    root = ET.fromstring(twiml.say(speech(f"{first} {'b' * 200}"), ONWARD))
    assert [say.text for say in root.iter("Say")] == [first, "b" * 200]


def test_stream_of_our_own_audio_leads_to_the_question_what_to_do() -> None:
    """When it is closed; where it was refused before, it is opened after a pause."""
    document = twiml.connect(speech(""), OFFER, ONWARD)
    assert verbs(document) == ["Connect", "Redirect"]
    document = twiml.connect(speech(""), OFFER, ONWARD, wait_seconds=1)
    assert verbs(document) == ["Pause", "Connect", "Redirect"]


def test_gather_hears_what_is_said_to_the_words() -> None:
    """They are nested, so they can be interrupted; a silence asks what to do now."""
    document = twiml.gather(speech("Hello"), ("yes", "no"), "https://bot.example.com/g", ONWARD)
    assert verbs(document) == ["Gather", "Redirect"]
    (gather, _) = ET.fromstring(document)
    assert [element.tag for element in gather] == ["Say", "Pause"]
    assert gather.attrib == {
        "input": "speech dtmf",
        "action": "https://bot.example.com/g",
        "method": "POST",
        "timeout": "2",
        "speechTimeout": "auto",
        "language": "en-US",
        "hints": "yes,no",
    }


def test_gather_listens_for_another_language_than_it_speaks() -> None:
    """Where the reply asks for it."""
    document = twiml.gather(speech("Hello"), (), "https://x", ONWARD, language="nl-NL")
    (gather, _) = ET.fromstring(document)
    say = gather.find("Say")
    assert say is not None
    assert (gather.attrib["language"], say.attrib["language"]) == ("nl-NL", "en-US")


def test_gather_waits_for_a_silent_caller_as_long_as_the_bot_does() -> None:
    """And for another key as long as the keypad of a stream."""
    (gather, _) = ET.fromstring(twiml.gather(speech("Hello"), (), "https://x", ONWARD))
    pause = gather.find("Pause")
    assert pause is not None
    assert int(pause.attrib["length"]) + int(gather.attrib["timeout"]) == ONWARD.silence
    assert float(gather.attrib["timeout"]) == PAUSE_SECONDS


def test_gather_has_no_hints_that_twilio_refuses() -> None:
    """At most 500, of at most 100 characters, and without the comma that parts them."""
    hints = ("one, two", "x" * 101, " ", *(f"word {number}" for number in range(600)))
    (gather, _) = ET.fromstring(twiml.gather(speech("Hello"), hints, "https://x", ONWARD))
    written = gather.attrib["hints"].split(",")
    assert len(written) == twiml.MAX_GATHER_HINTS
    assert written[:2] == ["one  two", "word 0"]


def test_transfer_stops_the_stream_and_dials() -> None:
    """Nobody here listens to the conversation with somebody else."""
    root = ET.fromstring(twiml.say(speech("One moment.", Transfer("+31201234567")), ONWARD))
    assert [verb.tag for verb in root] == ["Say", "Stop", "Dial"]
    stream = root.find("Stop/Stream")
    assert stream is not None
    assert stream.attrib == {"name": "stream-7"}


def test_transfer_comes_back_with_its_result() -> None:
    """Twilio posts how the call to the other number ended."""
    dial = ET.fromstring(twiml.say(speech("", Transfer("+31201234567")), ONWARD)).find("Dial")
    assert dial is not None
    assert dial.attrib["action"] == ONWARD.dialled_url
    assert dial.findtext("Number") == "+31201234567"


def test_transfer_to_a_sip_address() -> None:
    """It has a noun of its own."""
    document = twiml.say(speech("", Transfer("sip:desk@example.com")), ONWARD)
    assert ET.fromstring(document).findtext("Dial/Sip") == "sip:desk@example.com"


def test_transfer_reopens_no_stream() -> None:
    """A stream opened for a call that leaves would hear the conversation with somebody else."""
    document = twiml.reopen(speech("", Transfer("+31201234567")), OFFER, ONWARD)
    assert "Start" not in verbs(document)


def test_recording_is_played_after_the_words() -> None:
    """And then the caller is listened to."""
    document = twiml.say(speech("Listen:", Play("https://example.com/a.mp3")), ONWARD)
    assert verbs(document) == ["Say", "Play", "Pause", "Redirect"]


def test_text_message_is_no_verb() -> None:
    """It is sent through the API, whatever is spoken."""
    document = twiml.say(speech("Sent.", SendText("Hi")), ONWARD)
    assert verbs(document) == ["Say", "Pause", "Redirect"]


def test_speech_that_hangs_up_says_so() -> None:
    """A call that ends is not listened to any more."""
    assert speech("Bye", Hangup()).hangs_up
    assert not speech("Hi").hangs_up


def test_markup_becomes_elements() -> None:
    """Escaped markup would be read aloud."""
    text = (
        '<speak>One <break time="1s"/> more <say-as interpret-as="digits">4 7</say-as>'
        '<lang xml:lang="fr-FR">oui <emphasis level="strong">non</emphasis></lang> &amp; so.'
        "</speak>"
    )
    document = twiml.say(speech(text), ONWARD)
    assert (
        '<Say language="en-US">One <break time="1s" /> more '
        '<say-as interpret-as="digits">4 7</say-as>'
        '<lang xml:lang="fr-FR">oui <emphasis level="strong">non</emphasis></lang> &amp; so.</Say>'
    ) in document


def test_long_markup_stays_in_one_piece() -> None:
    """A cut would leave elements open."""
    root = ET.fromstring(twiml.say(speech(f"<speak><p>{'word. ' * 900}</p></speak>"), ONWARD))
    assert len(root.findall("Say")) == 1


def test_faulty_markup_is_said_as_words() -> None:
    """A caller hears no tags."""
    (say,) = ET.fromstring(twiml.say(speech("<speak>One <b>moment"), ONWARD)).findall("Say")
    assert say.text == "One moment"


def test_speed_stands_around_the_words() -> None:
    """In percent of the voice's own."""
    voice = twiml.Voice("en-US", speed=90)
    document = twiml.say(twiml.Speech("One & two", voice), ONWARD)
    assert '<prosody rate="90%">One &amp; two</prosody></Say>' in document


def test_speed_stands_around_markup() -> None:
    """The elements of a reply are inside it."""
    voice = twiml.Voice("en-US", speed=120)
    document = twiml.say(twiml.Speech("<speak>One<break/></speak>", voice), ONWARD)
    assert '<prosody rate="120%">One<break /></prosody></Say>' in document


def test_every_piece_has_the_speed() -> None:
    """Also where a text is cut."""
    voice = twiml.Voice("en-US", speed=120)
    root = ET.fromstring(twiml.say(twiml.Speech("word. " * 900, voice), ONWARD))
    assert len(root.findall("Say")) == len(root.findall("Say/prosody")) == 2


@given(st.text(max_size=100))
def test_any_markup_gives_a_document_that_an_xml_parser_takes(text: str) -> None:
    """Well-formed or not."""
    root = ET.fromstring(twiml.say(speech(f"<speak>{text}</speak>"), ONWARD))
    assert [child.tag for child in root][-2:] == ["Pause", "Redirect"]


def test_pauses_count_as_speaking() -> None:
    """Markup itself takes no time."""
    assert twiml.speaking_seconds('<speak>Hello<break time="2s"/></speak>') == 3.5
