"""How long matching takes with 10,000 keywords: `python -m tests.benchmarks.matching`.

Prints the time to build the index, and the median and 95th percentile per utterance, for the
matcher and for a loop over the list of keywords. Times are of one process on one core.
"""

import random
import statistics
import time
from collections.abc import Callable

from chatbot.matching import normalise
from chatbot.script import Script, ScriptIntent

INTENTS = 500
KEYWORDS_PER_INTENT = 20
UTTERANCES = 1000
UTTERANCES_OF_THE_LOOP = 50


def _script(words: list[str], lots: random.Random) -> Script:
    keywords = [
        " ".join(lots.choices(words, k=lots.randint(1, 4)))
        for _ in range(INTENTS * KEYWORDS_PER_INTENT)
    ]
    intents = tuple(
        ScriptIntent(i, f"intent {i}", tuple(keywords[i::INTENTS]), ()) for i in range(INTENTS)
    )
    texts = dict.fromkeys(
        ["name", "language", "voice", "greeting", "fallback", "no_input", "goodbye", "apology"], ""
    )
    return Script(bot_id=1, version=1, silence_seconds=8, intents=intents, **texts)


def _loop(script: Script) -> Callable[[str], object]:
    keywords = [
        f" {' '.join(normalise(keyword))} "
        for intent in script.intents
        for keyword in intent.keywords
    ]

    def match(text: str) -> str | None:
        said = f" {' '.join(normalise(text))} "
        return max((keyword for keyword in keywords if keyword in said), key=len, default=None)

    return match


def _measure(name: str, match: Callable[[str], object], utterances: list[str]) -> float:
    times = []
    for utterance in utterances:
        begin = time.perf_counter()
        match(utterance)
        times.append((time.perf_counter() - begin) * 1000)
    median = statistics.median(times)
    p95 = statistics.quantiles(times, n=20)[-1]
    print(f"{name}: median {median:.4f} ms, p95 {p95:.4f} ms, {len(times)} utterances")
    return median


def main() -> None:
    lots = random.Random(1)
    words = ["".join(lots.choices("abcdefghijklmnop", k=lots.randint(2, 9))) for _ in range(4000)]
    script = _script(words, lots)
    utterances = [" ".join(lots.choices(words, k=lots.randint(1, 20))) for _ in range(UTTERANCES)]
    begin = time.perf_counter()
    matcher = script.matcher
    print(f"build: {(time.perf_counter() - begin) * 1000:.1f} ms")
    median = _measure("index", matcher.match, utterances)
    _measure("loop", _loop(script), utterances[:UTTERANCES_OF_THE_LOOP])
    _measure("index, 10,000 characters", matcher.match, [" ".join(words)[:10_000]] * 20)
    if median >= 1:
        raise SystemExit(f"The median is {median:.3f} ms; it must be under 1 ms.")


if __name__ == "__main__":
    main()
