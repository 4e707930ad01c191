"""The voice of a bot, in a real browser."""

import threading
from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from calls.voice import background, speaker
from calls.voice.background import BackgroundRenderer
from calls.voice.fixed_texts import fixed_wordings, wording_of
from calls.voice.kept_renders import render_keep
from calls.voice.synthesizer import SynthesizerRefused
from chatbot.loader import load_script
from chatbot.models import Bot
from tests.browser.conftest import Open, member_of, overflows
from tests.calls.voice.scripted import ScriptedSynthesizer
from tests.chatbot.bots import create_bot, create_intent
from tests.waiting import SOON

LONG = "Supercalifragilisticexpialidociousandmuchlongerthanascreeniswide " * 3


@pytest.fixture
def engine() -> ScriptedSynthesizer:
    return ScriptedSynthesizer()


@pytest.fixture(autouse=True)
def _renderer(engine: ScriptedSynthesizer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The renderer of the process, with a scripted engine."""
    renderer = BackgroundRenderer(lambda: engine)
    monkeypatch.setattr(background, "renderer", renderer)
    monkeypatch.setattr(speaker, "engine_name", lambda: engine.name)
    yield
    assert renderer.join(60.0)


@pytest.fixture
def bot(transactional_db: None) -> Bot:
    """A bot that streams, of which nothing is rendered: no save has told anybody."""
    bot = create_bot()
    create_intent(bot, "long", "long", reply=LONG)
    assert background.renderer.join(60.0)
    Bot.objects.update(line=Bot.Line.STREAM)
    return bot


def render(bot: Bot, text: str, seconds: float = 1.0) -> None:
    key = wording_of(load_script(bot.pk), text).key("scripted")
    render_keep(key, b"\xff" * int(8000 * seconds), "scripted")


def render_all(bot: Bot) -> None:
    for wording in fixed_wordings(load_script(bot.pk)):
        render(bot, wording.text)


def page_of(bot: Bot) -> str:
    return reverse("admin:chatbot_bot_voice", args=[bot.pk])


def test_progress_is_followed_without_reloading(
    open_page: Open, bot: Bot, engine: ScriptedSynthesizer
) -> None:
    """From the click to the last reply."""
    is_looked_at = threading.Event()
    engine.on_speak = lambda text: is_looked_at.wait(SOON)
    page = open_page(page_of(bot))
    page.get_by_role("button", name="Render now").click()
    expect(page.locator(".messagelist")).to_contain_text("The replies are being rendered.")
    expect(page.locator(".voice-count")).to_have_text("0 of 10 rendered")
    is_looked_at.set()
    expect(page.locator(".voice-count")).to_have_text("10 of 10 rendered")
    expect(page.get_by_role("status")).to_have_text("10 of 10 rendered")


def test_renders_that_another_process_makes_appear(open_page: Open, bot: Bot) -> None:
    """The list comes anew, and the focus stays where it was."""
    render(bot, "Welcome.")
    page = open_page(page_of(bot))
    button = page.get_by_role("button", name="Render again “Welcome.”")
    button.focus()
    render_all(bot)
    expect(page.locator(".voice-count")).to_have_text("10 of 10 rendered")
    expect(button).to_be_focused()


def test_reply_is_played_in_place(open_page: Open, bot: Bot) -> None:
    """The browser takes the file, plays it to its end, and offers it again."""
    render(bot, "Welcome.", seconds=4)
    page = open_page(page_of(bot))
    with page.expect_response(lambda response: "play=" in response.url) as answer:
        page.get_by_role("link", name="Play “Welcome.”").click()
        expect(page.get_by_role("link", name="Stop “Welcome.”")).to_be_visible()
    assert answer.value.headers["content-type"] == "audio/wav"
    expect(page.get_by_role("link", name="Play “Welcome.”")).to_be_visible()
    expect(page.locator(".voice-news")).to_have_text("")


def test_reply_is_stopped(open_page: Open, bot: Bot) -> None:
    render(bot, "Welcome.", seconds=60)
    page = open_page(page_of(bot))
    page.get_by_role("link", name="Play “Welcome.”").click()
    page.get_by_role("link", name="Stop “Welcome.”").click()
    expect(page.get_by_role("link", name="Play “Welcome.”")).to_be_visible()


def test_reply_that_fails_says_why(open_page: Open, bot: Bot, engine: ScriptedSynthesizer) -> None:
    engine.errors["Welcome."] = SynthesizerRefused("The engine has no voice “Ruth”.")
    page = open_page(page_of(bot))
    page.get_by_role("button", name="Render now").click()
    expect(page.locator(".voice-count")).to_have_text("9 of 10 rendered, 1 failed")
    expect(page.locator(".voice-text", has_text="Welcome.")).to_contain_text("no voice “Ruth”")


def test_saved_voice_has_the_replies_rendered_anew(open_page: Open, bot: Bot) -> None:
    """Whoever changes the voice looks at the page, and sees it happen."""
    render_all(bot)
    page = open_page(reverse("admin:chatbot_bot_change", args=[bot.pk]))
    page.locator("summary", has_text="Voice").click()
    page.locator("#id_voice").fill("Ruth")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    page.locator(".bot-pages").get_by_role("link", name="Voice").click()
    expect(page.locator(".voice-line")).to_contain_text("in the voice Ruth")
    expect(page.locator(".voice-count")).to_have_text("10 of 10 rendered")


def test_page_works_without_scripts(open_page: Open, bot: Bot) -> None:
    page = open_page(page_of(bot))
    page.route("**/voice.js", lambda route: route.fulfill(body=""))
    page.reload()
    page.get_by_role("button", name="Render now").click()
    expect(page.locator(".messagelist")).to_contain_text("The replies are being rendered.")
    assert background.renderer.join(60.0)
    page.reload()
    expect(page.locator(".voice-count")).to_have_text("10 of 10 rendered")


def test_supervisor_only_listens(open_page: Open, bot: Bot) -> None:
    render(bot, "Welcome.")
    page = open_page(page_of(bot), member_of("Supervisor"))
    expect(page.get_by_role("link", name="Play “Welcome.”")).to_be_visible()
    expect(page.get_by_role("button", name="Render")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_page_fits_its_window(
    open_page: Open, bot: Bot, engine: ScriptedSynthesizer, width: int, scheme: str
) -> None:
    engine.errors["Pardon?"] = SynthesizerRefused(LONG)
    background.renderer.request(bot.pk)
    assert background.renderer.join(60.0)
    page = open_page(page_of(bot), width=width, scheme=scheme)
    expect(page.locator(".voice-count")).to_have_text("9 of 10 rendered, 1 failed")
    assert not overflows(page)
