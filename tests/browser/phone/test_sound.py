"""What becomes of sound on its way between the sound card and the telephone, in Chromium."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page

from calls.simulator import audio
from tests.browser.conftest import Open
from tests.browser.phone.fake_microphone import decode_mulaw

SCRIPTS = "/static/calls/phone"

MICROPHONE = """async ({scripts, rate, hertz, channels}) => {
  const context = new OfflineAudioContext(channels, rate, rate);
  await context.audioWorklet.addModule(`${scripts}/microphone_worklet.js`);
  const node = new AudioWorkletNode(context, "microphone", { numberOfOutputs: 0 });
  const frames = [];
  const levels = [];
  node.port.onmessage = ({ data }) => { frames.push(...data.frame); levels.push(data.level); };
  const tone = new OscillatorNode(context, { frequency: hertz });
  tone.connect(new GainNode(context, { gain: 0.5 })).connect(node);
  tone.start();
  await context.startRendering();
  const late = performance.now() + 20000;
  while (frames.length < 8000 - 2 * 160 && performance.now() < late) {
    await new Promise((done) => setTimeout(done, 20)); // for the frames that are under way
  }
  return { frames, levels };
}"""

EAR = """async ({scripts, rate, sound, clears, wait}) => {
  const context = new OfflineAudioContext(1, rate, rate);
  await context.audioWorklet.addModule(`${scripts}/ear_worklet.js`);
  const { Ear } = await import(`${scripts}/ear.js`);
  const ear = new Ear(context);
  for (let at = 0; at < sound.length; at += 160) {
    ear.play(Uint8Array.from(sound.slice(at, at + 160)));
  }
  if (clears) { ear.clear(); }
  await new Promise((done) => setTimeout(done, wait)); // until the worklet has all of it
  const rendered = await context.startRendering();
  return Array.from(rendered.getChannelData(0));
}"""

MULAW = """async ({scripts, samples}) => {
  const { encode, decode } = await import(`${scripts}/mulaw.js`);
  const all = Uint8Array.from({ length: 256 }, (_, code) => code);
  return { encoded: samples.map(encode), decoded: Array.from(decode(all)) };
}"""

CUT = """async ({scripts, rate, sizes}) => {
  const { Downsampler } = await import(`${scripts}/downsampler.js`);
  const input = Float32Array.from({ length: rate }, (_, at) => Math.sin(at / 20));
  const whole = new Downsampler(rate).process(input);
  const pieces = new Downsampler(rate);
  const parts = [];
  for (let at = 0, turn = 0; at < rate; turn += 1) {
    const size = sizes[turn % sizes.length];
    parts.push(...pieces.process(input.subarray(at, at + size)));
    at += size;
  }
  return { whole, parts };
}"""


@pytest.fixture
def page(open_page: Open) -> Page:
    """Any page of ours, so that the scripts may be loaded."""
    return open_page("/admin/")


def run(page: Page, script: str, **arguments: Any) -> Any:
    return page.evaluate(script, {"scripts": SCRIPTS, **arguments})


def hear(
    page: Page,
    rate: int,
    sound: bytes,
    is_all_there: Callable[[NDArray[np.float64]], bool],
    *,
    clears: bool = False,
) -> NDArray[np.float64]:
    """Play sound into the ear; return what is heard of it, in the first second.

    Rendering waits for nothing that is still under way to the worklet, and nobody tells when it is
    there: where it was not, it is given more time.
    """
    for wait in (200, 2000, 8000):
        arguments = {"rate": rate, "sound": list(sound), "clears": clears, "wait": wait}
        heard = np.array(run(page, EAR, **arguments))
        if is_all_there(heard):
            break
    return heard


def level(samples: NDArray[np.float64]) -> float:
    """Return the root mean square, against the loudest there can be."""
    return float(np.sqrt(np.mean(samples**2)))


def pitch(samples: NDArray[np.float64], rate: int) -> float:
    """Return the frequency, in hertz, that is loudest."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * rate / len(samples)


def test_mulaw_is_that_of_the_telephone(page: Page) -> None:
    """Sample for sample as the simulator, and byte for byte back."""
    samples = [number / 32767 for number in range(-32767, 32768, 37)]
    got = run(page, MULAW, samples=samples)
    wide = np.array([round(sample * 32767) for sample in samples], dtype=np.int16)
    assert bytes(got["encoded"]) == audio.encode_mulaw(wide)
    expected = decode_mulaw(bytes(range(256))).astype(float) / 32768
    assert np.allclose(got["decoded"], expected, atol=1e-6)


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100, 48_000, 96_000])
def test_voice_arrives_at_its_pitch_and_level(page: Page, rate: int) -> None:
    """Whatever rate the sound card has."""
    got = run(page, MICROPHONE, rate=rate, hertz=1000, channels=1)
    samples = decode_mulaw(bytes(got["frames"])).astype(float) / 32768
    assert len(got["frames"]) >= 8000 - 2 * 160
    steady = samples[800:]
    assert pitch(steady, 8000) == pytest.approx(1000, abs=3)
    assert level(steady) == pytest.approx(0.5 / math.sqrt(2), rel=0.03)
    assert got["levels"][10] == pytest.approx(level(steady), rel=0.05)


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_what_a_telephone_cannot_carry_is_left_out(page: Page, rate: int) -> None:
    """A tone of 5 kHz would else be heard as one of 3 kHz."""
    got = run(page, MICROPHONE, rate=rate, hertz=5000, channels=1)
    samples = decode_mulaw(bytes(got["frames"])).astype(float) / 32768
    assert level(samples[800:]) < 0.5 / math.sqrt(2) * 10 ** (-40 / 20)


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_pieces_of_any_length_make_the_same_sound(page: Page, rate: int) -> None:
    """There is no seam where the browser cuts."""
    got = run(page, CUT, rate=rate, sizes=[128, 1, 777, 3])
    assert len(got["whole"]) == pytest.approx(8000, abs=20)
    assert got["parts"] == pytest.approx(got["whole"], abs=1e-6)


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_bot_is_heard_at_its_pitch_and_level(page: Page, rate: int) -> None:
    """After a moment in which sound is gathered."""
    tone = np.sin(2 * np.pi * 440 * np.arange(6000) / 8000) * 0.5 * 32767
    sound = audio.encode_mulaw(tone.astype(np.int16))
    middle = slice(round(0.2 * rate), round(0.7 * rate))
    loud = pytest.approx(0.5 / math.sqrt(2), rel=0.05)
    heard = hear(page, rate, sound, lambda heard: level(heard[middle]) == loud)
    steady = heard[middle]
    assert pitch(steady, rate) == pytest.approx(440, abs=3)
    assert level(steady) == loud
    assert level(heard[round(0.95 * rate) :]) < 0.001


def test_sound_shorter_than_what_is_gathered_is_heard(page: Page) -> None:
    """The end of a word must not be swallowed."""
    sound = audio.encode_mulaw(np.full(240, 10_000, dtype=np.int16))
    heard = hear(page, 48_000, sound, lambda heard: bool(heard.max() > 0.2))
    assert heard.max() > 0.2


def test_sound_that_is_cleared_is_not_heard(page: Page) -> None:
    """The bot is silent at once."""
    sound = audio.encode_mulaw(np.full(4000, 10_000, dtype=np.int16))
    heard = hear(page, 48_000, sound, lambda heard: level(heard) < 0.001, clears=True)
    assert level(heard) < 0.001
