"""What an editor may write, and what not."""

from datetime import time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from chatbot.actions import choices
from chatbot.models import (
    Bot,
    Intent,
    Keyword,
    OpeningTime,
    PhoneNumber,
    Pronunciation,
    Reply,
    Reprompt,
)
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db


def errors_of(row: Model) -> dict[str, list[str]]:
    """Return what the form of a row would complain about, by field."""
    with pytest.raises(ValidationError) as caught:
        row.full_clean()
    return caught.value.message_dict


@pytest.mark.parametrize("language", ["en", "en-US", "es-419", "cmn-Hans-CN"])
def test_bot_takes_language_tags(language: str) -> None:
    """Tags with and without script and region are languages."""
    Bot(name="A", greeting="B", fallback="C", language=language).full_clean()


@pytest.mark.parametrize("language", ["", "English", "en_US", "en-us", "EN-US", "en-US\n"])
def test_bot_refuses_other_languages(language: str) -> None:
    """What is not a tag is refused while the editor is there to mend it."""
    assert "language" in errors_of(Bot(name="A", greeting="B", fallback="C", language=language))


@pytest.mark.parametrize("seconds", [2, 61])
def test_bot_refuses_odd_silence(seconds: int) -> None:
    """A bot that waits too short or too long is refused."""
    bot = Bot(name="A", greeting="B", fallback="C", silence_seconds=seconds)
    assert "silence_seconds" in errors_of(bot)


def test_bot_silence_is_bounded_by_the_database_too() -> None:
    """Code that skips the forms cannot save what they would refuse."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Bot.objects.create(name="A", greeting="B", fallback="C", silence_seconds=2)


def test_bot_has_words_for_what_goes_wrong() -> None:
    """An editor need not think of silence and faults."""
    bot = create_bot()
    assert bot.no_input == "Are you still there?"
    assert bot.goodbye == "Goodbye."
    assert bot.apology.startswith("Sorry, I cannot hear you")


def test_intent_names_are_unique_in_a_bot() -> None:
    """Two intents of a bot cannot have the same name."""
    bot = create_bot()
    create_intent(bot, "hello")
    assert errors_of(Intent(bot=bot, name="hello")) == {
        "__all__": ["This bot already has an intent with this name."]
    }


def test_intent_names_may_repeat_in_another_bot() -> None:
    """Each bot has names of its own."""
    create_intent(create_bot("A"), "hello")
    Intent(bot=create_bot("B"), name="hello").full_clean()


def test_intents_are_listed_by_position() -> None:
    """The editor's order counts, then the order of creation."""
    bot = create_bot()
    for name, position in [("last", 2), ("first", 1), ("second", 1)]:
        Intent.objects.create(bot=bot, name=name, position=position)
    assert [intent.name for intent in bot.intents.all()] == ["first", "second", "last"]


@pytest.mark.parametrize("text", ["?!", "…", "'"])
def test_keyword_without_a_word_is_refused(text: str) -> None:
    """Nobody can say punctuation; the error says so."""
    keyword = Keyword(intent=create_intent(create_bot(), "hello"), text=text)
    assert "has no word in it" in errors_of(keyword)["text"][0]


def test_reply_without_text_and_action_is_refused() -> None:
    """A reply must say or do something."""
    reply = Reply(intent=create_intent(create_bot(), "hello"))
    assert errors_of(reply) == {"__all__": ["Write what the bot says, or choose what it does."]}


def test_reply_may_do_something_without_words() -> None:
    """Hanging up needs no text."""
    Reply(intent=create_intent(create_bot(), "bye"), action="hangup").full_clean()


def test_reply_offers_every_action() -> None:
    """Actions are defined once; the editor can choose each of them."""
    assert list(Reply._meta.get_field("action").flatchoices) == choices()


@pytest.mark.parametrize(
    ("action", "parameter"),
    [
        ("transfer", "call me"),
        ("transfer", "{number}"),
        ("play", "jingle.mp3"),
        ("play", ""),
        ("sms", ""),
        ("sms", "x" * 1601),
        ("goto", ""),
        ("post", "example.com"),
    ],
)
def test_reply_refuses_a_parameter_that_cannot_work(action: str, parameter: str) -> None:
    """The editor is told at once, beside the field."""
    intent = create_intent(create_bot(), "hello")
    reply = Reply(intent=intent, text="Well.", action=action, parameter=parameter)
    assert "parameter" in errors_of(reply)


def test_reply_drops_a_parameter_that_its_action_has_none_of() -> None:
    """What stands there from another action does not stay."""
    reply = Reply(intent=create_intent(create_bot(), "x"), text="Bye.", action="hangup")
    reply.parameter = reply.otherwise = "left over"
    reply.full_clean()
    assert (reply.parameter, reply.otherwise) == ("", "")


@pytest.mark.parametrize("text", ["my order is {order:digits}", "{name:words}", "1", "*", "#9"])
def test_keyword_may_have_blanks_or_be_keys(text: str) -> None:
    """What is said in a blank is kept."""
    Keyword(intent=create_intent(create_bot(), "hello"), text=text).full_clean()


@pytest.mark.parametrize("text", ["{order:colour}", "{", "{a}{b}", "{1:digits}"])
def test_keyword_with_an_unreadable_blank_is_refused(text: str) -> None:
    """The message says what is wrong."""
    keyword = Keyword(intent=create_intent(create_bot(), "hello"), text=text)
    assert errors_of(keyword)["text"][0]


