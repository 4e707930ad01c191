"""The page that tells in which voice a bot is heard, and how far its renders are."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from calls.models import Render
from calls.voice import background, speaker
from calls.voice.attempts import attempt_begin, attempt_fail
from calls.voice.fixed_texts import fixed_wordings, wording_of
from calls.voice.kept_renders import render_keep
from chatbot.loader import load_script
from chatbot.models import Bot
from tests.calls.admin.people import holder, member
from tests.chatbot.admin.sending import text_of
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db

ENGINE = "scripted"


class Requests:
    """What is asked of the renderer of the process."""

    def __init__(self) -> None:
        self.bot_ids: list[int] = []

    def request(self, *bot_ids: int) -> None:
        self.bot_ids += bot_ids


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> Requests:
    requests = Requests()
    monkeypatch.setattr(background, "renderer", requests)
    return requests


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], None]:
    """Set the engine of the server; until it is called it is a scripted one."""

    def set_engine(name: str | None) -> None:
        monkeypatch.setattr(speaker, "engine_name", lambda: name)

    set_engine(ENGINE)
    return set_engine


@pytest.fixture
def bot(engine: object) -> Bot:
    bot = create_bot()
    bot.line = Bot.Line.STREAM
    bot.save()
    return bot


@pytest.fixture
def editor() -> Client:
    return member("Editor")


def page_of(bot: Bot) -> str:
    return reverse("admin:chatbot_bot_voice", args=[bot.pk])


def shown(client: Client, bot: Bot) -> str:
    return text_of(client.get(page_of(bot)))


def news(client: Client, bot: Bot, seen: str = "") -> dict[str, Any]:
    response = client.get(page_of(bot), {"seen": seen}, headers={"accept": "application/json"})
    content: dict[str, Any] = response.json()
    return content


def key_of(bot: Bot, text: str) -> str:
    return wording_of(load_script(bot.pk), text).key(ENGINE)


def render(bot: Bot, *texts: str) -> None:
    for text in texts:
        render_keep(key_of(bot, text), text.encode() * 1000, ENGINE)


def render_all(bot: Bot) -> None:
    render(bot, *(wording.text for wording in fixed_wordings(load_script(bot.pk))))


# --- What it says -----------------------------------------------------------------------------


def test_bot_in_the_voices_of_the_telephone_service_needs_no_renders(
    editor: Client, bot: Bot
) -> None:
    """It says how to change that, and the row of pages says nothing."""
    bot.line = Bot.Line.SAY
    bot.save()
    page = shown(editor, bot)
    assert "Callers hear the voices of the telephone service ." in page
    assert "of 9 rendered" not in page


def test_server_without_an_engine_is_told_in_plain_words(
    editor: Client, bot: Bot, engine: Callable[[str | None], None]
) -> None:
    engine(None)
    page = shown(editor, bot)
    assert "The server has no voice engine: SYNTHESIZER is none." in page


def test_page_names_the_engine_and_the_progress(editor: Client, bot: Bot) -> None:
    render(bot, "Welcome.", "Pardon?")
    page = shown(editor, bot)
    assert "spoken by scripted" in page
    assert "2 of 9 rendered" in page


def test_reply_with_markup_is_shown_as_it_is_heard(editor: Client, bot: Bot) -> None:
    """Its tags are no words."""
    bot.greeting = '<speak>Welcome <break time="1s"/> here.</speak>'
    bot.save()
    page = shown(editor, bot)
    assert "Welcome here. with markup" in page
    assert "break" not in page


def test_page_names_the_voice_that_speaks_where_the_bot_names_none(
    editor: Client, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine may have several."""
    monkeypatch.setattr("calls.admin.voice.voice_for", lambda language, voice: "hibari")
    assert "in the voice hibari" in shown(editor, bot)


def test_failed_text_is_shown_with_its_problem(editor: Client, bot: Bot) -> None:
    attempt_fail(key_of(bot, "Welcome."), "There is no voice <Ruth>.")
    page = shown(editor, bot)
    assert "0 of 9 rendered, 1 failed" in page
    assert "There is no voice <Ruth>. ✗ failed" in page


def test_text_that_is_being_rendered_is_shown_as_such(editor: Client, bot: Bot) -> None:
    attempt_begin(key_of(bot, "Welcome."))
    assert "being rendered …" in shown(editor, bot)


def test_page_of_the_bot_says_how_many_are_rendered(editor: Client, bot: Bot) -> None:
    render(bot, "Welcome.")
    page = text_of(editor.get(reverse("admin:chatbot_bot_change", args=[bot.pk])))
    assert "Voice 1 of 9 rendered" in page


