"""TwiML documents, read into verbs."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml.voice_response import Connect, Dial, Gather, Start, VoiceResponse

from calls.simulator import twiml, verbs

BASE = "https://bot.test/voice/stream?x=1"


def parse(inner: str, base: str | None = BASE) -> tuple[verbs.Verb, ...]:
    return twiml.parse(f"<Response>{inner}</Response>", base)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="￾￿")))
def test_say_survives_the_way_through_xml(text: str) -> None:
    """What the SDK escapes is read back; white space runs together."""
    response = VoiceResponse()
    response.say(text, voice="Polly.Joanna", language="nl-NL")
    say = verbs.Say(" ".join(text.split()), "Polly.Joanna", "nl-NL", 1)
    assert twiml.parse(str(response), BASE) == (say,)


def test_say_flattens_ssml() -> None:
    """Nested SSML is spoken without its tags; a substitution as its alias."""
    (say,) = parse(
        'Hi<Say>Dear <emphasis>caller</emphasis>,<break time="1s"/>'
        '<s>the</s><s><sub alias="World Wide Web">WWW</sub> is <w>up</w>.</s></Say>'
    )
    assert isinstance(say, verbs.Say)
    assert say.text == "Dear caller, the World Wide Web is up."


def test_start_stream_has_url_name_and_parameters() -> None:
    """All that the SDK writes of a stream is read."""
    response, start = VoiceResponse(), Start()
    stream = start.stream(
        url="wss://bot.test/media", name="ear", status_callback="https://bot.test/s"
    )
    stream.parameter(name="token", value="a&b")
    response.append(start)
    assert twiml.parse(str(response), BASE) == (
        verbs.StartStream(
            verbs.Stream(
                url="wss://bot.test/media",
                name="ear",
                track="inbound_track",
                status_callback="https://bot.test/s",
                status_callback_method="POST",
                parameters=(("token", "a&b"),),
            )
        ),
    )


def test_connect_stream_has_its_action() -> None:
    """A relative action is resolved against the document's address."""
    response, connect = VoiceResponse(), Connect(action="next", method="GET")
    connect.stream(url="/media")
    response.append(connect)
    (verb,) = twiml.parse(str(response), BASE)
    assert isinstance(verb, verbs.ConnectStream)
    assert (verb.action, verb.method) == ("https://bot.test/voice/next", "GET")
    assert verb.stream.url == "wss://bot.test/media"


def test_gather_holds_its_prompt() -> None:
    """Nested verbs belong to the Gather."""
    response = VoiceResponse()
    gather = Gather(num_digits=1, timeout=3, action="/digits")
    gather.say("Press a key.")
    response.append(gather)
    assert twiml.parse(str(response), BASE) == (
        verbs.Gather(
            action="https://bot.test/digits",
            method="POST",
            timeout=3,
            num_digits=1,
            finish_on_key="#",
            nested=(verbs.Say("Press a key.", "", "en-US", 1),),
            speech_timeout=3,
        ),
    )


def test_gather_hears_what_the_sdk_asks_for() -> None:
    """Speech and keys, in a language, with phrases that are expected."""
    gather = Gather(
        input="speech dtmf",
        action="/heard",
        speech_timeout="auto",
        language="nl-NL",
        hints="ja,nee dank u",
        action_on_empty_result=True,
    )
    response = VoiceResponse()
    response.append(gather)
    (verb,) = twiml.parse(str(response), BASE)
    assert isinstance(verb, verbs.Gather)
    assert verb.inputs == {"speech", "dtmf"}
    assert (verb.speech_timeout, verb.language) == (None, "nl-NL")
    assert (verb.hints, verb.action_on_empty_result) == (("ja", "nee dank u"), True)


def test_silence_behind_speech_is_as_long_as_that_before_it() -> None:
    """Unless the document says otherwise."""
    for attributes, seconds in (("timeout='9'", 9), ("timeout='9' speechTimeout='2'", 2)):
        (verb,) = parse(f"<Gather input='speech' {attributes}/>")
        assert isinstance(verb, verbs.Gather)
        assert verb.speech_timeout == seconds


def test_dial_lists_its_numbers() -> None:
    """Numbers stand in the text or in nouns."""
    assert parse("<Dial>+316</Dial>")[0] == verbs.Dial(("+316",), "", "POST", 30, "")
    (dial,) = parse("<Dial timeout='9'><Number>+1</Number><Number>+2</Number></Dial>")
    assert dial == verbs.Dial(("+1", "+2"), "", "POST", 9, "")


def test_dial_has_what_the_sdk_writes() -> None:
    """A number, a SIP address, the number that is shown and the action."""
    response, dial = VoiceResponse(), Dial(action="/dialled", caller_id="+3120", timeout=25)
    dial.number("+31 20 123 4567")
    dial.sip("sip:desk@bot.test:5061;transport=tls")
    response.append(dial)
    assert twiml.parse(str(response), BASE) == (
        verbs.Dial(
            numbers=("+31 20 123 4567", "sip:desk@bot.test:5061;transport=tls"),
            action="https://bot.test/dialled",
            method="POST",
            timeout=25,
            caller_id="+3120",
        ),
    )


