"""The admin pages on which an editor writes a bot."""

import html
import logging
import re
from http import HTTPStatus

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from chatbot.admin import MAX_WARNINGS
from chatbot.models import Bot, Intent
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db

BOTS = reverse("admin:chatbot_bot_changelist")
INTENTS = reverse("admin:chatbot_intent_changelist")
ADD_INTENT = reverse("admin:chatbot_intent_add")


def check(text: str, language: str, pronunciations: list[tuple[str, str]]) -> list[str]:
    """Know the English words that do not begin with an x, and the pronounced ones."""
    known = {word for word, _ in pronunciations}
    if language != "en-US":
        return [f"No word of {language} is known."]
    return [f"Unknown word: {text}."] if text.startswith("x") and text not in known else []


@pytest.fixture(autouse=True)
def _checks(settings: Settings) -> None:
    settings.CHATBOT_KEYWORD_CHECKS = [f"{__name__}.check"]


def bot_page(bot: Bot) -> str:
    return reverse("admin:chatbot_bot_change", args=[bot.pk])


def intent_page(intent: Intent) -> str:
    return reverse("admin:chatbot_intent_change", args=[intent.pk])


def text_of(response: HttpResponse) -> str:
    """Return what a page shows, as a row of words."""
    assert response.status_code == HTTPStatus.OK
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", response.content.decode())).split())


def bot_form(bot: Bot, **changes: str) -> dict[str, str]:
    """Return what the browser sends when an editor saves a bot that has no pronunciations."""
    fields = "name language voice greeting fallback silence_seconds no_input goodbye apology"
    return {
        **{name: str(getattr(bot, name)) for name in fields.split()},
        "pronunciations-TOTAL_FORMS": "1",
        "pronunciations-INITIAL_FORMS": "0",
        **changes,
    }


def intent_form(bot: Bot, *keywords: str, **changes: str) -> dict[str, str]:
    """Return what the browser sends when an editor adds an intent with one reply."""
    return {
        "bot": str(bot.pk),
        "name": "weather",
        "position": "0",
        "keywords-TOTAL_FORMS": str(len(keywords)),
        "keywords-INITIAL_FORMS": "0",
        **{f"keywords-{row}-text": text for row, text in enumerate(keywords)},
        "replies-TOTAL_FORMS": "1",
        "replies-INITIAL_FORMS": "0",
        "replies-0-text": "It rains.",
        "replies-0-action": "",
        "replies-0-position": "0",
        **changes,
    }


def test_bot_list_shows_the_number_of_intents(admin_client: Client) -> None:
    """An editor sees which bots there are and how much they know."""
    bot = create_bot()
    create_intent(bot, "hello", "hello")
    create_intent(bot, "bye", "bye")
    assert "Test bot en-US 2" in text_of(admin_client.get(BOTS))


def test_bot_page_lists_its_intents(admin_client: Client) -> None:
    """Each intent shows its keywords and reply, and leads to its page."""
    bot = create_bot()
    intent = create_intent(bot, "hello", "hello", "hi", reply="Well <met>.")
    response = admin_client.get(bot_page(bot))
    assert "hello hello, hi Well <met>." in text_of(response)
    assert f'href="{intent_page(intent)}"' in response.content.decode()


def test_bot_page_lists_no_intent_of_another_bot(admin_client: Client) -> None:
    """The list is of this bot."""
    create_intent(create_bot("Other"), "elsewhere")
    assert "elsewhere" not in text_of(admin_client.get(bot_page(create_bot())))


def test_bot_page_says_that_there_are_no_intents(admin_client: Client) -> None:
    """An empty list is explained."""
    assert "The bot has no intents yet" in text_of(admin_client.get(bot_page(create_bot())))


def test_bot_page_leads_to_a_new_intent_of_the_bot(admin_client: Client) -> None:
    """The form of a new intent has the bot chosen already."""
    create_bot("Other")
    bot = create_bot()
    link = f"{ADD_INTENT}?bot={bot.pk}"
    assert link in admin_client.get(bot_page(bot)).content.decode()
    assert f'<option value="{bot.pk}" selected>' in admin_client.get(link).content.decode()


