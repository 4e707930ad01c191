"""What an editor may write, and what not."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from chatbot import script
from chatbot.models import Bot, Intent, Keyword, Pronunciation, Reply
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db


def errors_of(row: Bot | Intent | Keyword | Reply | Pronunciation) -> dict[str, list[str]]:
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
    Reply(intent=create_intent(create_bot(), "bye"), action=Reply.Action.HANGUP).full_clean()


def test_reply_offers_every_action_of_a_script() -> None:
    """Actions are defined once; the editor can choose each of them."""
    assert set(Reply.Action.values) == {action.value for action in script.Action}


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
    intent.replies.create(action=Reply.Action.HANGUP)
    assert intent.keyword_summary() == "hello, hi"
    assert intent.reply_summary() == "Well. (+1 more)"


def test_intent_summary_of_a_wordless_reply() -> None:
    """A reply without text shows what it does."""
    intent = Intent.objects.create(bot=create_bot(), name="bye")
    intent.replies.create(action=Reply.Action.HANGUP)
    assert intent.reply_summary() == "(says nothing) (Hang up after saying this)"


def test_intent_summary_without_replies() -> None:
    """An intent that answers nothing has an empty summary."""
    assert Intent.objects.create(bot=create_bot(), name="bye").reply_summary() == ""