def test_simple_verbs_have_their_defaults() -> None:
    """A bare verb means what the documents say."""
    assert parse("<Pause/><Redirect/><Hangup/><Reject/><Stop><Stream name='ear'/></Stop>") == (
        verbs.Pause(1),
        verbs.Redirect(BASE, "POST"),
        verbs.Hangup(),
        verbs.Reject("rejected"),
        verbs.StopStream("ear"),
    )


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ("<Speak>Hi</Speak>", twiml.INVALID_DOCUMENT),
        ("<say>Hi</say>", twiml.INVALID_DOCUMENT),
        ("<Say><b>Hi</b></Say>", twiml.INVALID_DOCUMENT),
        ("<Say>\x0b</Say>", twiml.PARSE_FAILURE),
        ("<Say>Hi", twiml.PARSE_FAILURE),
        ("<Pause length='soon'/>", twiml.INVALID_DOCUMENT),
        ("<Pause length='-1'/>", twiml.INVALID_DOCUMENT),
        ("<Start><Stream/><Stream/></Start>", twiml.INVALID_DOCUMENT),
        ("<Connect><Room>x</Room></Connect>", twiml.INVALID_DOCUMENT),
        ("<Start><Stream url='/m' track='inbound'/></Start>", twiml.INVALID_DOCUMENT),
        ("<Redirect method='PUT'>/x</Redirect>", twiml.INVALID_DOCUMENT),
        ("<Stop><Stream/></Stop>", twiml.INVALID_DOCUMENT),
        ("<Gather><Hangup/></Gather>", twiml.INVALID_DOCUMENT),
        ("<Gather input='voice'/>", twiml.INVALID_DOCUMENT),
        ("<Gather input=''/>", twiml.INVALID_DOCUMENT),
        ("<Gather actionOnEmptyResult='yes'/>", twiml.INVALID_DOCUMENT),
        ("<Gather speechTimeout='soon'/>", twiml.INVALID_SPEECH_TIMEOUT),
        ("<Gather speechTimeout='0'/>", twiml.INVALID_SPEECH_TIMEOUT),
        ("<Gather language='en'/>", twiml.INVALID_LANGUAGE),
        ("<Gather hints='yes,,no'/>", twiml.INVALID_HINTS),
        (f"<Gather hints='{'x' * 101}'/>", twiml.INVALID_HINTS),
        (f"<Gather hints='{'x,' * 500}x'/>", twiml.INVALID_HINTS),
        ("<Dial/>", twiml.INVALID_NUMBER),
        ("<Dial> </Dial>", twiml.INVALID_NUMBER),
        ("<Dial>the desk</Dial>", twiml.INVALID_NUMBER),
        ("<Dial><Number/></Dial>", twiml.INVALID_NUMBER),
        ("<Dial><Sip>desk</Sip></Dial>", twiml.INVALID_DOCUMENT),
        ("<Dial><Client>desk</Client></Dial>", twiml.INVALID_DOCUMENT),
        (f"<Say>{'x' * 65536}</Say>", twiml.TOO_LARGE),
    ],
)
def test_parse_refuses_what_twilio_refuses(inner: str, code: int) -> None:
    """Each fault has the number of Twilio's error."""
    with pytest.raises(twiml.TwimlError) as refusal:
        parse(inner)
    assert refusal.value.code == code


def test_parse_refuses_another_root() -> None:
    """A document is a Response."""
    with pytest.raises(twiml.TwimlError, match="<html>"):
        twiml.parse("<html/>", BASE)


def test_parse_refuses_doctypes() -> None:
    """Entities cannot blow a document up."""
    with pytest.raises(twiml.TwimlError, match="DOCTYPE"):
        twiml.parse('<!DOCTYPE r [<!ENTITY a "aa">]><Response><Say>&a;</Say></Response>', BASE)


@pytest.mark.parametrize(
    "inner", ["<Redirect>/next</Redirect>", "<Start><Stream url='/media'/></Start>"]
)
def test_rest_document_needs_absolute_urls(inner: str) -> None:
    """A document without an address has nothing to resolve against."""
    with pytest.raises(twiml.TwimlError) as refusal:
        parse(inner, base=None)
    assert refusal.value.code == twiml.INVALID_URL


@pytest.mark.parametrize(("length", "allowed"), [(494, True), (495, False)])
def test_stream_parameter_is_shorter_than_500_characters(length: int, allowed: bool) -> None:
    """Name and value count together."""
    inner = (
        f"<Start><Stream url='/m'><Parameter name='token' value='{'x' * length}'/></Stream></Start>"
    )
    if allowed:
        assert parse(inner)
    else:
        with pytest.raises(twiml.TwimlError, match="500"):
            parse(inner)


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200)))
def test_parse_raises_nothing_but_its_error(document: str | bytes) -> None:
    """Any bytes are a document or a TwimlError."""
    with suppress(twiml.TwimlError):
        assert isinstance(twiml.parse(document, BASE), tuple)