def test_bot_page_of_an_editor_without_intents(client: Client) -> None:
    """Who may not see intents sees the bot alone."""
    editor = User.objects.create_user("editor", is_staff=True)
    editor.user_permissions.add(Permission.objects.get(codename="change_bot"))
    client.force_login(editor)
    bot = create_bot()
    create_intent(bot, "hello", "secret")
    assert "secret" not in text_of(client.get(bot_page(bot)))


def test_bot_can_be_added(admin_client: Client) -> None:
    """A new bot needs a name and what callers hear."""
    form = bot_form(Bot(name="New", greeting="Hi.", fallback="Pardon?"))
    admin_client.post(reverse("admin:chatbot_bot_add"), form)
    assert Bot.objects.get().name == "New"


@pytest.mark.parametrize("page", ["bots", "bot", "intents", "intent"])
def test_pages_take_the_same_queries_for_one_row_and_fifty(admin_client: Client, page: str) -> None:
    """A long list is no slower to query than a short one."""
    bot = create_bot()
    intent = create_intent(bot, "first", "first")
    address = {
        "bots": BOTS,
        "bot": bot_page(bot),
        "intents": INTENTS,
        "intent": intent_page(intent),
    }[page]

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            text_of(admin_client.get(address))
        return len(captured)

    few = queries()
    for number in range(49):
        create_intent(bot, f"intent {number}", f"keyword {number}")
        create_intent(create_bot(f"Bot {number}"), "hello", "hello")
        intent.keywords.create(text=f"first {number}")
        intent.replies.create(text=f"Well {number}.")
    assert queries() == few


def test_intent_list_shows_keywords_and_reply(admin_client: Client) -> None:
    """An editor sees at a glance what leads to what."""
    create_intent(create_bot(), "hello", "hi", "hey", reply="Well met.")
    assert "hello Test bot hi, hey Well met." in text_of(admin_client.get(INTENTS))


@pytest.mark.parametrize("words", ["weather", "sunny", "rains"])
def test_intent_list_is_searched_by_name_keyword_and_reply(
    admin_client: Client, words: str
) -> None:
    """Whatever an editor remembers of an intent finds it."""
    bot = create_bot()
    create_intent(bot, "weather", "sunny", reply="It rains.")
    create_intent(bot, "elsewhere", "other", reply="No.")
    shown = text_of(admin_client.get(INTENTS, {"q": words}))
    assert "weather Test bot sunny" in shown
    assert "elsewhere" not in shown


def test_intent_page_leads_back_to_its_bot(admin_client: Client) -> None:
    """The way up goes to the bot, not to the intents of all bots."""
    bot = create_bot()
    page = admin_client.get(intent_page(create_intent(bot, "hello"))).content.decode()
    assert f'<a href="{bot_page(bot)}">Test bot</a>' in page


def test_intent_is_saved_with_keywords_and_reply(admin_client: Client) -> None:
    """One form holds all of an intent, and its saving leads back to the bot."""
    bot = create_bot()
    form = intent_form(bot, "weather", "sunny", **{"replies-0-action": "hangup"})
    response = admin_client.post(ADD_INTENT, form)
    assert response.headers["Location"] == bot_page(bot)
    intent = Intent.objects.get()
    assert intent.keyword_summary() == "weather, sunny"
    assert intent.replies.get().action == "hangup"


def test_intent_saved_by_an_editor_without_bots_leads_to_the_list(client: Client) -> None:
    """Nobody is sent to a page that is closed to him."""
    editor = User.objects.create_user("editor", is_staff=True)
    editor.user_permissions.add(Permission.objects.get(codename="change_intent"))
    client.force_login(editor)
    bot = create_bot()
    intent = create_intent(bot, "hello")
    response = client.post(intent_page(intent), {"bot": bot.pk, "name": "hi", "position": "0"})
    assert response.headers["Location"] == INTENTS


