"""Are callers heard when they say a keyword? Pure; whoever knows is in `hearing`."""

from collections.abc import Iterator

from chatbot.bot_checks.places import of_keyword
from chatbot.bot_checks.problem import Problem, Severity
from chatbot.hearing import Hearing
from chatbot.patterns import Blank, PatternError, parse
from chatbot.script import Script


def find(script: Script, hearing: Hearing) -> Iterator[Problem]:
    """Find words that the recognizer cannot know, and blanks whose words it cannot expect."""
    if not hearing.only_expected:
        return
    pronunciations = list(script.pronunciations)
    for intent in script.intents:
        for index, keyword in enumerate(intent.keywords):
            place = of_keyword(intent, index)
            for sentence in hearing.keyword_problems(keyword, script.language, pronunciations):
                yield Problem(
                    Severity.ERROR,
                    place,
                    sentence,
                    "Callers who say it are not understood.",
                    "Choose other words, give the pronunciation on the page of the bot, or have "
                    "your administrator choose another recognizer (the setting RECOGNIZER).",
                )
            for blank in _unforeseen(keyword):
                yield Problem(
                    Severity.ERROR,
                    place,
                    "The speech recognizer of this server hears only words that it expects, and "
                    f"what callers say for {{{blank.name}}} is not among them.",
                    "Callers who say it are not understood.",
                    "Have your administrator choose another recognizer (the setting RECOGNIZER).",
                )


def _unforeseen(keyword: str) -> tuple[Blank, ...]:
    """Return the blanks that cannot be expected: all but a yes or no that stands alone."""
    if "{" not in keyword:
        return ()
    try:
        parts = parse(keyword).parts
    except PatternError:
        return ()
    is_alone = len(parts) == 1
    return tuple(
        part
        for part in parts
        if isinstance(part, Blank) and not (is_alone and part.kind == "yesno")
    )