def test_long_lists_come_in_pages(editor: Client, bot: Bot) -> None:
    intent = create_intent(bot, "much", "much")
    for number in range(100):
        intent.replies.create(text=f"Reply {number}.")
    assert "Reply 99." not in shown(editor, bot)
    assert "Reply 99." in text_of(editor.get(f"{page_of(bot)}?page=2"))


# --- What its script asks for -----------------------------------------------------------------


def test_news_hold_the_list_where_it_has_changed(editor: Client, bot: Bot) -> None:
    """And nothing but its mark where the page shows it already."""
    first = news(editor, bot)
    assert "0 of 9 rendered" in first["html"]
    assert "html" not in news(editor, bot, seen=first["seen"])
    render(bot, "Welcome.")
    assert "1 of 9 rendered" in news(editor, bot, seen=first["seen"])["html"]


def test_page_is_told_when_to_look_again(editor: Client, bot: Bot) -> None:
    """Soon while something is rendered, seldom while something is missing, then no more."""
    waiting = news(editor, bot)["again_in"]
    attempt_begin(key_of(bot, "Welcome."))
    moving = news(editor, bot)["again_in"]
    render_all(bot)
    assert 0 < moving < waiting
    assert news(editor, bot)["again_in"] == 0


def test_audio_of_a_reply_is_a_wav_file(editor: Client, bot: Bot) -> None:
    render(bot, "Welcome.")
    response = editor.get(page_of(bot), {"play": key_of(bot, "Welcome.")})
    assert response["Content-Type"] == "audio/wav"
    assert response.content.endswith(b"Welcome.")


def test_audio_of_another_bot_is_not_served(editor: Client, bot: Bot) -> None:
    """Nor what was kept and is no reply of the bot any more."""
    render_keep("a" * 64, b"audio", ENGINE)
    for key in ("a" * 64, key_of(bot, "Welcome."), ""):
        assert editor.get(page_of(bot), {"play": key}).status_code == HTTPStatus.NOT_FOUND


# --- What it does -----------------------------------------------------------------------------


def test_missing_replies_are_rendered_at_a_click(
    editor: Client, bot: Bot, requests: Requests
) -> None:
    """What is there already stays."""
    render(bot, "Welcome.")
    page = editor.post(page_of(bot), {"again": ""}, follow=True)
    assert "The replies are being rendered." in text_of(page)
    assert requests.bot_ids == [bot.pk]
    assert Render.objects.count() == 1


def test_one_reply_is_rendered_again(editor: Client, bot: Bot, requests: Requests) -> None:
    render(bot, "Welcome.", "Pardon?")
    editor.post(page_of(bot), {"again": key_of(bot, "Welcome.")})
    assert Render.objects.get().key == key_of(bot, "Pardon?")
    assert requests.bot_ids == [bot.pk]


def test_all_replies_are_rendered_again(editor: Client, bot: Bot, requests: Requests) -> None:
    """Those of other bots stay."""
    render_all(bot)
    render_keep("a" * 64, b"audio", ENGINE)
    editor.post(page_of(bot), {"again": "all"})
    assert Render.objects.get().key == "a" * 64
    assert requests.bot_ids == [bot.pk]


def test_supervisor_listens_and_changes_nothing(bot: Bot, requests: Requests) -> None:
    render_all(bot)
    supervisor = member("Supervisor")
    page = supervisor.get(page_of(bot)).content.decode()
    assert "Play" in page
    assert 'name="again"' not in page
    assert supervisor.post(page_of(bot), {"again": "all"}).status_code == HTTPStatus.FORBIDDEN
    assert requests.bot_ids == []


def test_who_may_not_see_bots_hears_nothing(bot: Bot) -> None:
    render(bot, "Welcome.")
    stranger = holder("view_call")
    for sent in ({}, {"play": key_of(bot, "Welcome.")}):
        assert stranger.get(page_of(bot), sent).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("rows", [1, 200])
def test_queries_do_not_grow_with_the_texts(
    editor: Client, bot: Bot, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Neither those of the page nor those of its script."""
    intent = create_intent(bot, "much", "much")
    for number in range(rows):
        intent.replies.create(text=f"Reply {number}.")
        render(bot, f"Reply {number}.")
    editor.get(page_of(bot))  # compiles the bot
    with django_assert_num_queries(9):
        assert editor.get(page_of(bot)).status_code == HTTPStatus.OK
    with django_assert_num_queries(8):
        assert news(editor, bot)["html"]
