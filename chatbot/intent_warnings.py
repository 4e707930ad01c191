"""What an editor is told of an intent that was saved, although it can be saved that way."""

from dataclasses import replace

from chatbot.bot_checks import Check, jumps, keys, placeholders
from chatbot.keyword_checks import hearing
from chatbot.loader import load_script
from chatbot.models import Intent

CHECKS: tuple[Check, ...] = (placeholders.find, jumps.find, keys.find)
"""The checks that are quick in the largest bot, and of use while the intent is in mind."""


def intent_warnings(intent: Intent) -> list[str]:
    """Return what is wrong with placeholders, with ways to other intents and with keys.

    Each is some sentences. Costs what `load_script` costs.
    """
    script = load_script(intent.bot_id)
    saved = script.intents_by_id[intent.pk]
    # A circle of intents is reported at the first of them: this one, if it is part of it.
    others = (other for other in script.intents if other.id != saved.id)
    script = replace(script, intents=(saved, *others))
    heard = hearing()
    warnings = (
        f"{problem.what} {problem.effect} {problem.remedy}"
        for check in CHECKS
        for problem in check(script, heard)
        if problem.place.intent_id == saved.id
    )
    return list(dict.fromkeys(warnings))
