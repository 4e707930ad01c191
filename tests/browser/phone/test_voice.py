"""The voice of the phone, where the browser has voices: those of Chromium's own are none here."""

import pytest
from playwright.sync_api import Browser, Page, expect

from chatbot.models import Bot
from tests.browser.conftest import Open
from tests.browser.phone.conftest import (
    call,
    hang_up,
    sound_is_sent,
    sounds,
    talks,
    until,
    watch_line,
)
from tests.server import Server

pytestmark = pytest.mark.usefixtures("bot")

# A browser's voices, as the Web Speech API has them. A text is spoken when the test says so.
VOICES = """
  const voices = [
    { lang: "nl-NL", name: "Fleur", default: true },
    { lang: "en-GB", name: "Amy", default: false },
    { lang: "en_US", name: "Joanna", default: false },
  ];
  const synthesis = new EventTarget();
  window.spoken = [];
  let running = null;
  const finish = (type) => {
    const utterance = running;
    running = null;
    return Boolean(utterance?.dispatchEvent(new Event(type)));
  };
  window.SpeechSynthesisUtterance = class extends EventTarget {
    constructor(text) { super(); this.text = text; }
  };
  Object.assign(synthesis, {
    getVoices: () => voices,
    cancel: () => finish("error"),
    speak: (utterance) => {
      running = utterance;
      window.spoken.push([utterance.text, utterance.voice.name]);
      utterance.dispatchEvent(new Event("start"));
    },
  });
  window.finishSpeaking = () => finish("end"); // whether there was one
  Object.defineProperty(window, "speechSynthesis", { value: synthesis });
"""


@pytest.fixture
def phone(open_page: Open, quiet: Browser, shared_server: Server) -> Page:
    """The page in a browser that has voices."""
    page = open_page("/phone/", at=shared_server.url, browser=quiet)
    page.add_init_script(VOICES)
    page.reload()
    return page


def greeted(page: Page) -> None:
    """Wait until the greeting is being spoken."""
    expect(page.locator(".phone-caption")).to_have_text("How can I help you?")
    until(page, "window.spoken.length > 0")


def test_text_is_spoken_by_a_voice_of_its_language(phone: Page) -> None:
    """Of that very region where there is one, whichever voice is the default."""
    call(phone)
    greeted(phone)
    assert phone.evaluate("window.spoken") == [["How can I help you?", "Joanna"]]
    expect(phone.get_by_text("This browser has no voice")).to_be_hidden()
    phone.evaluate("window.finishSpeaking()")
    talks(phone)
    hang_up(phone)


def test_bot_goes_on_when_the_voice_has_ended(phone: Page) -> None:
    """Not when somebody would have read the text."""
    sent = watch_line(phone)
    call(phone)
    greeted(phone)
    phone.wait_for_timeout(2500)
    assert not [frame for frame in sent if isinstance(frame, str) and "spoken" in frame]
    assert phone.evaluate("window.finishSpeaking()") is True
    talks(phone)
    hang_up(phone)


def test_language_without_a_voice_is_read(phone: Page, bot: Bot) -> None:
    """A voice of another language would only be a riddle."""
    bot.language = "de-DE"
    bot.save()
    call(phone)
    expect(phone.get_by_text("This browser has no voice")).to_be_visible()
    talks(phone)
    assert phone.evaluate("window.spoken") == []
    hang_up(phone)


def test_microphone_rests_while_the_browser_speaks(phone: Page) -> None:
    """Else the bot would hear itself, and answer."""
    sent = watch_line(phone)
    call(phone)
    greeted(phone)
    phone.wait_for_timeout(300)  # what was under way has been sent
    before = len(sounds(sent))
    phone.wait_for_timeout(500)
    assert len(sounds(sent)) == before
    phone.evaluate("window.finishSpeaking()")
    talks(phone)
    sound_is_sent(phone, sent)
    hang_up(phone)


def test_microphone_is_heard_all_the_time_with_headphones(phone: Page) -> None:
    """The caller can then interrupt the bot."""
    phone.get_by_label("I use headphones").check()
    sent = watch_line(phone)
    call(phone)
    greeted(phone)
    sound_is_sent(phone, sent)
    hang_up(phone)


def test_voice_is_hushed_with_the_end_of_the_call(phone: Page) -> None:
    """Nobody listens any more."""
    call(phone)
    greeted(phone)
    hang_up(phone)
    # The one that ran was told to stop, so there is none to finish.
    assert phone.evaluate("window.finishSpeaking()") is False
