"""Does what a reply expects next lead anywhere, and can it be heard? Pure."""

from collections.abc import Callable, Iterator
from datetime import date

from chatbot import actions
from chatbot.actions.goto import GoToAction
from chatbot.bot_checks.places import Row, rows
from chatbot.bot_checks.problem import Problem, Severity
from chatbot.expectations import ANYTHING
from chatbot.hearing import Hearing
from chatbot.script import Script
from chatbot.values import KINDS, read, typical

_ANY_DAY = date(2026, 1, 1)
"""Whether “tomorrow” is a date does not depend on the day."""

_CHOOSE_ANOTHER = "have your administrator choose another recognizer (the setting RECOGNIZER)."


def find(script: Script, hearing: Hearing) -> Iterator[Problem]:
    """Find expectations that hold for nothing, that nothing answers, or that are not heard."""
    for row in rows(script):
        if row.said.expects == ANYTHING:
            continue
        if where := _what_comes_instead(script, row):
            yield Problem(
                Severity.WARNING,
                row.place,
                f"The reply says what is expected next, but {where}.",
                "Nothing: what is expected here is never listened for.",
                "Leave the fields under “What is expected next” empty.",
            )
            continue
        yield from _unanswered(script, row)
        yield from _unheard(script, row, hearing)


def _what_comes_instead(script: Script, row: Row) -> str:
    said = row.said
    if actions.hangs_up(said.action):
        return "the call ends with it"
    if said.action == GoToAction.name and said.parameter in script.intents_by_name:
        return f"what comes next is a reply of “{said.parameter}”, which says it for itself"
    return ""


def _unanswered(script: Script, row: Row) -> Iterator[Problem]:
    """Yield what is expected and matches no keyword that counts after the reply."""
    expects = row.said.expects
    after = row.intent.id if row.intent is not None and not row.said.ends_thread else None

    def is_understood(text: str) -> bool:
        matching = script.matcher.find(text, after=after, today=_ANY_DAY, language=expects.language)
        return matching.best is not None

    if expects.kind in KINDS:
        language = expects.language or script.language
        for missing in _kinds_missed(expects.kind, language, is_understood):
            yield Problem(
                Severity.ERROR,
                row.place,
                f"Callers are expected to answer with {missing}, and no keyword takes just that.",
                "Callers who do are not understood.",
                "Have an intent follow this one with the keyword "
                f"{{answer:{expects.kind}}}, or expect something else.",
            )
    missed = [phrase for phrase in expects.phrases if not is_understood(phrase)]
    if missed:
        more = f" and {len(missed) - 1} more" if len(missed) > 1 else ""
        yield Problem(
            Severity.WARNING,
            row.place,
            f"Callers are expected to say “{missed[0]}”{more}, and no keyword takes that.",
            "Callers who say it are heard, and not understood.",
            "Add it to the keywords of an intent that follows this one.",
        )


def _kinds_missed(kind: str, language: str, is_understood: Callable[[str], bool]) -> Iterator[str]:
    """Yield what is taken by no keyword: values of the kind, or one of yes and no."""
    examples = (*typical(kind, language), KINDS[kind].example)
    if kind != "yesno":
        if not any(map(is_understood, examples)):
            yield f"a value such as “{KINDS[kind].example}”"
        return
    for answer in ("yes", "no"):
        words = [word for word in (*examples, answer) if _means(word, answer, language)]
        if not any(map(is_understood, words)):
            yield f"“{words[0]}”"


def _means(word: str, answer: str, language: str) -> bool:
    value = read("yesno", word, language, _ANY_DAY)
    return value is not None and value.value == answer


def _unheard(script: Script, row: Row, hearing: Hearing) -> Iterator[Problem]:
    """Yield what the recognizer cannot do."""
    expects = row.said.expects
    language = expects.language or script.language
    if expects.model and not hearing.models:
        yield Problem(
            Severity.WARNING,
            row.place,
            "The speech recognizer of this server has no models to choose from.",
            f"Nothing is heard any better: “{expects.model}” is passed over.",
            f"Leave the model empty, or {_CHOOSE_ANOTHER}",
        )
    if expects.language and not hearing.understands(expects.language):
        yield Problem(
            Severity.ERROR,
            row.place,
            f"The speech recognizer of this server does not understand “{expects.language}”.",
            "From this reply on, callers are heard by the bot's second recognizer, or else by the "
            "telephone service, until the call ends.",
            f"Leave the language empty, or {_CHOOSE_ANOTHER}",
        )
        return
    pronunciations = list(script.pronunciations)
    for phrase in expects.phrases:
        for sentence in hearing.keyword_problems(phrase, language, pronunciations):
            yield Problem(
                Severity.ERROR,
                row.place,
                sentence,
                "Callers who say it are not understood.",
                "Choose other words, give the pronunciation on the page of the bot, or "
                f"{_CHOOSE_ANOTHER}",
            )
