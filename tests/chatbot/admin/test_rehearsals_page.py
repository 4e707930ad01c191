"""The page of the rehearsals, and the form of one."""

import html
import re
from http import HTTPStatus

import pytest
import reversion
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from reversion.models import Revision

from chatbot.models import Bot, Rehearsal, RehearsalLine
from chatbot.rehearsals import rehearsals_run_all
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db

ADD = reverse("admin:chatbot_rehearsal_add")


def url(bot: Bot) -> str:
    return reverse("admin:chatbot_bot_rehearsals", args=[bot.pk])


def words_of(content: bytes) -> str:
    main = content.decode().split('id="content-main"')[1]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())


def page(client: Client, bot: Bot) -> str:
    """Return what the page shows, as a row of words."""
    response = client.get(url(bot))
    assert response.status_code == HTTPStatus.OK
    return words_of(response.content)


def form(bot: Bot, *lines: dict[str, str], name: str = "greeting") -> dict[str, str]:
    """Return what the browser sends for a new rehearsal."""
    sent = {
        "bot": str(bot.pk),
        "name": name,
        "lines-TOTAL_FORMS": str(len(lines)),
        "lines-INITIAL_FORMS": "0",
    }
    for row, line in enumerate(lines):
        empty = {"position": "", "says": "", "intent_name": "", "reply": "", "action": ""}
        sent.update({f"lines-{row}-{field}": text for field, text in {**empty, **line}.items()})
    return sent


@pytest.fixture
def bot() -> Bot:
    bot = create_bot()
    create_intent(bot, "hello", "hi", reply="Hello.")
    return bot


def rehearse(bot: Bot, says: str = "hi", name: str = "greeting") -> Rehearsal:
    rehearsal = Rehearsal.objects.create(bot=bot, name=name)
    rehearsal.lines.create(says=says, intent_name="hello")
    rehearsals_run_all(bot)
    return rehearsal


def test_page_without_rehearsals(admin_client: Client, bot: Bot) -> None:
    assert "There are no rehearsals yet" in page(admin_client, bot)


def test_page_of_a_green_one(admin_client: Client, bot: Bot) -> None:
    rehearse(bot)
    shown = page(admin_client, bot)
    assert "1 of 1 green" in shown
    assert "✓ as expected" in shown


def test_page_of_a_red_one(admin_client: Client, bot: Bot) -> None:
    rehearse(bot)
    rehearse(bot, "hey", "short greeting")
    shown = page(admin_client, bot)
    assert "1 of 2 green" in shown
    assert "✗ Expected the intent “hello”, but nothing was understood." in shown
    assert shown.index("short greeting") < shown.index("greeting ✓ green")


