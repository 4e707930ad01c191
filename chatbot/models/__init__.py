"""A bot and its parts, as an editor keeps them in the admin."""

from chatbot.models.bot import BOT_TEXTS, Bot, VersionField, new_secret, recognizers
from chatbot.models.chat_session import ChatSession
from chatbot.models.intent import Intent, Keyword
from chatbot.models.opening import ClosedDay, OpeningTime
from chatbot.models.phone_number import PhoneNumber
from chatbot.models.rehearsal import Rehearsal, RehearsalLine
from chatbot.models.said_row import EXPECTATION_FIELDS, MANNER_FIELDS, Reply, Reprompt, SaidRow
from chatbot.models.texts import MAX_SAID_LENGTH, SPEEDS
from chatbot.models.words import IgnoredPhrase, Pronunciation

__all__ = [
    "BOT_TEXTS",
    "EXPECTATION_FIELDS",
    "MANNER_FIELDS",
    "MAX_SAID_LENGTH",
    "SPEEDS",
    "Bot",
    "ChatSession",
    "ClosedDay",
    "IgnoredPhrase",
    "Intent",
    "Keyword",
    "OpeningTime",
    "PhoneNumber",
    "Pronunciation",
    "Rehearsal",
    "RehearsalLine",
    "Reply",
    "Reprompt",
    "SaidRow",
    "VersionField",
    "new_secret",
    "recognizers",
]
