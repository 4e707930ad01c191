"""The offline voices themselves, in their processes."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from calls.voice.offline import synthesizer as engine
from calls.voice.offline.synthesizer import OfflineSynthesizer
from calls.voice.synthesizer import SynthesizerRefused
from calls.voice.wording import Wording

SECOND = 8000
HELLO = Wording("How can I help you?", "en-US")

HARMFUL = [
    "",
    "-h",
    "--version\n",
    "\x00\x07\x1b[31m\ud800",
    "<play file='/etc/passwd'/>",
    "<speak>&x;</speak>",
    "[[h@l'oU]] \\ %s $(id)",
    "日本語 🙂",
    "a" * 2000,
    "1" * 300,
]


@pytest_asyncio.fixture
async def synthesizer(offline_voices: None) -> AsyncIterator[OfflineSynthesizer]:
    synthesizer = OfflineSynthesizer(processes=1)
    yield synthesizer
    await synthesizer.aclose()


async def said(synthesizer: OfflineSynthesizer, wording: Wording) -> bytes:
    """Return all audio of a wording."""
    return b"".join([part async for part in synthesizer.speak(wording)])


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "wording",
    [
        HELLO,
        Wording("Guten Tag, wie kann ich Ihnen helfen?", "de-DE"),
        Wording("Waarmee kan ik u helpen?", "nl-NL"),
        Wording("How can I help you?", "en-GB", "pico"),
        Wording("How can I help you?", "en-GB", "espeak"),
    ],
    ids=lambda wording: f"{wording.language} {wording.voice}",
)
async def test_each_voice_speaks(synthesizer: OfflineSynthesizer, wording: Wording) -> None:
    """A sentence takes a second or two."""
    audio = await said(synthesizer, wording)
    assert SECOND < len(audio) < 4 * SECOND
    assert len(set(audio)) > 50


@pytest.mark.asyncio
@pytest.mark.parametrize("voice", ["hibari", "pico", "espeak"])
async def test_same_text_sounds_the_same(synthesizer: OfflineSynthesizer, voice: str) -> None:
    """What was rendered once may be kept."""
    wording = Wording("One moment, please.", "en-US", voice)
    lengths = {len(await said(synthesizer, wording)) for _ in range(3)}
    assert max(lengths) - min(lengths) < SECOND // 50


@pytest.mark.asyncio
@pytest.mark.parametrize("voice", ["hibari", "pico", "espeak"])
async def test_speed_is_heard(synthesizer: OfflineSynthesizer, voice: str) -> None:
    """Twice as fast takes about half as long."""
    slow = await said(synthesizer, Wording("Please call again tomorrow.", "en-US", voice, 75))
    fast = await said(synthesizer, Wording("Please call again tomorrow.", "en-US", voice, 150))
    assert len(fast) < 0.7 * len(slow)


@pytest.mark.asyncio
@pytest.mark.parametrize("voice", ["hibari", "pico", "espeak"])
async def test_pause_of_markup_is_heard(synthesizer: OfflineSynthesizer, voice: str) -> None:
    """Also of voices that know no markup."""
    short = await said(synthesizer, Wording("<speak>One, two.</speak>", "en-US", voice))
    text = '<speak>One,<break time="2s"/> two.</speak>'
    assert len(await said(synthesizer, Wording(text, "en-US", voice))) > len(short) + SECOND


@pytest.mark.asyncio
@pytest.mark.parametrize("voice", ["hibari", "pico", "espeak"])
async def test_no_text_does_harm(synthesizer: OfflineSynthesizer, voice: str) -> None:
    """Whatever a chatbot elsewhere answers, the voice speaks on."""
    for text in HARMFUL:
        await said(synthesizer, Wording(text, "en-US", voice))
    assert await said(synthesizer, Wording("Hello.", "en-US", voice))


@pytest.mark.asyncio
async def test_long_text_is_heard_before_it_is_spoken_to_its_end(
    synthesizer: OfflineSynthesizer,
) -> None:
    """Piece by piece."""
    text = "We are closed at the moment, please call again tomorrow between nine and five. " * 4
    parts = [part async for part in synthesizer.speak(Wording(text, "en-US"))]
    assert len(parts[0]) < len(b"".join(parts)) / 2


@pytest.mark.asyncio
async def test_language_without_a_voice_is_refused(synthesizer: OfflineSynthesizer) -> None:
    """The voice itself says so."""
    with pytest.raises(SynthesizerRefused, match="“xx”"):
        await said(synthesizer, Wording("Hello.", "xx"))


@pytest.mark.asyncio
async def test_closed_engine_refuses(synthesizer: OfflineSynthesizer) -> None:
    """No process is started behind its end."""
    await synthesizer.aclose()
    with pytest.raises(SynthesizerRefused, match="closed"):
        await said(synthesizer, HELLO)


def test_name_tells_the_voices_and_their_versions(offline_voices: None) -> None:
    """Another version sounds otherwise."""
    assert OfflineSynthesizer(1).name.startswith("offline hibari-")


def test_no_voice_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to do."""
    monkeypatch.setattr(engine, "installed", tuple)
    with pytest.raises(ValueError, match="make voice"):
        OfflineSynthesizer(1)
