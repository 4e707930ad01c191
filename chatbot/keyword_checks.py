"""Will callers be heard when they say a keyword? Asked of whoever the settings name."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.module_loading import import_string

from chatbot.hearing import Hearing, any_recognizer, any_voice
from chatbot.models import Bot


def hearing() -> Hearing:
    """Return what the telephone side can hear.

    CHATBOT_KEYWORD_CHECKS names whoever knows which words the recognizer hears; where the
    recognizer hears any word it is empty. CHATBOT_HEARS_KEYS is set where all calls carry the keys
    of the telephone. CHATBOT_HEARS_LANGUAGES names the languages that the recognizer understands,
    empty for any, CHATBOT_HEARS_MODELS is set where it has several models, and
    CHATBOT_HEARS_INTERIMS where it tells words before the end of a sentence. CHATBOT_WHY_MUTE
    names who says why no audio of our own can be had, and CHATBOT_VOICE_CHECK why not in a language
    and a voice; CHATBOT_RECOGNIZER_CHECK names who says why an engine can hear nobody. Raises
    ImportError where the settings name what does not exist.
    """
    voice_check = getattr(settings, "CHATBOT_VOICE_CHECK", "")
    recognizer_check = getattr(settings, "CHATBOT_RECOGNIZER_CHECK", "")
    return Hearing(
        keyword_checks=tuple(import_string(path) for path in settings.CHATBOT_KEYWORD_CHECKS),
        keys=getattr(settings, "CHATBOT_HEARS_KEYS", False),
        languages=frozenset(getattr(settings, "CHATBOT_HEARS_LANGUAGES", ())),
        models=getattr(settings, "CHATBOT_HEARS_MODELS", True),
        interims=getattr(settings, "CHATBOT_HEARS_INTERIMS", True),
        mute=_mute(),
        voice_check=import_string(voice_check) if voice_check else any_voice,
        recognizer_check=import_string(recognizer_check) if recognizer_check else any_recognizer,
    )


def _mute() -> str:
    path = getattr(settings, "CHATBOT_WHY_MUTE", "")
    return str(import_string(path)()) if path else ""


def keyword_problems(bot: Bot, texts: Iterable[str]) -> list[str]:
    """Return what the checks of CHATBOT_KEYWORD_CHECKS find, each sentence once.

    Raises ImportError where the setting names a check that does not exist.
    """
    heard = hearing()
    if not heard.keyword_checks:
        return []
    pronunciations = list(bot.pronunciations.values_list("word", "phones"))
    problems = [
        problem
        for text in texts
        for problem in heard.keyword_problems(text, bot.language, pronunciations)
    ]
    return list(dict.fromkeys(problems))
