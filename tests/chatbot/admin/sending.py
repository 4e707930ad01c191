"""What a browser sends from the forms of a bot and of an intent, and what it gets to see."""

import html
import re
from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpResponse
from django.urls import reverse

from chatbot.models import Bot, Intent

BOTS = reverse("admin:chatbot_bot_changelist")
ADD_BOT = reverse("admin:chatbot_bot_add")
INTENTS = reverse("admin:chatbot_intent_changelist")
ADD_INTENT = reverse("admin:chatbot_intent_add")

BOT_FIELDS = [
    "name",
    "language",
    "voice",
    "line",
    "speed",
    "interrupt_words",
    "patience_ms",
    "second_recognizer",
    "greeting",
    "fallback",
    "silence_seconds",
    "no_input",
    "goodbye",
    "apology",
    "threshold",
    "max_turns",
    "max_minutes",
    "limit_message",
    "transfer_number",
    "transfer_message",
    "transfer_failed",
    "time_zone",
    "closed_message",
    "backend",
    "backend_url",
    "backend_seconds",
]
BOT_ROWS = [
    "phone_numbers",
    "no_input",
    "no_match",
    "opening_times",
    "closed_days",
    "pronunciations",
]

Row = Mapping[str, str]

EARS = "tests.chatbot.admin.sending.unheard"


def unheard(text: str, language: str, pronunciations: list[tuple[str, str]]) -> list[str]:
    """Know the English words that do not begin with an x, and the pronounced ones."""
    known = {word for word, _ in pronunciations}
    if language != "en-US":
        return [f"No word of {language} is known."]
    return [f"Unknown word: {text}."] if text.startswith("x") and text not in known else []


def bot_page(bot: Bot) -> str:
    return reverse("admin:chatbot_bot_change", args=[bot.pk])


def intent_page(intent: Intent) -> str:
    return reverse("admin:chatbot_intent_change", args=[intent.pk])


def text_of(response: HttpResponse) -> str:
    """Return what a page shows, as a row of words."""
    assert response.status_code == HTTPStatus.OK
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", response.content.decode())).split())


def rows(prefix: str, *values: Row) -> dict[str, str]:
    """Return the rows of a form that belong together; those with an id are there already."""
    initial = sum("id" in row for row in values)
    return {
        f"{prefix}-TOTAL_FORMS": str(len(values)),
        f"{prefix}-INITIAL_FORMS": str(initial),
        **{
            f"{prefix}-{number}-{name}": value
            for number, row in enumerate(values)
            for name, value in row.items()
        },
    }


def bot_form(bot: Bot, **changes: str) -> dict[str, str]:
    """Return what is sent when an editor saves a bot that has no rows."""
    return {
        **{name: str(getattr(bot, name)) for name in BOT_FIELDS},
        **{key: value for prefix in BOT_ROWS for key, value in rows(prefix).items()},
        **changes,
    }


def reply(text: str = "It rains.", action: str = "", parameter: str = "", **fields: str) -> Row:
    """Return a row of something said and done."""
    return {
        "text": text,
        "action": action,
        "parameter": parameter,
        "otherwise": "",
        "position": "0",
        **fields,
    }


def intent_form(bot: Bot, *keywords: str, replies: tuple[Row, ...] = (), **changes: str) -> Row:
    """Return what is sent when an editor adds an intent, with one reply unless others are given."""
    return {
        "bot": str(bot.pk),
        "name": "weather",
        "position": "0",
        "reply_order": "in-turn",
        **rows("keywords", *({"text": text} for text in keywords)),
        **rows("replies", *(replies or (reply(),))),
        **rows("no_match"),
        **rows("no_input"),
        **changes,
    }
