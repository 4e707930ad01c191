"""What the bot says and does, row by row, as a form takes it."""

import pytest
from django.test import Client

from chatbot.models import Bot, Intent
from tests.chatbot.admin.sending import (
    ADD_INTENT,
    Row,
    bot_form,
    bot_page,
    intent_form,
    intent_page,
    reply,
    rows,
    text_of,
)
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db

NO_NUMBER = "Neither this row nor the bot has a number to transfer to."


def sent(admin_client: Client, bot: Bot, *replies: Row) -> str:
    """Return what an editor sees who adds an intent with these replies."""
    return text_of(admin_client.post(ADD_INTENT, intent_form(bot, replies=replies), follow=True))


def test_reply_goes_to_an_intent_of_the_bot(admin_client: Client) -> None:
    """Its name is kept."""
    bot = create_bot()
    create_intent(bot, "hello")
    sent(admin_client, bot, reply("", "goto", "hello"))
    assert Intent.objects.get(name="weather").replies.get().parameter == "hello"


def test_reply_to_an_unknown_intent_is_refused(admin_client: Client) -> None:
    """The editor is told what to write."""
    shown = sent(admin_client, create_bot(), reply("", "goto", "hello"))
    assert "This bot has no intent “hello”. Write the name of one of its intents." in shown


def test_reply_to_an_intent_of_another_bot_is_refused(admin_client: Client) -> None:
    """Names count within the bot."""
    create_intent(create_bot("Other"), "hello")
    shown = sent(admin_client, create_bot(), reply("", "goto", "hello"))
    assert "This bot has no intent “hello”." in shown


@pytest.mark.parametrize("written", ["Hello", "helo"])
def test_reply_to_a_misspelt_intent_is_given_its_name(admin_client: Client, written: str) -> None:
    """Whoever errs by a letter is helped."""
    bot = create_bot()
    create_intent(bot, "hello")
    assert "Do you mean “hello”?" in sent(admin_client, bot, reply("", "goto", written))


def test_reply_that_is_deleted_may_go_anywhere(admin_client: Client) -> None:
    """What is on its way out is not looked at."""
    bot = create_bot()
    intent = create_intent(bot, "weather", "sunny")
    row = intent.replies.get()
    row.action, row.parameter = "goto", "gone"
    row.save()
    form = {
        **intent_form(bot),
        **rows("replies", reply("", "goto", "gone", id=str(row.pk), DELETE="on")),
    }
    admin_client.post(intent_page(intent), form)
    assert not intent.replies.exists()


def test_transfer_without_a_number_anywhere_is_refused(admin_client: Client) -> None:
    """Callers would be told that nobody answers."""
    assert NO_NUMBER in sent(admin_client, create_bot(), reply("", "transfer"))


def test_transfer_by_the_number_of_the_bot(admin_client: Client) -> None:
    """The bot has a number for all of its replies."""
    bot = create_bot()
    Bot.objects.filter(pk=bot.pk).update(transfer_number="+31201234567")
    sent(admin_client, bot, reply("", "transfer"))
    assert Intent.objects.get().replies.get().action == "transfer"


def test_transfer_of_the_bot_by_the_number_that_comes_with_it(admin_client: Client) -> None:
    """Number and row are saved together."""
    bot = create_bot()
    form = bot_form(bot, transfer_number="+31201234567", **rows("no_match", reply("", "transfer")))
    admin_client.post(bot_page(bot), form)
    assert bot.reprompts.get().action == "transfer"


def test_transfer_of_the_bot_without_a_number_is_refused(admin_client: Client) -> None:
    """Nor is the number taken away from under it."""
    bot = create_bot()
    form = bot_form(bot, **rows("no_match", reply("", "transfer")))
    assert NO_NUMBER in text_of(admin_client.post(bot_page(bot), form))


def test_row_that_says_and_does_nothing_is_refused(admin_client: Client) -> None:
    """A caller would hear silence."""
    shown = sent(admin_client, create_bot(), reply("", position="1"))
    assert "Write what the bot says, or choose what it does." in shown


def test_action_without_its_parameter_is_refused(admin_client: Client) -> None:
    """The editor is told what the action needs."""
    shown = sent(admin_client, create_bot(), reply("", "sms"))
    assert "“Send an SMS to the caller” needs the text of the SMS." in shown


def test_parameter_of_an_action_without_one_is_dropped(admin_client: Client) -> None:
    """What a field held for another action is not kept."""
    sent(admin_client, create_bot(), reply("Bye.", "hangup", "+31201234567", otherwise="Oh."))
    row = Intent.objects.get().replies.get()
    assert (row.parameter, row.otherwise) == ("", "")


def test_reprompt_is_not_offered_what_cannot_be_done_there(admin_client: Client) -> None:
    """An intent can be gone to from a reply alone."""
    page = admin_client.get(bot_page(create_bot()))
    assert "Transfer the call" in text_of(page)
    assert "Go to an intent" not in text_of(page)


def test_reprompt_of_one_kind_is_not_shown_among_the_other(admin_client: Client) -> None:
    """Each kind has rows of its own."""
    bot = create_bot()
    bot.reprompts.create(kind="no-input", text="Hello?")
    page = admin_client.get(bot_page(bot)).content.decode()
    assert 'name="no_input-INITIAL_FORMS" value="1"' in page
    assert 'name="no_match-INITIAL_FORMS" value="0"' in page


def test_new_row_is_put_behind_the_others(admin_client: Client) -> None:
    """Replies are given in the order in which they were added."""
    bot = create_bot()
    intent = create_intent(bot, "weather")
    intent.replies.create(text="Second.", position=4)
    page = admin_client.get(intent_page(intent)).content.decode()
    assert '<input type="number" name="replies-__prefix__-position" value="5"' in page


def test_row_that_nobody_filled_in_is_not_saved(admin_client: Client) -> None:
    """The position that is proposed for it does not make it a row."""
    bot = create_bot()
    intent = create_intent(bot, "weather")
    row = intent.replies.get()
    form = {
        **intent_form(bot),
        **rows("replies", reply("Well.", id=str(row.pk)), reply("", position="1")),
    }
    admin_client.post(intent_page(intent), form)
    assert intent.replies.count() == 1
