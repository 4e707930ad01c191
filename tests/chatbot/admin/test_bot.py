"""The page of a bot, and the list of them."""

from http import HTTPStatus

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings
from reversion.models import Revision

from chatbot.admin.keyword_warnings import MAX_WARNINGS
from chatbot.models import Bot, Reprompt
from tests.chatbot.admin.sending import (
    ADD_BOT,
    ADD_INTENT,
    BOTS,
    EARS,
    bot_form,
    bot_page,
    intent_page,
    reply,
    rows,
    text_of,
)
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db

STARTER = reverse("admin:chatbot_bot_add_starter", args=["nl"])


@pytest.fixture(autouse=True)
def _ears(settings: Settings) -> None:
    settings.CHATBOT_KEYWORD_CHECKS = [EARS]
    settings.CHATBOT_HEARS_KEYS = True


def member_of(group: str) -> User:
    """Create a member of the staff who is in one group."""
    user = User.objects.create_user(group.lower(), is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def editor(client: Client) -> Client:
    """A browser in which an editor is signed in."""
    client.force_login(member_of("Editor"))
    return client


@pytest.fixture
def supervisor(client: Client) -> Client:
    """A browser in which a supervisor is signed in."""
    client.force_login(member_of("Supervisor"))
    return client


# --- The list ----------------------------------------------------------------------------------


def test_bot_list_shows_what_there_is(admin_client: Client) -> None:
    """An editor sees which bots there are, who reaches them, and how much they know."""
    bot = create_bot()
    create_intent(bot, "hello", "hello")
    create_intent(bot, "bye", "bye")
    bot.phone_numbers.create(number="+31201234567")
    bot.phone_numbers.create(number="+31207654321")
    assert "Test bot en-US +31201234567, +31207654321 2" in text_of(admin_client.get(BOTS))


def test_bot_list_shows_which_bot_answers_all_other_numbers(admin_client: Client) -> None:
    """The default bot is told from those without a number."""
    Bot.objects.filter(pk=create_bot().pk).update(is_default=True)
    assert "Test bot en-US all others 0" in text_of(admin_client.get(BOTS))


def test_bot_list_is_searched_by_number(admin_client: Client) -> None:
    """A number finds the bot that answers it."""
    create_bot("Wanted").phone_numbers.create(number="+31201234567")
    create_bot("Other")
    shown = text_of(admin_client.get(BOTS, {"q": "1234567"}))
    assert "Wanted" in shown
    assert "Other" not in shown


def test_starter_bot_is_added_in_a_language(editor: Client) -> None:
    """One click gives a bot that answers, and leads to its page."""
    response = editor.post(STARTER)
    bot = Bot.objects.get(language="nl-NL")
    assert response.headers["Location"] == bot_page(bot)
    assert bot.intents.count() == 4


def test_starter_bot_is_recorded(editor: Client) -> None:
    """The history says who added it."""
    editor.post(STARTER)
    revision = Revision.objects.get()
    assert revision.user == User.objects.get(username="editor")
    assert revision.comment == "Added the starter bot in Nederlands."


def test_starter_bot_in_an_unknown_language_is_not_found(editor: Client) -> None:
    """The address of a button that there is not."""
    address = reverse("admin:chatbot_bot_add_starter", args=["xx"])
    assert editor.post(address).status_code == HTTPStatus.NOT_FOUND


def test_starter_bot_is_not_added_by_following_a_link(editor: Client) -> None:
    """Only the button adds one."""
    assert editor.get(STARTER).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert not Bot.objects.exists()


def test_bot_list_leads_to_the_import_of_a_bot(admin_client: Client) -> None:
    """A bot may also come from a file."""
    assert (
        f'href="{reverse("admin:chatbot_bot_import")}"' in admin_client.get(BOTS).content.decode()
    )


def test_starter_bot_is_not_added_by_a_supervisor(supervisor: Client) -> None:
    """Who reads bots adds none, and sees no button."""
    assert supervisor.post(STARTER).status_code == HTTPStatus.FORBIDDEN
    assert "Add a starter bot" not in text_of(supervisor.get(BOTS))
    assert not Bot.objects.exists()


def test_bots_are_not_deleted_by_a_supervisor(supervisor: Client) -> None:
    """The action on ticked rows is for editors too."""
    bot = create_bot()
    supervisor.post(BOTS, {"action": "delete_selected", "_selected_action": bot.pk, "post": "yes"})
    assert Bot.objects.exists()


def test_ticked_bots_are_deleted_by_an_editor(editor: Client) -> None:
    """An editor may do what a supervisor may not."""
    bot = create_bot()
    editor.post(BOTS, {"action": "delete_selected", "_selected_action": bot.pk, "post": "yes"})
    assert not Bot.objects.exists()


# --- The page: what it shows -------------------------------------------------------------------


def test_bot_page_lists_its_intents(admin_client: Client) -> None:
    """Each intent shows its keywords and reply, and leads to its page."""
    bot = create_bot()
    intent = create_intent(bot, "hello", "hello", "hi", reply="Well <met>.")
    response = admin_client.get(bot_page(bot))
    assert "hello hello, hi Well <met>." in text_of(response)
    assert f'href="{intent_page(intent)}"' in response.content.decode()


def test_bot_page_says_what_an_intent_follows(admin_client: Client) -> None:
    """A follow-up is told from what can be said at any time."""
    bot = create_bot()
    hello = create_intent(bot, "hello", "hello")
    create_intent(bot, "good", "good").follows.add(hello)
    assert "good right after hello good" in text_of(admin_client.get(bot_page(bot)))


def test_bot_page_lists_no_intent_of_another_bot(admin_client: Client) -> None:
    """The list is of this bot."""
    create_intent(create_bot("Other"), "stranger")
    assert "stranger" not in text_of(admin_client.get(bot_page(create_bot())))


def test_bot_page_says_that_there_are_no_intents(admin_client: Client) -> None:
    """An empty list is explained."""
    assert "The bot has no intents yet" in text_of(admin_client.get(bot_page(create_bot())))


def test_bot_page_says_that_a_bot_whose_answers_come_from_elsewhere_needs_no_intents(
    admin_client: Client,
) -> None:
    """It does understand its callers."""
    bot = create_bot()
    Bot.objects.update(backend=Bot.Backend.HTTP, backend_url="http://127.0.0.1:1/chat")
    page = text_of(admin_client.get(bot_page(bot)))
    assert "its answers come from a chatbot elsewhere" in page
    assert "understands nothing" not in page


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


def test_bot_page_shows_a_supervisor_all_and_no_field(supervisor: Client) -> None:
    """Who may not change a bot reads it, with its rows."""
    bot = create_bot()
    bot.reprompts.create(kind=Reprompt.Kind.NO_MATCH, text="Once more, please.")
    page = supervisor.get(bot_page(bot))
    assert "Once more, please." in text_of(page)
    assert "<textarea" not in page.content.decode()


@pytest.mark.parametrize("group", ["Editor", "Supervisor"])
def test_bot_page_keeps_the_secret(client: Client, group: str) -> None:
    """The secret signs for the installation: who does not connect bots never sees it."""
    client.force_login(member_of(group))
    bot = create_bot()
    assert bot.secret not in client.get(bot_page(bot)).content.decode()


def test_bot_page_shows_an_operator_the_secret(client: Client) -> None:
    """Who connects a bot tells the other side the secret."""
    client.force_login(member_of("Operator"))
    bot = create_bot()
    assert bot.secret in text_of(client.get(bot_page(bot)))


def test_bot_page_opens_the_section_with_a_fault(admin_client: Client) -> None:
    """What is wrong is not hidden under a heading."""
    bot = create_bot()
    page = admin_client.post(bot_page(bot), bot_form(bot, max_turns="0")).content.decode()
    opened = [part.split("</h2>")[0] for part in page.split('<details class="section" open>')[1:]]
    assert len(opened) == 1
    assert "Limits" in opened[0]


@pytest.mark.parametrize("page", ["list", "bot"])
def test_pages_of_bots_take_the_same_queries_for_one_row_and_200(
    admin_client: Client, page: str
) -> None:
    """A long list is no slower to query than a short one."""
    bot = create_bot()
    address = {"list": BOTS, "bot": bot_page(bot)}[page]

    def add_rows(number: int) -> None:
        intent = create_intent(bot, f"intent {number}", f"keyword {number}")
        intent.follows.add(bot.intents.first() or intent)
        bot.reprompts.create(kind=Reprompt.Kind.NO_MATCH, text="Pardon?", position=number)
        bot.phone_numbers.create(number=f"+3120{number:07}")
        bot.opening_times.create(weekday=number % 7, opens="09:00", closes="17:00")
        if page == "list":
            create_bot(f"Bot {number}").phone_numbers.create(number=f"+3130{number:07}")

    def queries() -> int:
        text_of(admin_client.get(address))  # a bot that was changed is compiled anew, once
        with CaptureQueriesContext(connection) as captured:
            text_of(admin_client.get(address))
        return len(captured)

    add_rows(0)
    few = queries()
    for number in range(1, 200):
        add_rows(number)
    assert queries() == few


# --- The page: what it saves -------------------------------------------------------------------


def test_bot_can_be_added(admin_client: Client) -> None:
    """A new bot needs a name and what callers hear."""
    admin_client.post(ADD_BOT, bot_form(Bot(name="New", greeting="Hi.", fallback="Pardon?")))
    assert Bot.objects.get().name == "New"


def test_bot_can_be_added_by_an_editor(editor: Client) -> None:
    """Who may not connect bots gets one that answers by its intents."""
    form = bot_form(Bot(name="New", greeting="Hi.", fallback="Pardon?"), backend="http")
    editor.post(ADD_BOT, form)
    assert Bot.objects.get().backend == Bot.Backend.SCRIPT


def test_bot_is_saved_with_all_of_its_rows(admin_client: Client) -> None:
    """One form holds the numbers, the hours and what is said when it goes wrong."""
    bot = create_bot()
    form = bot_form(
        bot,
        transfer_number="+31201234567",
        **rows("phone_numbers", {"number": "+31 20 765 4321"}),
        **rows("no_match", reply("Once more?"), reply("", "transfer", position="1")),
        **rows("no_input", reply("Hello?")),
        **rows("opening_times", {"weekday": "0", "opens": "09:00", "closes": "17:00"}),
        **rows("closed_days", {"day": "2026-12-25", "name": "Christmas"}),
    )
    response = admin_client.post(bot_page(bot), form)
    assert response.status_code == HTTPStatus.FOUND, response.context["errors"]
    assert [str(row) for row in bot.phone_numbers.all()] == ["+31207654321"]
    assert [(row.kind, str(row)) for row in bot.reprompts.all()] == [
        ("no-input", "Hello?"),
        ("no-match", "Once more?"),
        ("no-match", "Transfer the call"),
    ]
    assert [str(row) for row in bot.opening_times.all()] == ["Monday 09:00–17:00"]
    assert [str(row) for row in bot.closed_days.all()] == ["2026-12-25 Christmas"]


def test_bot_saved_by_an_editor_stays_where_its_answers_come_from(editor: Client) -> None:
    """Whatever is sent, an editor does not connect a bot."""
    bot = create_bot()
    form = bot_form(bot, backend="http", backend_url="http://192.0.2.1/", greeting="New.")
    editor.post(bot_page(bot), form)
    bot.refresh_from_db()
    assert (bot.greeting, bot.backend, bot.backend_url) == ("New.", "script", "")


def test_bot_saved_by_an_operator_gets_its_answers_elsewhere(client: Client) -> None:
    """An operator connects a bot."""
    client.force_login(member_of("Operator"))
    bot = create_bot()
    client.post(bot_page(bot), bot_form(bot, backend="http", backend_url="http://192.0.2.1/"))
    bot.refresh_from_db()
    assert (bot.backend, bot.backend_url) == ("http", "http://192.0.2.1/")


def test_bot_is_not_saved_by_a_supervisor(supervisor: Client) -> None:
    """A form that was sent without permission changes nothing."""
    bot = create_bot()
    response = supervisor.post(bot_page(bot), bot_form(bot, greeting="New."))
    assert response.status_code == HTTPStatus.FORBIDDEN
    bot.refresh_from_db()
    assert bot.greeting == "Welcome."


def test_bot_saved_is_recorded(editor: Client) -> None:
    """The history says who changed it."""
    bot = create_bot()
    editor.post(bot_page(bot), bot_form(bot, greeting="New."))
    assert Revision.objects.filter(user__username="editor").count() == 1


def test_bot_history_is_for_those_who_see_the_bot(client: Client) -> None:
    """Django's own page of changes asks for the same permission."""
    bot = create_bot()
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    address = reverse("admin:chatbot_bot_history", args=[bot.pk])
    assert client.get(address).status_code == HTTPStatus.FORBIDDEN


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
    form = bot_form(bot, **rows("pronunciations", {"word": "xylo", "phones": "Z AY L OW"}))
    shown = text_of(admin_client.post(bot_page(bot), form, follow=True))
    assert "Unknown word: xenon." in shown
    assert "Unknown word: xylo." not in shown


def test_bot_does_not_warn_when_other_things_change(admin_client: Client) -> None:
    """A new greeting, or a new number, does not bring up old warnings."""
    bot = create_bot()
    create_intent(bot, "hello", "xylo")
    form = bot_form(bot, greeting="New.", **rows("phone_numbers", {"number": "+31201234567"}))
    response = admin_client.post(bot_page(bot), form, follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["success"]


def test_bot_warnings_are_bounded(admin_client: Client) -> None:
    """Hundreds of warnings would hide the page."""
    bot = create_bot()
    create_intent(bot, "hello", *[f"x{number}" for number in range(MAX_WARNINGS + 3)])
    form = bot_form(bot, **rows("pronunciations", {"word": "hi", "phones": "HH AY"}))
    response = admin_client.post(bot_page(bot), form, follow=True)
    warnings = [str(message) for message in response.context["messages"]][:-1]
    assert len(warnings) == MAX_WARNINGS + 1
    assert warnings[-1] == "And 3 more warnings of this kind."


def test_bot_is_deleted_with_its_intents(admin_client: Client) -> None:
    """A bot that no call has used can go."""
    bot = create_bot()
    create_intent(bot, "hello", "hello")
    admin_client.post(reverse("admin:chatbot_bot_delete", args=[bot.pk]), {"post": "yes"})
    assert not Bot.objects.exists()