def test_phone_number_is_kept_as_calls_name_it() -> None:
    """However the editor writes it."""
    number = PhoneNumber(bot=create_bot(), number="+31 20 765 4321")
    number.full_clean()
    assert number.number == "+31207654321"


def test_phone_number_has_one_bot() -> None:
    """A second bot cannot take it, in any spelling."""
    create_bot().phone_numbers.create(number="+31207654321")
    number = PhoneNumber(bot=create_bot("B"), number="+31 20 765 4321")
    assert errors_of(number) == {"number": ["Another bot answers this number already."]}


def test_opening_time_ends_after_it_begins() -> None:
    """A night is two rows."""
    row = OpeningTime(bot=create_bot(), weekday=0, opens=time(22), closes=time(6))
    assert "closes" in errors_of(row)


def test_opening_time_may_end_at_midnight() -> None:
    """00:00 is the end of the day."""
    OpeningTime(bot=create_bot(), weekday=0, opens=time(22), closes=time(0)).full_clean()


def test_one_bot_answers_all_other_numbers() -> None:
    """Two could not."""
    Bot.objects.create(name="A", greeting="A", fallback="A", is_default=True)
    second = Bot(name="B", greeting="B", fallback="B", is_default=True)
    assert errors_of(second) == {"__all__": ["Another bot answers all other numbers already."]}


def test_bot_elsewhere_needs_an_address() -> None:
    """Without one no turn could be answered."""
    bot = Bot(name="A", greeting="A", fallback="A", backend="rasa")
    assert "backend_url" in errors_of(bot)


def test_bot_is_transferred_to_a_number_that_is_known_from_the_begin() -> None:
    """Callers may ask for an operator before they said anything else."""
    bot = Bot(name="A", greeting="A", fallback="A", transfer_number="sip:{extension}@example.com")
    assert "transfer_number" in errors_of(bot)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc"])
def test_bot_refuses_an_unknown_time_zone(zone: str) -> None:
    """Its opening hours would have no clock."""
    assert "time_zone" in errors_of(Bot(name="A", greeting="A", fallback="A", time_zone=zone))


def test_reprompt_belongs_to_a_bot_or_an_intent() -> None:
    """Not to both, and not to none."""
    bot = create_bot()
    both = Reprompt(bot=bot, intent=create_intent(bot, "x"), kind="no-match", text="Again?")
    assert "__all__" in errors_of(both)
    assert "__all__" in errors_of(Reprompt(kind="no-match", text="Again?"))


@pytest.mark.parametrize("action", ["goto", "post"])
def test_reprompt_goes_nowhere_else(action: str) -> None:
    """Where nothing was understood there is no turn to ask about."""
    row = Reprompt(bot=create_bot(), kind="no-match", text="x", action=action, parameter="x")
    assert errors_of(row)


@pytest.mark.parametrize("phones", ["HH AH L OW", "HH AH0 L OW1", "AY"])
def test_pronunciation_takes_phones(phones: str) -> None:
    """Sounds are written as in the CMU dictionary, with or without stress."""
    Pronunciation(bot=create_bot(), word="hello", phones=phones).full_clean()


@pytest.mark.parametrize("phones", ["", "hh ah", "HH  AH", "HH-AH", "HH\nAH"])
def test_pronunciation_refuses_other_phones(phones: str) -> None:
    """What the recognizer could not read is refused."""
    row = Pronunciation(bot=create_bot(), word="hello", phones=phones)
    assert "phones" in errors_of(row)


@pytest.mark.parametrize("word", ["not good", "?"])
def test_pronunciation_is_of_one_word(word: str) -> None:
    """A phrase is pronounced word by word."""
    assert "word" in errors_of(Pronunciation(bot=create_bot(), word=word, phones="AH"))


def test_intent_summaries() -> None:
    """Lists show an intent's keywords and its first reply in a line each."""
    intent = create_intent(create_bot(), "hello", "hello", "hi", reply="Well.")
    intent.replies.create(action="hangup")
    assert intent.keyword_summary() == "hello, hi"
    assert intent.reply_summary() == "Well. (+1 more)"


def test_intent_summary_of_a_wordless_reply() -> None:
    """A reply without text shows what it does."""
    intent = Intent.objects.create(bot=create_bot(), name="bye")
    intent.replies.create(action="hangup")
    assert intent.reply_summary() == "(says nothing) (Hang up after saying this)"


def test_intent_summary_without_replies() -> None:
    """An intent that answers nothing has an empty summary."""
    assert Intent.objects.create(bot=create_bot(), name="bye").reply_summary() == ""


def test_reply_refuses_markup_that_voices_do_not_take() -> None:
    """The sentence stands beside the text."""
    reply = Reply(intent=create_intent(create_bot(), "x"), text="<speak><audio/></speak>")
    assert "do not know <audio>" in errors_of(reply)["text"][0]


def test_bot_refuses_faulty_markup_in_each_of_its_texts() -> None:
    """All at once, each beside its field."""
    bot = Bot(name="A", greeting="<speak>", fallback="C", closed_message="<speak>R&D</speak>")
    assert errors_of(bot).keys() == {"greeting", "closed_message"}


def test_reply_refuses_markup_that_would_be_read_out() -> None:
    """Such as a pause in a plain text."""
    reply = Reply(intent=create_intent(create_bot(), "x"), text="One <break time='1s'/> moment.")
    assert "would be read out" in errors_of(reply)["text"][0]


def test_good_markup_is_taken() -> None:
    """As plain text is."""
    greeting = '<speak>One <break time="300ms"/> moment.</speak>'
    Bot(name="A", greeting=greeting, fallback="1 < 2").full_clean()
