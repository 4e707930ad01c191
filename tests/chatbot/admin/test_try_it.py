"""The page on which a bot is tried."""

import html
import re
from datetime import date, time, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from chatbot.models import Bot
from tests.chatbot.admin.sending import text_of
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}


def page_of(bot: Bot) -> str:
    return reverse("admin:chatbot_bot_try_it", args=[bot.pk])


def hidden(content: str, name: str) -> str:
    """Return the value of a hidden field of the page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', content)
    assert found is not None
    return html.unescape(found[1])


def step(client: Client, bot: Bot, before: Any = None, **fields: str) -> Any:
    """Take a step without scripts, after the page `before` or else after a fresh one."""
    before = before or client.get(page_of(bot))
    content = before.content.decode()
    kept = {name: hidden(content, name) for name in ("state", "log")}
    return client.post(page_of(bot), {**kept, **fields}, headers={"Accept": "text/html"})


def viewer(*permissions: str) -> Client:
    user = User.objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def test_page_begins_with_the_greeting(admin_client: Client) -> None:
    """It is what callers get, and tells which version that is."""
    bot = create_bot()
    shown = text_of(admin_client.get(page_of(bot)))
    assert f"version {Bot.objects.get().version}" in shown
    assert "Bot: Welcome." in shown


def test_page_answers_without_scripts(admin_client: Client) -> None:
    """The form itself is enough, and what was said before stays on the page."""
    bot = create_bot()
    intent = create_intent(bot, "hello", "hello", reply="Hi <you>.")
    response = step(admin_client, bot, do="say", text="hello")
    shown = text_of(response)
    assert "Bot: Welcome." in shown
    assert "Caller: hello" in shown
    assert "Bot: Hi &lt;you&gt;." in html.escape(shown, quote=False)
    link = reverse("admin:chatbot_intent_change", args=[intent.pk])
    assert f'<a href="{link}">hello</a>' in response.content.decode()


def test_page_answers_a_script_in_json(admin_client: Client) -> None:
    """Only what is new comes back, and where the dialogue stands."""
    bot = create_bot()
    create_intent(bot, "hello", "hello", reply="Hi.")
    state = hidden(admin_client.get(page_of(bot)).content.decode(), "state")
    answer = admin_client.post(
        page_of(bot), {"state": state, "do": "say", "text": "hello"}, headers=JSON
    ).json()
    assert "Hi." in answer["entries"]
    assert "Welcome." not in answer["entries"]
    assert answer["stage"] == "talking"
    assert answer["state"] != state


def test_page_in_two_windows(admin_client: Client) -> None:
    """Each holds a dialogue of its own."""
    bot = create_bot()
    greeted = create_intent(bot, "hello", "hello", reply="How are you?")
    create_intent(bot, "good", "good", reply="Nice.").follows.add(greeted)
    first = step(admin_client, bot, do="say", text="hello")
    assert "Pardon?" in text_of(step(admin_client, bot, do="say", text="good"))
    assert "Nice." in text_of(step(admin_client, bot, first, do="say", text="good"))


def test_page_says_nothing(admin_client: Client) -> None:
    """A silence is a step too."""
    assert "Are you still there?" in text_of(step(admin_client, create_bot(), do="silence"))


@pytest.mark.parametrize("fields", [{"do": "keys"}, {"do": "say"}])
def test_page_takes_keys(admin_client: Client, fields: dict[str, str]) -> None:
    """By their button, or by return in their field."""
    bot = create_bot()
    create_intent(bot, "one", "1", reply="One.")
    assert "Bot: One." in text_of(step(admin_client, bot, **fields, text="", keys="1#"))


def test_page_starts_over(admin_client: Client) -> None:
    """Nothing of the dialogue before is left."""
    bot = create_bot()
    before = step(admin_client, bot, do="say", text="hello")
    shown = text_of(step(admin_client, bot, before, do="start"))
    assert "Caller: hello" not in shown
    assert "Bot: Welcome." in shown


def test_page_of_a_transfer(admin_client: Client) -> None:
    """It is shown as what would happen, and how the call may come back."""
    bot = create_bot()
    create_intent(bot, "help", "help").replies.update(action="transfer", parameter="+31201234567")
    response = step(admin_client, bot, do="say", text="help")
    assert "The caller would now be connected to +31201234567." in text_of(response)
    shown = text_of(step(admin_client, bot, response, do="nobody"))
    assert "nobody is available at the moment" in shown


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"do": "say", "text": " "}, "Write what the caller says"),
        ({"do": "keys", "keys": "x"}, "Keys are the digits 0 to 9"),
        ({"do": "nobody"}, "The caller is talking to the bot."),
        ({"do": "say", "text": "hi", "state": "junk"}, "This conversation cannot be read any more"),
    ],
)
def test_page_says_what_is_wrong_with_a_step(
    admin_client: Client, fields: dict[str, str], error: str
) -> None:
    """As a page, and to a script."""
    bot = create_bot()
    response = step(admin_client, bot, **fields)
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert error in html.unescape(response.content.decode())
    state = hidden(admin_client.get(page_of(bot)).content.decode(), "state")
    answer = admin_client.post(page_of(bot), {"state": state, **fields}, headers=JSON)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert answer.json()["error"].startswith(error)


def test_page_refuses_the_dialogue_of_another_bot(admin_client: Client) -> None:
    """Its intents mean nothing here."""
    other = admin_client.get(page_of(create_bot("Other")))
    response = step(admin_client, create_bot(), other, do="say", text="hello")
    assert "with another bot" in response.content.decode()


def test_page_tells_that_the_bot_was_changed(admin_client: Client) -> None:
    """The next answer is of the version that callers get by then."""
    bot = create_bot()
    before = admin_client.get(page_of(bot))
    create_intent(bot, "hello", "hello", reply="New.")
    version = Bot.objects.get().version
    shown = text_of(step(admin_client, bot, before, do="say", text="hello"))
    assert f"from here on version {version} answers" in shown
    assert "Bot: New." in shown


def test_page_tells_a_script_the_version(admin_client: Client) -> None:
    """A window that was left for another one can tell at once."""
    bot = create_bot()
    answer = admin_client.post(page_of(bot), {"do": "version"}, headers=JSON).json()
    assert answer == {"version": Bot.objects.get().version}


def test_page_of_a_closed_bot(admin_client: Client) -> None:
    """What callers would hear, and the chat only for who wants it all the same."""
    bot = create_bot()
    today = timezone.now().date()
    for day in (today, today + timedelta(days=1)):  # it may be midnight in between
        bot.closed_days.create(day=day)
    bot.opening_times.create(weekday=0, opens=time(9), closes=time(17))
    shown = text_of(admin_client.get(page_of(bot)))
    assert "Callers would hear: We are closed at the moment." in shown
    assert "Welcome." not in shown
    assert "Welcome." in text_of(admin_client.get(page_of(bot), {"anyway": ""}))


def test_page_of_an_open_bot_as_if_it_were_closed(admin_client: Client) -> None:
    """The editor need not wait for the evening to read the closed message in its place."""
    bot = create_bot()
    bot.closed_days.create(day=date(2020, 1, 1))
    assert "?closed" in admin_client.get(page_of(bot)).content.decode()
    shown = text_of(admin_client.get(page_of(bot), {"closed": ""}))
    assert "As if the bot were closed. Callers would hear: We are closed at the moment." in shown
    assert "Welcome." not in shown


def test_page_of_a_bot_that_is_always_open(admin_client: Client) -> None:
    """It never says its closed message, and there is none to try."""
    assert "?closed" not in admin_client.get(page_of(create_bot())).content.decode()


def test_page_takes_any_text(admin_client: Client) -> None:
    """Ten thousand characters of any kind."""
    odd = "𝔥é\x00\u202e<script>" * 800
    response = step(admin_client, create_bot(), do="say", text=odd[:10_000])
    assert response.status_code == HTTPStatus.OK
    assert "<script>𝔥" not in response.content.decode()


def test_page_is_for_who_may_view_bots() -> None:
    """Trying changes nothing; links are for who may follow them."""
    bot = create_bot()
    create_intent(bot, "hello", "hello", reply="Hi.")
    client = viewer("view_bot")
    response = step(client, bot, do="say", text="hello")
    assert "Bot: Hi." in text_of(response)
    assert "/intent/" not in response.content.decode()


def test_page_is_not_for_others() -> None:
    """Staff without the permission are refused, whatever they send."""
    bot = create_bot()
    client = viewer("view_intent")
    assert client.get(page_of(bot)).status_code == HTTPStatus.FORBIDDEN
    assert client.post(page_of(bot), {"do": "start"}).status_code == HTTPStatus.FORBIDDEN


def test_step_needs_the_token_of_the_form(admin_client: Client) -> None:
    """Another site cannot make a browser take it."""
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = admin_client.cookies
    assert strict.post(page_of(create_bot()), {"do": "start"}).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("rows", [1, 200])
def test_step_takes_the_same_queries_however_many_rows(
    admin_client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """A bot that was read already costs one query beside those for the user."""
    bot = create_bot()
    for number in range(rows):
        create_intent(bot, f"intent {number}", f"word {number}")
    before = admin_client.get(page_of(bot))
    with django_assert_num_queries(4):
        step(admin_client, bot, before, do="say", text="word 0")
