"""The page that lists what would disappoint callers."""

from http import HTTPStatus

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chatbot.admin.checks_page import MAX_SHOWN
from chatbot.models import Bot
from tests.chatbot.admin.sending import bot_page, intent_page, text_of
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db


def page_of(bot: Bot) -> str:
    return reverse("admin:chatbot_bot_checks", args=[bot.pk])


def viewer(*permissions: str) -> Client:
    user = User.objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def test_page_of_a_good_bot(admin_client: Client) -> None:
    """An empty list is good news."""
    bot = create_bot()
    create_intent(bot, "hello", "hello")
    assert "Nothing found." in text_of(admin_client.get(page_of(bot)))
    assert "Checks nothing found" in text_of(admin_client.get(bot_page(bot)))


def test_page_tells_what_is_wrong_and_where(admin_client: Client) -> None:
    """Three sentences, below a link to the row."""
    bot = create_bot()
    create_intent(bot, "hello", "hi", "hello")
    intent = create_intent(bot, "greeting", "good day", "hello")
    response = admin_client.get(page_of(bot))
    assert (
        "1 error. Errors intent “greeting”, keyword “hello” "
        "The same keyword stands in “hello”. "
        "Callers who say this get what “hello” answers, never this."
    ) in text_of(response)
    assert f'href="{intent_page(intent)}#keywords-1"' in response.content.decode()


def test_page_leads_to_the_fields_of_the_bot(admin_client: Client) -> None:
    """Not all problems are of an intent."""
    bot = create_bot()
    Bot.objects.update(greeting="Welcome {name}.")
    link = f'href="{bot_page(bot)}#id_greeting"'
    assert link in admin_client.get(page_of(bot)).content.decode()


@pytest.mark.parametrize(
    ("keywords", "greeting", "summary", "colour"),
    [((), "Hi.", "1 problem", "is-bad"), (("hi",), "x" * 400, "1 problem", "")],
)
def test_summary_is_red_where_there_is_an_error(
    admin_client: Client, keywords: tuple[str, ...], greeting: str, summary: str, colour: str
) -> None:
    """A warning alone is told, but not in red."""
    bot = create_bot()
    Bot.objects.update(greeting=greeting)
    create_intent(bot, "hello", *keywords)
    content = admin_client.get(bot_page(bot)).content.decode()
    assert f'<span class="bot-page-summary{" " if colour else ""}{colour}">{summary}' in content


def test_page_shows_so_many_and_counts_the_rest(admin_client: Client) -> None:
    """A page of thousands helps nobody."""
    bot = create_bot()
    for number in range(MAX_SHOWN + 3):
        create_intent(bot, f"intent {number}")
    response = admin_client.get(page_of(bot))
    assert "And 3 more." in text_of(response)
    assert response.content.decode().count("checks-place") == MAX_SHOWN


def test_page_is_for_who_may_view_bots() -> None:
    """Places that the user may not see are named without a link."""
    bot = create_bot()
    create_intent(bot, "hello")
    content = viewer("view_bot").get(page_of(bot)).content.decode()
    assert "intent “hello”" in content
    assert "/intent/" not in content


def test_page_is_not_for_others() -> None:
    """Staff without the permission are refused."""
    response = viewer("view_intent").get(page_of(create_bot()))
    assert response.status_code == HTTPStatus.FORBIDDEN


def test_page_has_nothing_to_post(admin_client: Client) -> None:
    """It only shows."""
    response = admin_client.post(page_of(create_bot()))
    assert response.status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize("rows", [1, 200])
def test_page_takes_the_same_queries_however_many_rows(
    admin_client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Links to the rows cost none."""
    bot = create_bot()
    for number in range(rows):
        create_intent(bot, f"intent {number}", "same")
    with django_assert_num_queries(16):
        admin_client.get(page_of(bot))