def test_page_names_the_change_that_broke_a_line(
    admin_client: Client,
    admin_user: User,
    bot: Bot,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    rehearse(bot)
    with django_capture_on_commit_callbacks(execute=True), reversion.create_revision():
        reversion.set_user(admin_user)
        bot.intents.get().keywords.get().delete()
    change = RehearsalLine.objects.get().broken_by_id
    assert "by admin: intent “hello” changed: keyword “hi” deleted" in page(admin_client, bot)
    link = f"{reverse('admin:chatbot_bot_history', args=[bot.pk])}?change={change}#change-{change}"
    assert link in admin_client.get(url(bot)).content.decode()


def test_page_of_one_that_was_not_run_since_a_change(admin_client: Client, bot: Bot) -> None:
    rehearse(bot)
    bot.save()
    assert "0 of 1 green, 1 not run" in page(admin_client, bot)


def test_run_now(admin_client: Client, bot: Bot) -> None:
    rehearse(bot)
    bot.intents.get().keywords.all().delete()
    response = admin_client.post(url(bot), follow=True)
    assert "The rehearsals were run: 0 of 1 green." in response.content.decode()


def test_bot_page_shows_how_they_stand(admin_client: Client, bot: Bot) -> None:
    rehearse(bot)
    rehearse(bot, "hey", "short greeting")
    shown = admin_client.get(reverse("admin:chatbot_bot_change", args=[bot.pk])).content.decode()
    assert re.search(r'class="bot-page-summary is-bad">1 of 2 green<', shown)


def test_form_saves_the_lines_in_their_order_and_runs_them(
    admin_client: Client,
    bot: Bot,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    lines = [
        {"says": "hey", "intent_name": ""},
        {"says": "hi", "intent_name": "HELLO", "reply": "hello"},
        {"position": "0", "says": "first"},
    ]
    with django_capture_on_commit_callbacks(execute=True):
        response = admin_client.post(ADD, form(bot, *lines))
    assert response.headers["Location"] == url(bot)
    rows = RehearsalLine.objects.values_list("position", "says", "intent_name", "problem")
    assert list(rows) == [(1, "first", "", ""), (2, "hey", "", ""), (3, "hi", "hello", "")]
    assert Rehearsal.objects.get().ran_at is not None


def test_form_refuses_an_intent_that_is_not_there(admin_client: Client, bot: Bot) -> None:
    create_intent(create_bot("Other bot"), "bye", "bye")
    response = admin_client.post(ADD, form(bot, {"says": "bye", "intent_name": "bye"}))
    assert "This bot has no intent “bye”." in words_of(response.content)
    assert not Rehearsal.objects.exists()


def test_form_refuses_a_name_that_is_taken(admin_client: Client, bot: Bot) -> None:
    rehearse(bot)
    response = admin_client.post(ADD, form(bot, {"says": "hi"}))
    assert "already has a rehearsal with this name" in words_of(response.content)


def test_form_without_a_bot(admin_client: Client, bot: Bot) -> None:
    sent = form(bot, {"says": "hi", "intent_name": "hello"})
    response = admin_client.post(ADD, {**sent, "bot": ""})
    assert "This field is required." in words_of(response.content)


def test_form_offers_the_intents_of_the_bot(admin_client: Client, bot: Bot) -> None:
    create_intent(create_bot("Other bot"), "bye", "bye")
    shown = admin_client.get(f"{ADD}?bot={bot.pk}").content.decode()
    assert '<option value="hello">' in shown
    assert '<option value="bye">' not in shown


@pytest.mark.parametrize("query", ["", "?bot=x", "?bot=²", f"?bot={'9' * 30}"])
def test_form_with_an_odd_address(admin_client: Client, query: str) -> None:
    assert admin_client.get(ADD + query).status_code == HTTPStatus.OK


def test_deleting_one_leads_back_to_the_others(admin_client: Client, bot: Bot) -> None:
    rehearsal = rehearse(bot)
    address = reverse("admin:chatbot_rehearsal_delete", args=[rehearsal.pk])
    assert admin_client.post(address, {"post": "yes"}).headers["Location"] == url(bot)


def test_run_now_is_not_for_those_who_only_read(client: Client, bot: Bot) -> None:
    rehearse(bot)
    user = User.objects.create_user("somebody", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_bot"))
    client.force_login(user)
    assert "Run now" not in page(client, bot)
    assert client.post(url(bot)).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("rows", [1, 200])
def test_page_queries_do_not_grow(
    admin_client: Client,
    bot: Bot,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with reversion.create_revision():
        bot.save()
        bot.intents.create(name="bye")
    for number in range(rows):
        rehearsal = Rehearsal.objects.create(bot=bot, name=f"rehearsal {number}")
        rehearsal.lines.create(says="hey", intent_name="hello", problem="Red.")
    RehearsalLine.objects.update(broken_by=Revision.objects.latest("pk"))
    page(admin_client, bot)
    with django_assert_num_queries(11):
        page(admin_client, bot)


@pytest.mark.parametrize("rows", [1, 90])
def test_list_queries_do_not_grow(
    admin_client: Client,
    bot: Bot,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(rows):
        Rehearsal.objects.create(bot=bot, name=f"rehearsal {number}")
    with django_assert_num_queries(6):
        admin_client.get(reverse("admin:chatbot_rehearsal_changelist"))


def test_silence_with_a_number_is_a_line(admin_client: Client, bot: Bot) -> None:
    """As the form says it is to be written: rows without an entry are only left over."""
    lines = {"position": "1"}, {"position": "2", "says": "hi", "intent_name": "hello"}, {}
    admin_client.post(ADD, form(bot, *lines))
    assert list(RehearsalLine.objects.values_list("says", flat=True)) == ["", "hi"]
    assert "give a silence its number" in words_of(admin_client.get(ADD).content)
