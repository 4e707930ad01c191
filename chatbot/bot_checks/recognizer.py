"""Are callers heard when they say a keyword? Pure; whoever knows is in `hearing`."""

from collections.abc import Iterator

from chatbot import expectations
from chatbot.bot_checks.places import of_keyword
from chatbot.bot_checks.problem import Place, Problem, Severity
from chatbot.hearing import Hearing
from chatbot.patterns import Blank, PatternError, parse
from chatbot.script import Script, ScriptIntent

_IN_DIGITS = "single digits mostly, two in a row every fourth time, and more hardly ever"
_HEARD = {"digits": _IN_DIGITS, "phone": "hardly any, they have too many digits"}
_HEARD_OF_OTHERS = "single words, such as “tomorrow”, “Monday”, “noon” or “twenty”"
"""What is heard of the values of a kind that a reply expects, as measured."""


def find(script: Script, hearing: Hearing) -> Iterator[Problem]:
    """Find words that the recognizer cannot know, and blanks of whose words it expects few."""
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
            for blank, is_alone in _blanks(keyword):
                if not (is_alone and blank.kind == "yesno"):
                    yield _hardly_heard(script, intent, place, blank, is_alone=is_alone)


def _blanks(keyword: str) -> Iterator[tuple[Blank, bool]]:
    """Yield the blanks of a keyword, each with whether it is all of it."""
    if "{" not in keyword:
        return
    try:
        pattern = parse(keyword)
    except PatternError:
        return
    for blank in pattern.blanks:
        yield blank, len(pattern.parts) == 1


def _hardly_heard(
    script: Script, intent: ScriptIntent, place: Place, blank: Blank, *, is_alone: bool
) -> Problem:
    """Word the problem of a blank: some of it is heard where a reply says that it is expected."""
    is_foreseen = is_alone and any(kind == blank.kind for kind, _ in expectations.choices())
    if is_foreseen and blank.kind in _expected_before(script, intent):
        return Problem(
            Severity.WARNING,
            place,
            f"The speech recognizer of this server hears few of the values of {{{blank.name}}}: "
            f"{_HEARD.get(blank.kind, _HEARD_OF_OTHERS)}.",
            "Callers are asked to say it again, time after time; a few are misheard.",
            "Have the bot say the value again and ask whether it is right, or have your "
            "administrator choose another recognizer (the setting RECOGNIZER).",
        )
    expect_it = "Have the reply that asks for it say that it is expected next, or have"
    return Problem(
        Severity.ERROR,
        place,
        "The speech recognizer of this server hears only words that it expects, and what callers "
        f"say for {{{blank.name}}} is not among them.",
        "Callers who say it are not understood.",
        f"{expect_it if is_foreseen else 'Have'} your administrator choose another recognizer "
        "(the setting RECOGNIZER).",
    )


def _expected_before(script: Script, intent: ScriptIntent) -> set[str]:
    """Return the kinds that replies right before the intent expect."""
    return {
        reply.expects.kind
        for other in script.intents
        if not intent.follows or other.id in intent.follows
        for reply in other.replies
    }
