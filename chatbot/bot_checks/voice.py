"""Can the bot speak as it is told to? Pure."""

from collections.abc import Iterator

from chatbot.bot_checks.places import of_bot, rows
from chatbot.bot_checks.problem import Place, Problem, Severity
from chatbot.hearing import Hearing
from chatbot.script import Script


def find(script: Script, hearing: Hearing) -> Iterator[Problem]:
    """Find a bot that is to speak with audio of our own where none can be had, or not so."""
    if not script.streams:
        return
    if hearing.mute:
        yield Problem(
            Severity.WARNING,
            of_bot("callers hear", "id_line"),
            hearing.mute,
            "Callers hear the voices of the telephone service instead; they cannot interrupt the "
            "bot at once, nor press keys.",
            "Have your administrator install a voice engine, or choose those voices.",
        )
        return
    for place, voice in _voices(script):
        if why := hearing.voice_check(script.language, voice):
            yield Problem(
                Severity.WARNING,
                place,
                why,
                "As soon as this is to be said, the telephone service speaks instead, with a voice "
                "of its own, until the call ends.",
                "Write the name of another voice, or none.",
            )


def _voices(script: Script) -> Iterator[tuple[Place, str]]:
    """Yield the voice of the bot, and those that rows have for themselves, each with its place."""
    yield of_bot("voice", "id_voice"), script.voice
    for row in rows(script):
        if row.said.manner.voice:
            yield row.place, row.said.manner.voice
