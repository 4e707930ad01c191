"""How fast the offline voices speak, and how clearly: `python -m tests.benchmarks.offline_voices`.

For each installed voice: how long its process takes to start with a first sentence, the median and
95th percentile of a sentence after that, and the real-time factor, time spent by audio made. Then
each phrase is spoken, and the offline recognizer listens for all of them: how many it hears right
is a crude measure of clearness, and the same for all voices. It hears English only.
"""

import asyncio
import statistics
import time

from calls.speech.events import Final
from calls.speech.offline import OfflineRecognizer
from calls.speech.recognizer import RecognitionConfig
from calls.voice.offline.synthesizer import OfflineSynthesizer
from calls.voice.offline.voices import installed
from calls.voice.wording import Wording

ROUNDS = 10
SENTENCES = (
    "How can I help you?",
    "One moment please, I will connect you.",
    "Your order will be delivered tomorrow between nine and twelve o'clock.",
    "We are closed at the moment. Please call again during our opening hours.",
)
PHRASES = (
    "hello",
    "book a room",
    "today",
    "half an hour",
    "two people",
    "goodbye",
    "not good",
    "appointment",
    "tomorrow",
    "opening hours",
    "repeat that",
    "thank you",
    "billing",
    "operator",
    "cancel my order",
    "what is the weather",
    "talk to an agent",
    "change my address",
    "yes please",
    "no thanks",
)
SILENCE = b"\xff" * 8000


async def main() -> None:
    """Measure all installed voices."""
    synthesizer = OfflineSynthesizer(processes=1)
    recognizer = OfflineRecognizer(processes=1)
    try:
        for voice in installed():
            await measure(voice.name, synthesizer, recognizer)
    finally:
        await synthesizer.aclose()
        await recognizer.aclose()


async def measure(
    voice: str, synthesizer: OfflineSynthesizer, recognizer: OfflineRecognizer
) -> None:
    """Print the figures of one voice."""
    _, start = await speak(synthesizer, voice, SENTENCES[0])
    times, seconds = [], 0.0
    for _ in range(ROUNDS):
        for sentence in SENTENCES:
            audio, whole = await speak(synthesizer, voice, sentence)
            times.append(whole)
            seconds += len(audio) / 8000
    right = 0
    for phrase in PHRASES:
        audio, _ = await speak(synthesizer, voice, phrase)
        right += await heard(recognizer, audio) == phrase
    print(
        f"{voice:8} start {start * 1000:4.0f} ms   sentence median "
        f"{statistics.median(times) * 1000:3.0f} ms, "
        f"p95 {statistics.quantiles(times, n=20)[-1] * 1000:3.0f} ms   "
        f"real-time factor {sum(times) / seconds:.4f}   "
        f"heard right {right} of {len(PHRASES)}"
    )


async def speak(synthesizer: OfflineSynthesizer, voice: str, text: str) -> tuple[bytes, float]:
    """Return the audio of a text, and how long it took."""
    begun = time.perf_counter()
    pieces = [piece async for piece in synthesizer.speak(Wording(text, "en-US", voice))]
    return b"".join(pieces), time.perf_counter() - begun


async def heard(recognizer: OfflineRecognizer, audio: bytes) -> str:
    """Return what the recognizer hears, or nothing."""
    stream = recognizer.open(RecognitionConfig("en-US", PHRASES))
    stream.write(SILENCE + audio + SILENCE)
    stream.finish()
    finals = [event.text async for event in stream if isinstance(event, Final)]
    await stream.aclose()
    return " ".join(finals)


if __name__ == "__main__":
    asyncio.run(main())
