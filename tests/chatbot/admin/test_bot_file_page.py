"""A bot is exported, replaced by a file, copied, and made from a file."""

from collections.abc import Iterable
from http import HTTPStatus

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from reversion.models import Revision

from chatbot.bot_file import MAX_BYTES, bot_contents, write
from chatbot.models import Bot
from chatbot.starter import create_starter_bot
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db

IMPORT = reverse("admin:chatbot_bot_import")

ADD = ["view_bot", "change_bot", "add_bot", "add_intent"]
REPLACE = ["view_bot", "change_bot", "add_intent", "change_intent", "delete_intent"]


def page_of(bot: Bot) -> str:
    return reverse("admin:chatbot_bot_file", args=[bot.pk])


def export_of(bot: Bot) -> str:
    return reverse("admin:chatbot_bot_export", args=[bot.pk])


def file_of(bot: Bot) -> str:
    return write(bot_contents(bot.pk))


def upload(text: str | bytes) -> dict[str, SimpleUploadedFile]:
    """Return what the form sends with a file chosen in it."""
    data = text if isinstance(text, bytes) else text.encode()
    return {"file": SimpleUploadedFile("bot.yaml", data)}


def client_of(permissions: Iterable[str]) -> Client:
    """Return a browser of a member of the staff who may do this."""
    user = User.objects.create(username="editor", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def confirm(client: Client, bot: Bot, shown: HttpResponse) -> HttpResponse:
    """Press the button below what the file would change."""
    return client.post(page_of(bot), {"step": "replace", "token": shown.context["token"]})


# --- Export -----------------------------------------------------------------------------------


def test_export_is_a_file_of_the_bot(admin_client: Client) -> None:
    """It is what the command writes, under the name of the bot."""
    bot = create_starter_bot("en")
    response = admin_client.get(export_of(bot))
    assert response.content.decode() == file_of(bot)
    assert response["Content-Disposition"] == 'attachment; filename="starter-bot.yaml"'


def test_export_of_a_name_without_letters_has_a_number(admin_client: Client) -> None:
    """Every file has a name."""
    bot = create_bot("日本")
    disposition = admin_client.get(export_of(bot))["Content-Disposition"]
    assert disposition == f'attachment; filename="bot-{bot.pk}.yaml"'


def test_export_is_for_who_may_view_the_bot() -> None:
    """Others get neither the file nor the page."""
    bot = create_bot()
    client = client_of(["view_intent"])
    assert client.get(export_of(bot)).status_code == HTTPStatus.FORBIDDEN
    assert client.get(page_of(bot)).status_code == HTTPStatus.FORBIDDEN


def test_export_of_no_bot_is_not_found(admin_client: Client) -> None:
    """The bot may have been deleted."""
    response = admin_client.get(reverse("admin:chatbot_bot_export", args=[4711]))
    assert response.status_code == HTTPStatus.NOT_FOUND


# --- Import into a bot ------------------------------------------------------------------------


def test_file_is_shown_before_it_is_saved(admin_client: Client) -> None:
    """The editor sees what would change, and nothing has."""
    bot = create_starter_bot("en")
    text = file_of(bot).replace("Nice, I am happy for you.", "Lovely.")
    shown = admin_client.post(page_of(bot), upload(text))
    assert shown.context["changes"] == ["Intents: 1 changed – “good”."]
    assert file_of(bot) != text


def test_file_that_was_shown_is_saved(admin_client: Client) -> None:
    """One press of a button later the bot is as it is in the file."""
    bot = create_starter_bot("en")
    text = file_of(bot).replace("Nice, I am happy for you.", "Lovely.")
    shown = admin_client.post(page_of(bot), upload(text))
    response = confirm(admin_client, bot, shown)
    assert response["Location"] == reverse("admin:chatbot_bot_change", args=[bot.pk])
    assert file_of(bot) == text


def test_import_is_in_the_history(admin_client: Client, admin_user: User) -> None:
    """Who imported a file is on record."""
    bot = create_starter_bot("en")
    text = file_of(bot).replace("Nice, I am happy for you.", "Lovely.")
    confirm(admin_client, bot, admin_client.post(page_of(bot), upload(text)))
    newest = Revision.objects.order_by("-pk")[0]
    assert (newest.user, newest.comment) == (admin_user, "Imported from a file.")


def test_file_like_the_bot_changes_nothing(admin_client: Client) -> None:
    """The page says so, and has nothing to press."""
    bot = create_starter_bot("en")
    response = admin_client.post(page_of(bot), upload(file_of(bot)))
    assert response.context["changes"] == []
    assert b"Make these changes" not in response.content


def test_bot_changed_meanwhile_is_shown_again(admin_client: Client) -> None:
    """What another editor wrote is not overwritten unseen."""
    bot = create_starter_bot("en")
    text = file_of(bot).replace("Nice, I am happy for you.", "Lovely.")
    shown = admin_client.post(page_of(bot), upload(text))
    bot.intents.get(name="bad").delete()
    again = confirm(admin_client, bot, shown)
    assert again.context["changes"] == [
        "Intents: 1 added – “bad”.",
        "Intents: 1 changed – “good”.",
    ]
    assert not bot.intents.filter(name="bad").exists()


@pytest.mark.parametrize("token", ["", "junk"])
def test_junk_for_a_file_is_refused(admin_client: Client, token: str) -> None:
    """Only what was shown can be saved."""
    bot = create_bot()
    response = admin_client.post(page_of(bot), {"step": "replace", "token": token}, follow=True)
    assert "choose it again" in response.content.decode()


def test_file_shown_for_one_bot_is_not_saved_as_another(admin_client: Client) -> None:
    """The editor looked at something else."""
    bot, other = create_starter_bot("en"), create_bot()
    shown = admin_client.post(page_of(bot), upload(file_of(other)))
    confirm(admin_client, other, shown)
    assert Bot.objects.get(pk=other.pk).name == "Test bot"


def test_problems_of_a_file_are_listed(admin_client: Client) -> None:
    """Each with its line; the page asks for another file."""
    bot = create_bot()
    response = admin_client.post(page_of(bot), upload("format: 1\nnaem: a\n"))
    assert [problem.line for problem in response.context["problems"]] == [1, 1, 1, 2]
    assert "did you mean “name”?" in response.content.decode()


def test_file_that_is_too_large_is_refused(admin_client: Client) -> None:
    """The page says how large it may be."""
    response = admin_client.post(page_of(create_bot()), upload(b"#" * (MAX_BYTES + 1)))
    assert "larger than 2 MB" in response.content.decode()


def test_no_file_is_asked_for_again(admin_client: Client) -> None:
    """The button was pressed too early."""
    response = admin_client.post(page_of(create_bot()), {})
    assert response.context["form"].errors == {"file": ["This field is required."]}


def test_import_is_for_who_may_change_bots_and_intents() -> None:
    """To view a bot is not enough, to change it without its intents neither."""
    bot = create_bot()
    client = client_of(["view_bot", "change_bot"])
    assert client.post(page_of(bot), upload(file_of(bot))).status_code == HTTPStatus.FORBIDDEN
    assert client.post(page_of(bot), {"step": "replace"}).status_code == HTTPStatus.FORBIDDEN
    assert b"Show what would change" not in client.get(page_of(bot)).content


def test_connection_is_refused_who_may_not_connect() -> None:
    """An editor cannot have the words of callers sent elsewhere."""
    bot = create_bot()
    text = f"{file_of(bot)}backend: http\nbackend_url: https://example.com/\n"
    response = client_of(REPLACE).post(page_of(bot), upload(text))
    assert "changes which chatbot answers" in response.content.decode()


def test_connection_of_the_bot_stays() -> None:
    """An editor may import what a bot that is connected says."""
    bot = create_bot()
    Bot.objects.filter(pk=bot.pk).update(backend="http", backend_url="https://example.com/")
    client = client_of(REPLACE)
    text = file_of(bot).replace("Welcome.", "Good day.")
    confirm(client, bot, client.post(page_of(bot), upload(text)))
    assert Bot.objects.get(pk=bot.pk).greeting == "Good day."


def test_page_takes_as_many_queries_for_many_intents_as_for_one(
    admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """What a file would change is found by table, not by row."""
    bot = create_bot()
    create_intent(bot, "intent", "keyword")
    text = file_of(bot).replace("Well.", "Good.")
    with django_assert_num_queries(21):
        admin_client.post(page_of(bot), upload(text))
    for number in range(200):
        create_intent(bot, f"intent {number}", f"keyword {number}")
    text = file_of(bot).replace("Well.", "Good.")
    with django_assert_num_queries(21):
        admin_client.post(page_of(bot), upload(text))


# --- Copy -------------------------------------------------------------------------------------


def test_copy_is_one_press_of_a_button(admin_client: Client) -> None:
    """The editor is led to the copy."""
    bot = create_starter_bot("en")
    response = admin_client.post(page_of(bot), {"step": "copy"})
    copy = Bot.objects.get(name="Starter bot (copy)")
    assert response["Location"] == reverse("admin:chatbot_bot_change", args=[copy.pk])
    assert copy.intents.count() == bot.intents.count()


def test_copy_is_for_who_may_add_bots() -> None:
    """To change a bot is not enough."""
    bot = create_bot()
    client = client_of(REPLACE)
    assert client.post(page_of(bot), {"step": "copy"}).status_code == HTTPStatus.FORBIDDEN
    assert b"Copy this bot" not in client.get(page_of(bot)).content


def test_copy_of_who_may_not_connect_answers_by_its_intents() -> None:
    """The words are copied; that callers are heard elsewhere is not, and the page says so."""
    bot = create_bot()
    create_intent(bot, "hello", "hello")
    Bot.objects.filter(pk=bot.pk).update(backend="http", backend_url="https://example.com/")
    client = client_of(ADD)
    assert b"It answers by its own intents" in client.get(page_of(bot)).content
    response = client.post(page_of(bot), {"step": "copy"}, follow=True)
    copy = Bot.objects.get(name="Test bot (copy)")
    assert (copy.backend, copy.backend_url, copy.intents.count()) == ("script", "", 1)
    assert b"It answers by its own intents" in response.content


def test_copy_of_who_may_connect_is_connected(admin_client: Client) -> None:
    """As the bot is."""
    bot = create_bot()
    Bot.objects.filter(pk=bot.pk).update(backend="http", backend_url="https://example.com/")
    admin_client.post(page_of(bot), {"step": "copy"})
    assert Bot.objects.get(name="Test bot (copy)").backend == "http"


# --- A new bot --------------------------------------------------------------------------------


def test_file_becomes_a_new_bot(admin_client: Client) -> None:
    """The editor is led to it."""
    bot = create_starter_bot("nl")
    response = admin_client.post(IMPORT, upload(file_of(bot)))
    new = Bot.objects.get(name="Startbot (2)")
    assert response["Location"] == reverse("admin:chatbot_bot_change", args=[new.pk])
    assert new.intents.count() == bot.intents.count()


def test_problems_of_a_new_bot_are_listed_and_nothing_is_saved(admin_client: Client) -> None:
    """All or nothing."""
    text = "format: 1\nname: a\ngreeting: b\nfallback: c\nintents:\n- name: d\n- name: d\n"
    response = admin_client.post(IMPORT, upload(text))
    assert "An intent named “d” is there already" in response.content.decode()
    assert not Bot.objects.exists()


def test_new_bot_is_for_who_may_add_bots() -> None:
    """To change bots is not enough."""
    client = client_of(REPLACE)
    assert client.get(IMPORT).status_code == HTTPStatus.FORBIDDEN
    assert client.post(IMPORT, upload("")).status_code == HTTPStatus.FORBIDDEN


def test_new_bot_of_who_may_not_connect_answers_by_its_intents() -> None:
    """An editor cannot add a bot that is connected, and is told so."""
    text = file_of(create_bot()) + "backend: http\nbackend_url: https://example.com/\n"
    response = client_of(ADD).post(IMPORT, upload(text), follow=True)
    new = Bot.objects.get(name="Test bot (2)")
    assert (new.backend, new.backend_url) == ("script", "")
    assert "It answers by its own intents" in response.content.decode()


def test_new_bot_of_who_may_connect_is_connected(admin_client: Client) -> None:
    """As the file says."""
    text = file_of(create_bot()) + "backend: http\nbackend_url: https://example.com/\n"
    response = admin_client.post(IMPORT, upload(text), follow=True)
    assert Bot.objects.get(name="Test bot (2)").backend == "http"
    assert "It answers by its own intents" not in response.content.decode()
