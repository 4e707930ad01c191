"""The page on which the changes of a bot are read, and taken back."""

import html
import re
from contextlib import AbstractContextManager
from http import HTTPStatus

import pytest
import reversion
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chatbot.history import changes_of, changes_with
from chatbot.models import Bot, Intent
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db


def revision() -> AbstractContextManager[None]:
    return reversion.create_revision()  # type: ignore[no-any-return]


def url(bot: Bot) -> str:
    return reverse("admin:chatbot_bot_history", args=[bot.pk])


def page(client: Client, bot: Bot, query: str = "") -> str:
    """Return what the page shows, as a row of words."""
    response = client.get(url(bot) + query)
    assert response.status_code == HTTPStatus.OK
    main = response.content.decode().split('id="content-main"')[1]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())


def before(bot: Bot) -> str:
    """Return the version that holds how it was before the newest change."""
    return str(changes_with(bot, changes_of(bot)[:1])[0].parts[0].before)


def allow(*permissions: str) -> User:
    user = User.objects.create_user("somebody", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


@pytest.fixture
def bot() -> Bot:
    return create_bot()


@pytest.fixture
def hello(bot: Bot) -> Intent:
    with revision():
        return create_intent(bot, "hello", "hi")


def test_page_without_changes(admin_client: Client, bot: Bot) -> None:
    assert "Nothing was changed yet" in page(admin_client, bot)


def test_page_tells_who_changed_what(
    admin_client: Client, admin_user: User, bot: Bot, hello: Intent
) -> None:
    with revision():
        reversion.set_user(admin_user)
        hello.keywords.create(text="hey")
    shown = page(admin_client, bot)
    assert "admin Intent hello changed keyword “hey” added" in shown


def test_page_escapes_what_was_written(admin_client: Client, bot: Bot, hello: Intent) -> None:
    with revision():
        hello.keywords.create(text="<b>hey</b>")
    assert b"<b>hey</b>" not in admin_client.get(url(bot)).content


def test_page_opens_where_a_change_stands(admin_client: Client, bot: Bot, hello: Intent) -> None:
    first = changes_of(bot)[0].pk
    for number in range(25):
        with revision():
            hello.keywords.create(text=f"hello {number}")
    assert "“hello 24”" in page(admin_client, bot)
    assert "“hello 24”" not in page(admin_client, bot, f"?change={first}")
    assert f'id="change-{first}"' in admin_client.get(f"{url(bot)}?change={first}").content.decode()


@pytest.mark.parametrize("query", ["?page=x", "?page=-1", "?page=99", "?change=x", "?change=²"])
def test_page_with_an_odd_address(
    admin_client: Client, bot: Bot, hello: Intent, query: str
) -> None:
    assert "hello" in page(admin_client, bot, query)


def test_admin_form_is_recorded(
    admin_client: Client, admin_user: User, bot: Bot, hello: Intent
) -> None:
    """What is saved or deleted in the admin is on the page, with who did it."""
    admin_client.post(reverse("admin:chatbot_intent_delete", args=[hello.pk]), {"post": "yes"})
    assert "admin Intent hello deleted" in page(admin_client, bot)


def test_revert_puts_back(admin_client: Client, bot: Bot, hello: Intent) -> None:
    with revision():
        hello.keywords.get().delete()
    response = admin_client.post(url(bot), {"version": before(bot)}, follow=True)
    assert "was put back to how it was" in response.content.decode()
    assert hello.keyword_summary() == "hi"


@pytest.mark.parametrize("version", ["", "x", "-1", "²", "9" * 30])
def test_revert_of_an_odd_version(
    admin_client: Client, bot: Bot, hello: Intent, version: str
) -> None:
    response = admin_client.post(url(bot), {"version": version}, follow=True)
    assert "not on record" in response.content.decode()


def test_revert_is_not_for_those_who_only_read(client: Client, bot: Bot, hello: Intent) -> None:
    with revision():
        hello.keywords.get().delete()
    client.force_login(allow("view_bot", "view_intent"))
    assert "Put “hello” back" not in page(client, bot)
    response = client.post(url(bot), {"version": before(bot)})
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert not hello.keywords.exists()


def test_page_is_not_for_everybody(client: Client, bot: Bot) -> None:
    client.force_login(allow("view_intent"))
    assert client.get(url(bot)).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("rows", [1, 200])
def test_page_queries_do_not_grow(
    admin_client: Client,
    bot: Bot,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """As many queries for one change of one row as for pages of changes of many."""
    for number in range(rows):
        with revision():
            create_intent(bot, f"intent {number}", f"keyword {number}")
    page(admin_client, bot)  # content types are cached from the first time on
    with django_assert_num_queries(10):
        page(admin_client, bot)


def test_recording_queries_do_not_grow(bot: Bot) -> None:
    """The history reads the rows of an intent all at once, and writes them so."""
    few, many = create_intent(bot, "few", "one"), create_intent(bot, "many", "one")
    for number in range(90):
        many.keywords.create(text=f"keyword {number}")

    def queries_to_save(intent: Intent) -> int:
        intent.keywords.update(text=f"outside {intent.name}")
        with CaptureQueriesContext(connection) as queries, revision():
            intent.name += "!"
            intent.save()
        return len(queries)

    for intent in (few, many):
        queries_to_save(intent)  # the first time there is nothing on record to compare with
    assert queries_to_save(few) == queries_to_save(many)
