"""The bots that a new installation, or an editor, can begin with: one in each language."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db import connection, transaction

from chatbot.actions import HANGUP
from chatbot.models import Bot, Intent


@dataclass(frozen=True, slots=True)
class Starter:
    """A bot to begin with. `intents` are rows of name, keywords, reply and action."""

    label: str
    texts: Mapping[str, str]
    intents: tuple[tuple[str, tuple[str, ...], str, str], ...]


STARTERS: Mapping[str, Starter] = MappingProxyType(
    {
        "en": Starter(
            "English",
            {
                "name": "Starter bot",
                "language": "en-US",
                "greeting": "How can I help you?",
                "fallback": "Sorry, I did not understand that. Could you say it again?",
            },
            (
                ("hello", ("hello", "hi"), "Hi, how are you?", ""),
                ("good", ("good", "fine", "great"), "Nice, I am happy for you.", ""),
                ("bad", ("bad", "not good"), "Oh no, I am sorry to hear that.", ""),
                ("goodbye", ("goodbye", "bye"), "Nice talking to you.", HANGUP),
            ),
        ),
        "nl": Starter(
            "Nederlands",
            {
                "name": "Startbot",
                "language": "nl-NL",
                "time_zone": "Europe/Amsterdam",
                "greeting": "Waarmee kan ik u helpen?",
                "fallback": "Sorry, dat heb ik niet begrepen. Kunt u het nog eens zeggen?",
                "no_input": "Bent u er nog?",
                "goodbye": "Tot ziens.",
                "apology": "Sorry, ik kan u op dit moment niet verstaan. Belt u later nog eens. "
                "Tot ziens.",
                "limit_message": "Het spijt me, ik moet dit gesprek nu beëindigen. Tot ziens.",
                "transfer_message": "Een ogenblik, ik verbind u door.",
                "transfer_failed": "Het spijt me, er is op dit moment niemand beschikbaar. "
                "Waarmee kan ik u verder helpen?",
                "closed_message": "Wij zijn op dit moment gesloten. Belt u ons tijdens onze "
                "openingstijden.",
            },
            (
                (
                    "hallo",
                    ("hallo", "hoi", "goedendag", "goedemorgen", "goedemiddag", "goedenavond"),
                    "Hallo, hoe gaat het met u?",
                    "",
                ),
                ("goed", ("goed", "prima", "uitstekend"), "Wat fijn om te horen.", ""),
                ("slecht", ("slecht", "niet goed"), "Wat vervelend om te horen.", ""),
                (
                    "tot ziens",
                    # Not "dag": it greets as well, and is the day in "op welke dag".
                    ("tot ziens", "doei"),
                    "Prettig u gesproken te hebben.",
                    HANGUP,
                ),
            ),
        ),
    }
)


@transaction.atomic
def create_first_bot(language: str = "en") -> Bot | None:
    """Create the starter bot, or do nothing and return None where there is a bot already.

    Safe to run in several processes at once: each waits until the one before has committed.
    """
    _lock_bots()
    if Bot.objects.exists():
        return None
    return create_starter_bot(language)


@transaction.atomic
def create_starter_bot(language: str) -> Bot:
    """Create another bot from the starter of a language, which is a key of STARTERS."""
    starter = STARTERS[language]
    bot = Bot.objects.create(**starter.texts)
    for position, (name, keywords, reply, action) in enumerate(starter.intents):
        intent = Intent.objects.create(bot=bot, name=name, position=position)
        for keyword in keywords:
            intent.keywords.create(text=keyword)
        intent.replies.create(text=reply, action=action)
    return bot


def _lock_bots() -> None:
    """Keep other processes from adding a bot until this transaction ends; reading goes on.

    On SQLite the transaction itself is such a lock: the settings have it begin as IMMEDIATE.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{Bot._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE')
