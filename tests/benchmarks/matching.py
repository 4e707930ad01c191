"""How long matching takes with 10,000 keywords: `python -m tests.benchmarks.matching`.

Prints the time to build the index, at first and again after one keyword was changed, and the
median and 95th percentile per utterance: of utterances that hit a keyword, that nearly hit one
and that miss, for the matcher, to tell whether more is to follow, for a loop over the list of
keywords, and for rapidfuzz over the whole list. Exits with 1 where a median of the matcher is not
under 1 ms. Times are of one thread on its core: what else the machine does at the same time is
not counted.

The words are made of syllables, so that many are alike, and some are said far more often than
others, as in speech. One keyword of twenty has a blank for digits.
"""

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from rapidfuzz import fuzz, process

from chatbot.matching import Matcher, normalise
from chatbot.script import ScriptIntent

INTENTS = 500
KEYWORDS_PER_INTENT = 20
WORDS = 4000
UTTERANCES = 500
UTTERANCES_OF_THE_OTHERS = 50
LIMIT_MS = 1.0
BLANK = "{number:digits}"
TODAY = date(2026, 11, 23)


class Language:
    """Words, of which the first are said most often."""

    def __init__(self, lots: random.Random) -> None:
        self._lots = lots
        syllables = [a + b + c for a in "bdfgklmnprstvw" for b in "aeiou" for c in ["", "n", "s"]]
        words = {"".join(lots.choices(syllables, k=lots.randint(1, 4))) for _ in range(2 * WORDS)}
        shuffled = lots.sample(sorted(words), k=len(words))
        self.words = shuffled[:WORDS]
        self.foreign_words = shuffled[WORDS:]
        self._weights = [1 / (rank + 10) for rank in range(WORDS)]

    def say(self, least: int, most: int) -> list[str]:
        """Return some words, common ones more often."""
        return self._lots.choices(self.words, self._weights, k=self._lots.randint(least, most))

    def say_foreign(self, least: int, most: int) -> list[str]:
        """Return some words that are in no keyword."""
        return self._lots.choices(self.foreign_words, k=self._lots.randint(least, most))

    def mishear(self, phrase: str) -> str:
        """Return a phrase with one letter changed in its longest word."""
        longest = max(phrase.split(), key=len)
        place = self._lots.randrange(1, len(longest))
        return phrase.replace(longest, f"{longest[:place]}x{longest[place + 1 :]}", 1)


def _intents(language: Language) -> list[ScriptIntent]:
    count = INTENTS * KEYWORDS_PER_INTENT
    keywords = [" ".join(language.say(1, 4)) for _ in range(count)]
    keywords[::20] = [f"{keyword} {BLANK}" for keyword in keywords[::20]]
    return [ScriptIntent(i, f"intent {i}", tuple(keywords[i::INTENTS]), ()) for i in range(INTENTS)]


def _utterances(
    language: Language, intents: list[ScriptIntent], lots: random.Random
) -> dict[str, list[str]]:
    def around(keyword: str) -> str:
        said = keyword.replace(BLANK, "double four seven seven")
        return " ".join([*language.say_foreign(0, 8), said, *language.say_foreign(0, 8)])

    keywords = [lots.choice(lots.choice(intents).keywords) for _ in range(UTTERANCES)]
    long_ones = [
        keyword
        for intent in intents
        for keyword in intent.keywords
        if BLANK not in keyword and max(map(len, keyword.split())) >= 7
    ]
    return {
        "hits": [around(keyword) for keyword in keywords],
        "near": [around(language.mishear(lots.choice(long_ones))) for _ in range(UTTERANCES)],
        "misses": [" ".join(language.say_foreign(1, 20)) for _ in range(UTTERANCES)],
        "common words": [" ".join(language.say(10, 20)) for _ in range(UTTERANCES)],
    }


def _begun(intents: list[ScriptIntent], lots: random.Random) -> dict[str, list[str]]:
    keywords = [lots.choice(lots.choice(intents).keywords) for _ in range(UTTERANCES)]
    said = [keyword.replace(BLANK, "double four") for keyword in keywords]
    return {
        "whole keywords": said,
        "keywords without their last word": [text.rpartition(" ")[0] or text for text in said],
        "keywords without their last letter": [text[:-1] for text in said],
    }


def _loop(intents: list[ScriptIntent]) -> Callable[[str], object]:
    keywords = [f" {' '.join(normalise(text))} " for intent in intents for text in intent.keywords]

    def match(text: str) -> str | None:
        said = f" {' '.join(normalise(text))} "
        return max((keyword for keyword in keywords if keyword in said), key=len, default=None)

    return match


def _rapidfuzz(intents: list[ScriptIntent]) -> Callable[[str], object]:
    keywords = [" ".join(normalise(text)) for intent in intents for text in intent.keywords]

    def match(text: str) -> object:
        said = " ".join(normalise(text))
        # The keyword's best place in the utterance, be it inside a word. It stops at the first
        # keyword that is there letter by letter, which is soon where callers say common words.
        return process.extractOne(said, keywords, scorer=fuzz.partial_ratio, score_cutoff=85)

    return match


def _measure(name: str, match: Callable[[str], object], utterances: list[str]) -> float:
    times = []
    for utterance in utterances:
        begin = time.thread_time()
        match(utterance)
        times.append((time.thread_time() - begin) * 1000)
    median = statistics.median(times)
    p95 = statistics.quantiles(times, n=20)[-1]
    print(f"  {name}: median {median:.3f} ms, p95 {p95:.3f} ms, {len(times)} utterances")
    return median


def _timed_build(name: str, intents: list[ScriptIntent]) -> Matcher:
    begin = time.thread_time()
    matcher = Matcher(intents)
    print(f"{name}: {(time.thread_time() - begin) * 1000:.1f} ms")
    return matcher


def main() -> None:
    """Measure, print, and exit with 1 where matching is too slow."""
    lots = random.Random(1)
    language = Language(lots)
    intents = _intents(language)
    _timed_build("build", intents)
    intents[250] = replace(intents[250], keywords=("something new", *intents[250].keywords[1:]))
    matcher = _timed_build("build after one keyword changed", intents)
    loop, fuzzy = _loop(intents), _rapidfuzz(intents)
    medians = []

    def find(text: str) -> object:
        return matcher.find(text, today=TODAY)

    def goes_on(text: str) -> object:
        return matcher.is_unfinished(text, today=TODAY, is_interim=True)

    for kind, utterances in _utterances(language, intents, lots).items():
        matched = sum(matcher.find(text, today=TODAY).best is not None for text in utterances)
        print(f"{kind}, of which {matched / len(utterances):.0%} match:")
        medians.append(_measure("matcher", find, utterances))
        _measure("whether more follows", goes_on, utterances)
        _measure("loop", loop, utterances[:UTTERANCES_OF_THE_OTHERS])
        _measure("rapidfuzz", fuzzy, utterances[:UTTERANCES_OF_THE_OTHERS])
    for kind, utterances in _begun(intents, lots).items():
        print(f"{kind}:")
        medians.append(_measure("whether more follows", goes_on, utterances))
    for kind, words in {"known": language.words, "unknown": language.foreign_words}.items():
        print(f"10,000 characters of {kind} words:")
        _measure("matcher", find, [" ".join(words * 2)[:10_000]] * 10)
    if max(medians) >= LIMIT_MS:
        raise SystemExit(f"A median is {max(medians):.3f} ms; it must be under {LIMIT_MS} ms.")


if __name__ == "__main__":
    main()
