"""Times of day: "half past three", "3 pm", "half vier", "15:30".

Words become parts (see `phrases.py`), and the row of their letters is matched against a grammar:

    N number   h half   q quarter   p past   t to   c o'clock   m minutes   0 a zero   @ at
    A before noon   P after noon   G at night   Z noon (12) or midnight (0)

A time without its half of the day is taken as said: "half past three" is 03:30.
"""

import datetime
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from babel.dates import format_time

from chatbot.values.kind import Kind
from chatbot.values.languages import number_words, typical_phrases, vocabulary_of
from chatbot.values.locale import locale_of
from chatbot.values.numerals import in_figures
from chatbot.values.phrases import Part, parts_of, phrases
from chatbot.values.text import fold, without_accents, words_of

_CANONICAL = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_MERIDIEM = re.compile(r"(?<![^\W0-9])([ap])\.?\s?m\b\.?")  # "3pm", "3 p.m."
_FRENCH = re.compile(r"(?<=[0-9])h(?=[0-9])")  # "15h30"
_NO_TIME = re.compile(r"[0-9]\s?[^\w\s:.]\s?[0-9]")  # "11/23", "1,200"


class _Clock(NamedTuple):
    hour: int
    minute: int
    is_certain: bool  # whether the half of the day was said


@lru_cache(maxsize=256)
def _phrases(language: str) -> Mapping[tuple[str, ...], Part]:
    return phrases(vocabulary_of(language).times)


def _parse(text: str, language: str) -> _Clock | None:
    text = fold(text)
    if _NO_TIME.search(text):
        return None
    words = words_of(_FRENCH.sub(" ", _MERIDIEM.sub(r" \1m ", text)))
    parts = parts_of(map(without_accents, in_figures(words, language)), _phrases(language))
    if parts is None:
        return None
    return _resolve([_numeral(part) for part in parts], language)


def _numeral(part: Part | str) -> Part:
    """Return a number under 100: N in two figures, n in one, and 0 for a zero."""
    if isinstance(part, Part):
        return part
    if not re.fullmatch("[0-9]{1,2}", part):
        return Part("?")
    return Part("0" if part == "0" else "N" if len(part) == 2 else "n", int(part))


def _resolve(parts: list[Part], language: str) -> _Clock | None:
    """Read the row of parts: a time of the clock, and the half of the day where it was said."""
    halves = [part.letter for part in parts if part.letter in "APG"]
    parts = [part for part in parts if part.letter not in "APG@m"]
    letters = "".join(part.letter for part in parts)
    numbers = [part.number for part in parts if part.letter in "Nn0"]
    if len(halves) > 1:
        return None
    if re.fullmatch("N?Z", letters):
        return _Clock(parts[-1].number, 0, True) if numbers in ([], [12]) else None
    clock = _on_the_clock(letters, numbers, vocabulary_of(language).half_is_before)
    if clock is None or not (0 <= clock[0] <= 24 and 0 <= clock[1] < 60):
        return None
    hour, minute = clock[0] % 24, clock[1]
    if not halves:
        return _Clock(hour, minute, hour == 0 or hour > 12)
    if halves[0] == "A" and hour > 12:
        return None
    return _Clock(_in_half(hour, halves[0]), minute, True)


def _on_the_clock(letters: str, numbers: list[int], half_is_before: bool) -> tuple[int, int] | None:
    """Return hour and minute as the row of letters says them, or None where it says no time."""
    if re.fullmatch("[Nn0]c?", letters):
        return numbers[0], 0
    if re.fullmatch("[Nn0](N|c[Nn])c?", letters):
        return numbers[0], numbers[1]
    if re.fullmatch("[Nn0]0n", letters):
        return numbers[0], numbers[-1]
    hour = numbers[-1] if numbers else 0
    if not 1 <= hour <= 12:
        return None
    match = re.fullmatch("(?:(q|[Nn])([pt]))?(h)?([Nn])c?|(h)p[Nn]c?", letters)
    if match is None:
        return None
    quarter, side, half, _, half_past = match.groups()
    minutes = 60 * hour
    if half_past:
        minutes += 30
    elif half:
        minutes += -30 if half_is_before else 30
    if side:
        offset = 15 if quarter == "q" else numbers[0]
        if offset >= 60:
            return None
        minutes += offset if side == "p" else -offset
    hour, minute = divmod(minutes, 60)
    return (hour or 12), minute


def _in_half(hour: int, half: str) -> int:
    """Return the hour of 24: "12 am" is 0, "12 pm" is 12, "11 at night" 23 and "2 at night" 2."""
    if half == "P" or (half == "G" and 6 <= hour < 12):
        return hour + 12 if hour < 12 else hour
    return 0 if hour == 12 else hour


def _read(text: str, language: str, today: datetime.date) -> str | None:
    clock = _parse(text, language)
    return None if clock is None else f"{clock.hour:02}:{clock.minute:02}"


def _speak(value: str, said: str, language: str) -> str:
    locale = locale_of(language)
    if locale is None:
        return value
    time = datetime.time.fromisoformat(value)
    clock = _parse(said, language)
    pattern = locale.time_formats["short"].pattern
    if clock is not None and not clock.is_certain and "a" in pattern:
        pattern = pattern.replace("a", "")  # the caller did not say which half of the day
    return " ".join(format_time(time, pattern, locale=locale).split())


def _is_canonical(value: str) -> bool:
    return _CANONICAL.fullmatch(value) is not None


def _typical(language: str) -> tuple[str, ...]:
    return (*typical_phrases("time", language), *number_words(language)[1:13])


KIND = Kind(
    name="time",
    label="time of day, such as half past three or 15:30",
    max_words=8,
    example="15:30",
    reader=_read,
    speaker=_speak,
    is_canonical=_is_canonical,
    typical=_typical,
)
