"""What an operator may have left out: said by `manage.py check`, and before each `migrate`."""

import os
from collections.abc import Sequence
from typing import Any

import google.auth
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.module_loading import import_string
from google.auth.environment_vars import CREDENTIALS
from google.auth.exceptions import DefaultCredentialsError

from calls.voice.engines import why_none


@register
def settings_are_complete(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Look for settings that are valid each by itself, and together answer no call."""
    found: list[CheckMessage] = []
    if not (settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN):
        found.append(
            Warning(
                "Every webhook is refused: TWILIO_ACCOUNT_SID or TWILIO_AUTH_TOKEN is not set.",
                hint="Both are on the first page of console.twilio.com.",
                id="calls.W001",
            )
        )
    if settings.PUBLIC_URL.startswith("http:") and "api.twilio.com" in settings.TWILIO_API_URL:
        found.append(
            Warning(
                f"Twilio cannot stream to {settings.PUBLIC_URL}: it opens wss sockets only.",
                hint="Set PUBLIC_URL to the https origin of a tunnel or of your proxy.",
                id="calls.W002",
            )
        )
    pool = settings.DATABASES["default"].get("OPTIONS", {}).get("pool")
    if pool and pool["max_size"] < settings.CALL_DATABASE_THREADS + 5:
        found.append(
            Error(
                "Webhooks would wait in vain for the database: DATABASE_POOL_SIZE is "
                f"{pool['max_size']}, and live calls hold {settings.CALL_DATABASE_THREADS + 1}.",
                hint="Make it CALL_DATABASE_THREADS and 5 at the least, better 12.",
                id="calls.E002",
            )
        )
    is_google = settings.RECOGNIZER == "google" and not settings.GOOGLE_SPEECH_ENDPOINT
    if is_google and not settings.GOOGLE_CLOUD_PROJECT:
        found.append(
            Error(
                "Nobody can be heard: RECOGNIZER is google and GOOGLE_CLOUD_PROJECT is not set.",
                hint="Set it to the project that is billed for Speech-to-Text.",
                id="calls.E001",
            )
        )
    return found


@register
def google_lets_us_in(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Look into the file of Google's credentials, as far as it can be judged from here.

    Without one, those of the machine are used: asking for them takes seconds where there are none.
    """
    engines = (
        (settings.RECOGNIZER, settings.GOOGLE_SPEECH_ENDPOINT),
        (settings.SYNTHESIZER, settings.GOOGLE_TTS_ENDPOINT),
    )
    is_used = any(engine == "google" and not endpoint for engine, endpoint in engines)
    if not is_used or not os.environ.get(CREDENTIALS):
        return []
    try:
        google.auth.default()
    except DefaultCredentialsError as error:
        return [
            Error(
                f"Google would refuse us: {CREDENTIALS} holds no credentials: {error}",
                hint="Set it to the key file of a service account, readable by the server.",
                id="calls.E004",
            )
        ]
    return []


@register
def engines_can_be_found(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Look for engines of somebody's own that are not where the settings say."""
    found: list[CheckMessage] = []
    for name in ("RECOGNIZER", "SYNTHESIZER"):
        path: str = getattr(settings, name)
        if "." not in path:
            continue
        try:
            import_string(path)
        except ImportError as error:
            found.append(
                Error(
                    f"{name} is “{path}”, which cannot be imported: {error}.",
                    hint="Name an engine of the product, or the dotted path of one of your own.",
                    id="calls.E003",
                )
            )
    return found


@register
def bots_can_speak(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Tell that no audio of our own can be made, where that may surprise.

    On a newcomer's machine, or where the operator says so, none need be.
    """
    why = why_none()
    if not why or settings.DEBUG or settings.SYNTHESIZER == "none":
        return []
    return [
        Warning(
            f"{why} Twilio's voices speak for bots whose callers hear audio of our own.",
            hint="Set SYNTHESIZER to google, or to none if this is meant.",
            id="calls.W003",
        )
    ]
