"""The microphone is let go of, whatever comes between."""

import os
import signal

from playwright.sync_api import Browser, Page, expect

from chatbot.models import Bot
from tests.browser.conftest import Open
from tests.browser.phone.conftest import PHONE, call, state, talks, until
from tests.calls.phone.servers import StartServer
from tests.waiting import SOON

WATCH_MICROPHONE = """(isHeld) => {
  const devices = navigator.mediaDevices;
  const ask = devices.getUserMedia.bind(devices);
  window.asked = 0;
  window.tracks = [];
  const held = isHeld ? new Promise((done) => { window.goOn = done; }) : null;
  devices.getUserMedia = async (wanted) => {
    window.asked += 1;
    const stream = await ask(wanted);
    await held;
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

# A line that takes nothing: for half a second, and then until it is lost, and a while longer.
FULL_LINE = """async ({ path, patience }) => {
  const { Line } = await import(path);
  const socket = Object.assign(new EventTarget(), {
    readyState: WebSocket.OPEN, bufferedAmount: 1e6, send() {}, close() {},
  });
  let lost = 0;
  const line = new Line(socket, () => { lost += 1; });
  const sound = async (isEnough) => {
    const began = performance.now();
    while (!isEnough(performance.now() - began)) {
      line.sound(new Uint8Array(160));
      await new Promise((done) => setTimeout(done, 20));
    }
  };
  await sound((passed) => passed > 500);
  const soon = lost;
  await sound((passed) => lost > 0 || passed > patience);
  await sound((passed) => passed > 300);
  return [soon, lost];
}"""

LINE = "/static/calls/phone/line.js"


def test_microphone_that_comes_after_the_user_has_hung_up(phone: Page) -> None:
    """The user takes his time to allow it, and the phone is put away meanwhile."""
    phone.evaluate(WATCH_MICROPHONE, True)
    call(phone)
    until(phone, "() => window.asked === 1")
    phone.get_by_role("button", name="Hang up").click()
    expect(state(phone)).to_have_text("The call was not placed.")
    phone.evaluate("window.goOn()")
    until(phone, IS_OFF)


def test_microphone_is_not_asked_for_after_the_user_has_hung_up(phone: Page) -> None:
    """He would be asked to allow it for nothing."""
    phone.evaluate(WATCH_MICROPHONE, False)
    phone.evaluate(HOLD_SOUND)
    call(phone)
    phone.get_by_role("button", name="Hang up").click()
    expect(state(phone)).to_have_text("The call was not placed.")
    phone.evaluate("window.goOn()")
    phone.wait_for_timeout(300)
    assert phone.evaluate("window.asked") == 0


def test_user_hangs_up_on_a_server_that_is_stuck(
    open_page: Open, quiet: Browser, bot: Bot, start_server: StartServer
) -> None:
    """The page is free at once, and the microphone is off."""
    server = start_server()
    page = open_page(PHONE, at=server.url, browser=quiet)
    page.evaluate(WATCH_MICROPHONE, False)
    call(page)
    talks(page)
    os.kill(server.pid, signal.SIGSTOP)
    page.get_by_role("button", name="Hang up").click()
    until(page, IS_OFF)
    expect(state(page)).to_contain_text("The server has not confirmed it")
    expect(page.get_by_role("button", name="Call", exact=True)).to_be_visible()
    server.kill()


def test_line_that_takes_no_sound_for_seconds_is_lost(phone: Page) -> None:
    """And that is told once; one that is slow for a moment is not lost."""
    assert phone.evaluate(FULL_LINE, {"path": LINE, "patience": SOON * 1000}) == [0, 1]
