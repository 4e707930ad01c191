"""The microphone is let go of, whatever comes between."""

import time

from playwright.sync_api import Page, expect

from tests.browser.phone.conftest import call, state
from tests.waiting import SOON

WATCH_MICROPHONE = """(delay) => {
  const devices = navigator.mediaDevices;
  const ask = devices.getUserMedia.bind(devices);
  window.asked = 0;
  window.tracks = [];
  devices.getUserMedia = async (wanted) => {
    window.asked += 1;
    const stream = await ask(wanted);
    await new Promise((done) => setTimeout(done, delay));
    window.tracks.push(...stream.getTracks());
    return stream;
  };
}"""

HOLD_SOUND = """() => {
  const resume = AudioContext.prototype.resume;
  AudioContext.prototype.resume = async function () {
    await new Promise((done) => { window.goOn = done; });
    return resume.call(this);
  };
}"""

IS_OFF = """() => window.tracks.length > 0
  && window.tracks.every((track) => track.readyState === "ended")"""


def test_microphone_that_comes_after_the_user_has_hung_up(phone: Page) -> None:
    """The user takes his time to allow it, and the phone is put away meanwhile."""
    phone.evaluate(WATCH_MICROPHONE, 1500)
    call(phone)
    until(phone, "() => window.asked === 1")
    phone.get_by_role("button", name="Hang up").click()
    expect(state(phone)).to_have_text("The call was not placed.")
    until(phone, IS_OFF)


def test_microphone_is_not_asked_for_after_the_user_has_hung_up(phone: Page) -> None:
    """He would be asked to allow it for nothing."""
    phone.evaluate(WATCH_MICROPHONE, 0)
    phone.evaluate(HOLD_SOUND)
    call(phone)
    phone.get_by_role("button", name="Hang up").click()
    expect(state(phone)).to_have_text("The call was not placed.")
    phone.evaluate("window.goOn()")
    phone.wait_for_timeout(300)
    assert phone.evaluate("window.asked") == 0


def until(page: Page, condition: str) -> None:
    """Wait for something that only the page's scripts know."""
    deadline = time.monotonic() + SOON
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, condition
        page.wait_for_timeout(50)
