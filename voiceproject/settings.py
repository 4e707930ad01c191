"""All settings of the project, read from the environment (and from `.env` beside manage.py).

Every variable is listed with its meaning in `.env.example`. Missing and malformed
ones are reported together, in one error, when the process starts.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import dj_database_url
from environs import Env, validate
from marshmallow import ValidationError

BASE_DIR = Path(__file__).resolve().parent.parent


def _is_origin(value: str) -> None:
    """Refuse what is not `http(s)://host[:port]`."""
    try:
        parts = urlsplit(value)
        is_origin = (
            parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and parts.port != 0
            and not (parts.username or parts.path.strip("/") or parts.query or parts.fragment)
        )
    except ValueError:  # a bracket that is not closed, a port beyond the last
        is_origin = False
    if not is_origin:
        raise ValidationError("Expected http://host[:port] or https://host[:port].")


def _is_plaintext_endpoint(value: str) -> None:
    """Refuse what is neither empty nor `http://host:port`."""
    if not value:
        return
    _is_origin(value)
    if not value.startswith("http:") or urlsplit(value).port is None:
        raise ValidationError("Expected http://host:port, or nothing for Google's own.")


def _is_database(value: str) -> None:
    """Refuse what is neither SQLite nor PostgreSQL, or names no database."""
    try:
        name = dj_database_url.parse(value)["NAME"]
    except (dj_database_url.ParseError, ValueError):
        name = ""
    if not name or not value.startswith(("sqlite:", "postgres:", "postgresql:")):
        raise ValidationError("Expected sqlite:///path or postgres://user:password@host:5432/name.")


def _is_redis(value: str) -> None:
    if value and not value.startswith(("redis://", "rediss://", "unix://")):
        raise ValidationError("Expected redis://host:port/number.")


def _is_time_zone(value: str) -> None:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValidationError("Expected an IANA name such as Europe/Amsterdam.") from None


def _is_recognizer(value: str) -> None:
    if value not in {"offline", "google"} and "." not in value:
        raise ValidationError("Expected 'offline', 'google' or the dotted path of an engine.")


def _is_synthesizer(value: str) -> None:
    if value not in {"offline", "google", "none"} and "." not in value:
        raise ValidationError(
            "Expected 'offline', 'google', 'none' or the dotted path of an engine."
        )


env = Env(eager=False)
env.read_env(str(BASE_DIR / ".env"), recurse=False)
for name in [name for name, value in os.environ.items() if not value]:
    # An empty variable counts as absent: so do the files that list them all pass them on.
    del os.environ[name]

SECRET_KEY: str = env.str("SECRET_KEY", validate=validate.Length(min=32))
DEBUG: bool = env.bool("DEBUG", default=False)
PUBLIC_URL: str = env.str("PUBLIC_URL", default="http://127.0.0.1:8000", validate=_is_origin)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
LOG_LEVEL: str = env.str(
    "LOG_LEVEL",
    default="INFO",
    validate=validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"]),
)
TIME_ZONE: str = env.str("TIME_ZONE", default="UTC", validate=_is_time_zone)

_DATABASE_URL: str = env.str(
    "DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}", validate=_is_database
)
_DATABASE_POOL_SIZE: int = env.int(
    "DATABASE_POOL_SIZE", default=16, validate=validate.Range(min=2, max=500)
)
_REDIS_URL: str = env.str("REDIS_URL", default="", validate=_is_redis)

TWILIO_ACCOUNT_SID: str = env.str("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN: str = env.str("TWILIO_AUTH_TOKEN", default="")
PHONE: bool = env.bool("PHONE", default=DEBUG)
TWILIO_API_URL: str = env.str(
    "TWILIO_API_URL", default="https://api.twilio.com", validate=_is_origin
)

RECOGNIZER: str = env.str("RECOGNIZER", default="offline", validate=_is_recognizer)
OFFLINE_PROCESSES: int = env.int(
    "OFFLINE_PROCESSES",
    default=max(1, (os.cpu_count() or 2) - 1),
    validate=validate.Range(min=1, max=64),
)
GOOGLE_SPEECH_ENDPOINT: str = env.str(
    "GOOGLE_SPEECH_ENDPOINT", default="", validate=_is_plaintext_endpoint
)
GOOGLE_CLOUD_PROJECT: str = env.str("GOOGLE_CLOUD_PROJECT", default="")
GOOGLE_SPEECH_LOCATION: str = env.str("GOOGLE_SPEECH_LOCATION", default="global")
GOOGLE_SPEECH_MODEL: str = env.str("GOOGLE_SPEECH_MODEL", default="telephony")

SYNTHESIZER: str = env.str("SYNTHESIZER", default="offline", validate=_is_synthesizer)
GOOGLE_TTS_ENDPOINT: str = env.str(
    "GOOGLE_TTS_ENDPOINT", default="", validate=_is_plaintext_endpoint
)
GOOGLE_TTS_LOCATION: str = env.str("GOOGLE_TTS_LOCATION", default="global")

OUTSIDE_PRIVATE_HOSTS: list[str] = env.list("OUTSIDE_PRIVATE_HOSTS", default=[])
CHATBOT_API_KEY: str = env.str("CHATBOT_API_KEY", default="")
CALL_DATABASE_THREADS: int = env.int(
    "CALL_DATABASE_THREADS", default=4, validate=validate.Range(min=1, max=64)
)

env.seal()

# What follows is derived from the variables above, and is the same on every machine.

PUBLIC_URL = PUBLIC_URL.rstrip("/")
TWILIO_API_URL = TWILIO_API_URL.rstrip("/")
if not ALLOWED_HOSTS:
    # Twilio asks for the public host; probes and tunnels on the same machine for the local names.
    ALLOWED_HOSTS = [str(urlsplit(PUBLIC_URL).hostname), "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
_IS_HTTPS = PUBLIC_URL.startswith("https:")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _IS_HTTPS
# How many seconds browsers come back by https only.
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _IS_HTTPS else 0
# The proxy in front speaks TLS and says so. Whoever reaches a process without it and says the same
# gains nothing by that.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _IS_HTTPS else None
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # what else there is below the host of PUBLIC_URL is not ours to promise,
    "security.W021",  # nor to have browsers know before they ever came here
    "security.W008",  # plain http ends at the proxy; here it comes from the proxy itself and probes
]

INSTALLED_APPS = [
    "daphne",  # before staticfiles, so that `runserver` serves ASGI
    "voiceproject.admin_config.PhoneBotAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "reversion",
    "voiceproject",
    "chatbot",
    "calls",
]

MIDDLEWARE = [
    "voiceproject.security_headers.security_headers",
    "voiceproject.middleware.healthz",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "voiceproject.urls"
ASGI_APPLICATION = "voiceproject.asgi.application"

# Twilio signs the exact URL and does not repeat a POST body after a redirect.
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "calls.phone.context.phone",
            ],
        },
    },
]

_DATABASE: Any = dj_database_url.parse(_DATABASE_URL)
DATABASES: dict[str, dict[str, Any]] = {"default": _DATABASE}
if _DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    _DATABASE["OPTIONS"] = {
        **_DATABASE.get("OPTIONS", {}),
        # A writer takes its lock when it begins: two calls then queue for it, where a lock
        # upgraded in mid-transaction would fail at once, whatever the timeout.
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
elif _DATABASE["ENGINE"] == "django.db.backends.postgresql":
    # Each connection of the pool is tried before it is used: after a restart of PostgreSQL
    # none of them is good, and each would cost a caller his call.
    _DATABASE["CONN_HEALTH_CHECKS"] = True
    # Each ASGI request runs in a thread of its own; without a pool each would connect anew.
    _DATABASE["OPTIONS"] = {
        # Seconds, and milliseconds: a server that is gone must not hold a thread for minutes.
        "connect_timeout": 3,
        "tcp_user_timeout": 8000,
        # No query of ours is long enough to win back what compiling it costs: a search took
        # 390 ms instead of 60.
        "options": "-c jit=off",
        **_DATABASE.get("OPTIONS", {}),
        # Few lie idle: after a restart of PostgreSQL each of those delays who gets it.
        "pool": {"min_size": 1, "max_size": _DATABASE_POOL_SIZE, "timeout": 10, "max_idle": 10},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

IN_MEMORY_LAYER: dict[str, Any] = {
    "BACKEND": "channels.layers.InMemoryChannelLayer",
    # Whoever has joined a group stays in it, however long the process runs, and leaves by
    # itself: the layer would drop it after a day. In seconds: ten years.
    "CONFIG": {"group_expiry": 10 * 365 * 86_400},
}
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [_REDIS_URL]},
    }
    if _REDIS_URL
    else IN_MEMORY_LAYER,
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# An intent with its keywords and replies is one form of four fields a row.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

LANGUAGE_CODE = "en-us"
USE_TZ = True

STATIC_URL = "static/"
# Served straight from the installed packages: no collectstatic step that could be forgotten.
WHITENOISE_USE_FINDERS = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "filters": {"phone_refusals": {"()": "voiceproject.logs.PhoneRefusals"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "calls": {"level": LOG_LEVEL},
        "chatbot": {"level": LOG_LEVEL},
        "voiceproject": {"level": LOG_LEVEL},
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"filters": ["phone_refusals"]},
        # Its lines carry query strings and client addresses.
        "django.channels.server": {"level": "WARNING"},
        "daphne": {"level": "WARNING"},
    },
}

# Asked when a keyword is saved: callables (text, language, pronunciations) -> list of sentences
# that tell the editor why callers might not be heard saying it.
CHATBOT_KEYWORD_CHECKS = (
    ["calls.speech.offline.keyword_problems"] if RECOGNIZER == "offline" else []
)

# What a reply can have the recognizer listen with: languages, empty for any, and models.
CHATBOT_HEARS_LANGUAGES = ["en"] if RECOGNIZER == "offline" else []
CHATBOT_HEARS_MODELS = RECOGNIZER != "offline"

# Whether it tells words before the end of a sentence.
CHATBOT_HEARS_INTERIMS = RECOGNIZER != "offline"

# The engines that a bot can name as its second recognizer.
CHATBOT_RECOGNIZERS = {
    "": "none",
    "offline": "Offline, on the server; English, the bot's own keywords",
    "google": "Google Speech-to-Text",
}

# Says why an engine can hear nobody, or nothing.
CHATBOT_RECOGNIZER_CHECK = "calls.speech.engines.why_not"

# Whether keys that callers press reach the bot on every line. They do in any case where callers
# hear audio of our own.
CHATBOT_HEARS_KEYS = False

# Says why callers can hear no audio of our own, or nothing.
CHATBOT_WHY_MUTE = "calls.voice.engines.why_none"

# Says why nobody can speak a language in a voice, by its name or the best there is, or nothing.
CHATBOT_VOICE_CHECK = "calls.voice.engines.why_not_in"
