"""Replies with markup for the voice."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot import ssml
from chatbot.values import Value

ORDER = Value("digits", "4477", "four four seven seven")
PHONE = Value("phone", "+31201234567", "oh two oh one two three four five six seven")
NAME = Value("words", "Ann & <b>Bob</b>", "Ann & <b>Bob</b>")

TEXTS = st.text(max_size=60)
FRAGMENTS = st.lists(
    st.sampled_from(
        [
            "<speak>",
            "</speak>",
            "<break/>",
            '<break time="1s"/>',
            "<p>",
            "</p>",
            '<sub alias="{a}">',
            "</sub>",
            "{a}",
            "{b}",
            "&amp;",
            "&",
            "<",
            "]]>",
            "<![CDATA[",
            "<!--",
            "-->",
            "<?x ?>",
            " word. ",
        ]
    ),
    max_size=12,
).map("".join)
MARKUP = st.one_of(TEXTS, FRAGMENTS).map(lambda inside: f"<speak>{inside}</speak>")
REPLIES = st.one_of(TEXTS, FRAGMENTS, MARKUP)
VALUES = st.dictionaries(
    st.sampled_from(["a", "b"]),
    st.one_of(st.just(ORDER), st.just(PHONE), TEXTS.map(lambda text: Value("words", text, text))),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<speak>Hi</speak>", True),
        ("\n <speak xml:lang='en-US'>", True),
        ("<speaker>", False),
        ("Say <speak>", False),
        ("", False),
    ],
)
def test_markup_begins_with_speak(text: str, expected: bool) -> None:
    """Whatever begins otherwise is said as it stands."""
    assert ssml.is_ssml(text) is expected


class TestProblems:
    """What the editor is told."""

    def test_all_elements_of_the_voices_are_taken(self) -> None:
        """What Twilio and Google both know is no problem."""
        assert (
            ssml.problems(
                '<speak version="1.0" xml:lang="en-US"><p><s>One<break time="500ms"/></s></p>'
                '<emphasis level="strong">two</emphasis><lang xml:lang="fr-FR">trois</lang>'
                '<phoneme alphabet="ipa" ph="fɔː">four</phoneme><prosody rate="90%">5</prosody>'
                '<say-as interpret-as="digits">6</say-as><sub alias="seven">7</sub>'
                '<w role="amazon:VB">read</w></speak>'
            )
            == []
        )

    def test_plain_text_has_none(self) -> None:
        """A smaller-than sign in a plain text is a word."""
        assert ssml.problems("1 < 2 & 3 > 2") == []

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("<speak>One", "not well-formed at line 1, column 11"),
            ("<speak>R&D</speak>", "write “&amp;” for “&”"),
            ("<speak/> and more", "not well-formed"),
            ("<speak><audio src='x'/></speak>", "do not know <audio>"),
            ("<speak><speak/></speak>", "do not know <speak>"),
            ("<speak><p align='left'/></speak>", "“align” in <p>, which takes no attribute"),
            ("<speak><sub>Dr</sub></speak>", "<sub> needs a value for “alias”"),
            ("<speak><break time='soon'/></speak>", "“soon” is no length of a pause"),
            ("<speak><break time='11s'/></speak>", "10 seconds are the most"),
            ("<speak>" + "<p>" * 16 + "</p>" * 16 + "</speak>", "more than 16 deep"),
        ],
    )
    def test_each_fault_has_its_sentence(self, text: str, sentence: str) -> None:
        """The editor reads what is wrong, and where."""
        (problem,) = ssml.problems(text)
        assert sentence in problem

    def test_every_unknown_element_is_named(self) -> None:
        """The editor mends all at once."""
        assert len(ssml.problems("<speak><audio/><mark/><audio/></speak>")) == 2

    def test_entity_bomb_is_refused_unread(self) -> None:
        """No entity can be declared, so none grows."""
        bomb = (
            '<!DOCTYPE speak [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
            "<speak>&b;</speak>"
        )
        assert ssml.problems(bomb) == []
        assert ssml.plain(bomb) == bomb
        (problem,) = ssml.problems("<speak>&b;</speak>")
        assert "undefined entity" in problem

    @given(REPLIES)
    def test_no_text_raises(self, text: str) -> None:
        """Whatever an editor saves, he gets sentences."""
        assert all(sentence.endswith(".") for sentence in ssml.problems(text))


class TestSlips:
    """What an editor cannot have meant."""

    @pytest.mark.parametrize(
        "text",
        [
            "Hello. <break time='1s'/> How are you?",
            "<SPEAK>Hello.</SPEAK>",
            '<?xml version="1.0"?><speak>Hello.</speak>',
            "Hello.</prosody>",
        ],
    )
    def test_markup_that_does_not_begin_with_speak_would_be_read_out(self, text: str) -> None:
        """As it stands in many an example."""
        (sentence,) = ssml.slips(text)
        assert "begins with “<speak>”" in sentence

    @pytest.mark.parametrize("text", ["<speak></speak>", "<speak> <p> </p></speak>"])
    def test_markup_without_words_leaves_nothing_to_say(self, text: str) -> None:
        """No voice makes audio of it."""
        (sentence,) = ssml.slips(text)
        assert "no words" in sentence

    @pytest.mark.parametrize(
        "text", ["Hello.", "1 < 2", "<speak>Hello.</speak>", "<speak><break/></speak>", "a <p> b"]
    )
    def test_other_texts_are_meant(self, text: str) -> None:
        """Silence too."""
        assert ssml.slips(text) == []


class TestPlain:
    """What is said."""

    def test_markup_is_left_out(self) -> None:
        """The transcript has the words alone."""
        text = "<speak>One <break/> moment,<p>please &amp; wait</p><p>here</p>.</speak>"
        assert ssml.plain(text) == "One moment, please & wait here."

    def test_comment_leaves_one_text(self) -> None:
        """What stands around it belongs together."""
        root = ssml.tree("<speak>One<!-- and --> two<![CDATA[ & three]]></speak>")
        assert root is not None
        assert root.children == ["One two & three"]

    def test_substitute_is_what_is_heard(self) -> None:
        """An alias replaces what is written."""
        assert ssml.plain('<speak><sub alias="Doctor">Dr.</sub> Who</speak>') == "Doctor Who"

    def test_spelled_characters_stand_apart(self) -> None:
        """A voice without markup says them one by one."""
        text = '<speak>Order <say-as interpret-as="digits">4477</say-as></speak>'
        assert ssml.plain(text) == "Order 4 4 7 7"

    def test_plain_text_stays_as_it_is(self) -> None:
        """Also with spaces and signs of its own."""
        assert ssml.plain(" 1 <  2 ") == " 1 <  2 "

    def test_faulty_markup_keeps_its_words(self) -> None:
        """A caller hears the words, never the tags."""
        assert ssml.plain("<speak>R&D <b>now</b") == "R&D now"

    @given(REPLIES)
    def test_no_text_raises(self, text: str) -> None:
        """Every text can be said."""
        assert isinstance(ssml.plain(text), str)


class TestPassages:
    """For voices without markup."""

    def test_pauses_part_the_words(self) -> None:
        """A break is heard as a pause."""
        text = '<speak>One<break time="1.5s"/>two <break strength="strong"/>three</speak>'
        assert ssml.passages(text) == (
            ssml.Passage("One", 1500),
            ssml.Passage("two", 700),
            ssml.Passage("three"),
        )

    def test_sentences_are_parted(self) -> None:
        """A sentence ends also where no full stop does it."""
        text = "<speak><s>One</s><s>two</s></speak>"
        assert [passage.text for passage in ssml.passages(text)] == ["One", "two"]


class TestFill:
    """Values in the place of placeholders."""

    def fill(self, text: str) -> str:
        values = {"order": ORDER, "phone": PHONE, "name": NAME}
        return ssml.fill(text, values, "nl-NL")

    def test_plain_reply_is_filled_as_ever(self) -> None:
        """Digits are said one by one."""
        assert self.fill("Order {order}, {missing} right?") == "Order 4 4 7 7, right?"

    def test_digits_are_marked_as_digits(self) -> None:
        """And stand apart, for voices that do not know the mark."""
        assert self.fill("<speak>Order {order}.</speak>") == (
            '<speak>Order <say-as interpret-as="digits">4 4 7 7</say-as>.</speak>'
        )

    def test_groups_of_a_telephone_number_are_marked_each(self) -> None:
        """The pause between the groups remains."""
        assert self.fill("<speak>{phone}</speak>") == (
            '<speak><say-as interpret-as="digits">0 2 0</say-as>, '
            '<say-as interpret-as="digits">1 2 3</say-as>, '
            '<say-as interpret-as="digits">4 5 6 7</say-as></speak>'
        )

    def test_words_of_a_caller_are_no_markup(self) -> None:
        """They are escaped."""
        assert self.fill("<speak>Hi {name}</speak>") == (
            "<speak>Hi Ann &amp; &lt;b&gt;Bob&lt;/b&gt;</speak>"
        )

    def test_value_in_an_attribute_is_text(self) -> None:
        """No element can stand there."""
        text = '<speak><sub alias="order {order}">it</sub></speak>'
        assert self.fill(text) == '<speak><sub alias="order 4 4 7 7">it</sub></speak>'

    def test_value_that_the_editor_marked_is_marked_once(self) -> None:
        """Voices take no element in these."""
        text = '<speak><say-as interpret-as="characters">{order}</say-as></speak>'
        assert self.fill(text) == text.replace("{order}", "4 4 7 7")

    def test_missing_value_leaves_no_gap(self) -> None:
        """As in plain replies."""
        assert self.fill("<speak>Thank you {nobody}!</speak>") == "<speak>Thank you!</speak>"

    def test_faulty_markup_is_filled_as_words(self) -> None:
        """What was stored before it was checked is said all the same."""
        assert self.fill("<speak>Order {order} & more") == "Order 4 4 7 7 & more"

    def test_caller_cannot_make_a_plain_reply_markup(self) -> None:
        """What he says is said back, and not read."""
        values = {"a": Value("words", "<speak>hi</speak>", "<speak>hi</speak>")}
        assert not ssml.is_ssml(ssml.fill("{a}", values, "en-US"))

    @given(REPLIES, VALUES)
    def test_what_comes_out_can_be_read(self, text: str, values: dict[str, Value]) -> None:
        """Whatever callers say, no reply breaks."""
        filled = ssml.fill(text, values, "en-US")
        if ssml.is_ssml(filled):
            ET.fromstring(filled)
            assert ssml.problems(filled) == []


class TestJoin:
    """Texts that are said one after the other."""

    def test_plain_texts_make_a_plain_one(self) -> None:
        """Empty ones leave nothing."""
        assert ssml.join(["One.", "", "Two."]) == "One. Two."

    def test_one_with_markup_makes_markup_of_all(self) -> None:
        """The plain ones are escaped."""
        assert ssml.join(["R&D.", "<speak>Two<break/></speak>"]) == (
            "<speak>R&amp;D. Two<break></break></speak>"
        )

    @given(st.lists(REPLIES, max_size=4))
    def test_what_comes_out_can_be_read(self, texts: list[str]) -> None:
        """Also where one of them cannot."""
        assert ssml.problems(ssml.join(texts)) == []
