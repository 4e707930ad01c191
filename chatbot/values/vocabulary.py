"""The words of a language that no library knows."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Vocabulary:
    """Words of one language, in lower case, without apostrophes and accents.

    Number words are read by a library, which does not list them, and the names of months and
    weekdays are known to another one.

    - `numbers` are the words for 0 to 20, then for the tens up to 90, separated by spaces.
    - `zeros` are said for the digit, and mean something else alone ("oh").
    - `repeats` say how often the next digit stands ("double").
    - `homophones` are what a recognizer writes for a digit that it has heard among others.
    - `plus` begins an international telephone number; `minus` a negative number.
    - `articles` stand for one before a magnitude ("a hundred").
    - `fractions` are a number, or follow one and one of the `ands` ("two and a half").
    - `fraction_endings` are such within one word, longest first ("tweeëneenhalf").
    - `scales` multiply a figure ("5 million").
    - `dates`, `times` and `answers` map parts to phrases, separated by commas; the letters are
      those of the grammars in `date.py`, `time.py` and `yesno.py`. A number within a phrase is
      in figures.
    - `half_is_before`: "half four" is 3:30, not 4:30.
    - `please` are said with what is asked for, and are no part of it.
    - `yes` and `no` are how a reply says them.
    - `typical` maps kinds to phrases, separated by commas, that callers say for a value of the
      kind beside number words and names; most likely first, and as a recognizer writes them.
    """

    numbers: str = ""
    zeros: frozenset[str] = frozenset()
    repeats: Mapping[str, int] = field(default_factory=dict)
    homophones: Mapping[str, str] = field(default_factory=dict)
    plus: str = "plus"
    minus: frozenset[str] = frozenset({"minus"})
    articles: frozenset[str] = frozenset()
    fractions: Mapping[str, str] = field(default_factory=dict)
    ands: frozenset[str] = frozenset()
    fraction_endings: Mapping[str, str] = field(default_factory=dict)
    scales: Mapping[str, int] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    half_is_before: bool = False
    please: frozenset[str] = frozenset()
    yes: str = ""
    no: str = ""
    typical: Mapping[str, str] = field(default_factory=dict)