def test_intent_refuses_the_same_keyword_twice(admin_client: Client) -> None:
    """Keywords that are the same to the bot are shown to the editor side by side."""
    response = admin_client.post(ADD_INTENT, intent_form(create_bot(), "Café", "cafe!"))
    assert "This is the same keyword as “Café”." in text_of(response)
    assert not Intent.objects.exists()


def test_intent_keyword_may_be_replaced_by_another_spelling(admin_client: Client) -> None:
    """A row that is being deleted is no duplicate."""
    bot = create_bot()
    intent = create_intent(bot, "weather", "cafe")
    changes = {
        "keywords-INITIAL_FORMS": "1",
        "keywords-0-id": str(intent.keywords.get().pk),
        "keywords-0-DELETE": "on",
    }
    admin_client.post(intent_page(intent), intent_form(bot, "cafe", "Café", **changes))
    assert intent.keyword_summary() == "Café"


def test_intent_refuses_a_keyword_without_words(admin_client: Client) -> None:
    """The editor is told what a keyword is."""
    response = admin_client.post(ADD_INTENT, intent_form(create_bot(), "?!"))
    assert "“?!” has no word in it" in text_of(response)


def test_intent_warns_of_keywords_that_may_not_be_heard(
    admin_client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """The editor and the log are told, and the intent is saved all the same."""
    with caplog.at_level(logging.WARNING, "chatbot"):
        response = admin_client.post(
            ADD_INTENT, intent_form(create_bot(), "xylo", "sunny"), follow=True
        )
    assert "Unknown word: xylo." in text_of(response)
    assert "Unknown word: xylo." in caplog.text
    assert Intent.objects.exists()


def test_bot_warns_when_its_language_changes(admin_client: Client) -> None:
    """A new language may make every keyword unknown."""
    bot = create_bot()
    create_intent(bot, "hello", "hello", "hi")
    response = admin_client.post(bot_page(bot), bot_form(bot, language="de-DE"), follow=True)
    assert "No word of de-DE is known." in text_of(response)


def test_bot_warns_when_its_pronunciations_change(admin_client: Client) -> None:
    """A pronunciation settles the warning of its word, and leaves the others."""
    bot = create_bot()
    create_intent(bot, "hello", "xylo", "xenon")
    row = {"pronunciations-0-word": "xylo", "pronunciations-0-phones": "Z AY L OW"}
    shown = text_of(admin_client.post(bot_page(bot), bot_form(bot, **row), follow=True))
    assert "Unknown word: xenon." in shown
    assert "Unknown word: xylo." not in shown


def test_bot_does_not_warn_when_other_things_change(admin_client: Client) -> None:
    """A new greeting does not bring up old warnings."""
    bot = create_bot()
    create_intent(bot, "hello", "xylo")
    form = bot_form(bot, greeting="New.")
    assert "Unknown word:" not in text_of(admin_client.post(bot_page(bot), form, follow=True))


def test_bot_warnings_are_bounded(admin_client: Client) -> None:
    """Hundreds of warnings would hide the page."""
    bot = create_bot()
    create_intent(bot, "hello", *[f"x{number}" for number in range(MAX_WARNINGS + 3)])
    row = {"pronunciations-0-word": "hi", "pronunciations-0-phones": "HH AY"}
    shown = text_of(admin_client.post(bot_page(bot), bot_form(bot, **row), follow=True))
    assert shown.count("Unknown word:") == MAX_WARNINGS
    assert "And 3 more warnings of this kind." in shown


def test_bot_is_deleted_with_its_intents(admin_client: Client) -> None:
    """A bot that no call has used can go."""
    bot = create_bot()
    create_intent(bot, "hello", "hello")
    admin_client.post(reverse("admin:chatbot_bot_delete", args=[bot.pk]), {"post": "yes"})
    assert not Bot.objects.exists()
