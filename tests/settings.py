"""The settings under which the tests run: the product's own, with fixed secrets.

`DATABASE_URL` and `REDIS_URL` of the environment hold, so the same tests run on
SQLite with the in-memory layer and on PostgreSQL with Redis.
"""

import os
import tempfile
import zlib
from pathlib import Path

os.environ.update(
    SECRET_KEY="tests-only-secret-key-0123456789abcdef-0123456789",
    DEBUG="false",
    PUBLIC_URL="http://127.0.0.1:8000",
    ALLOWED_HOSTS="",
    TWILIO_ACCOUNT_SID="AC" + "0" * 32,
    TWILIO_AUTH_TOKEN="tests-only-auth-token",
    TWILIO_API_URL="http://127.0.0.1:1",
    CHATBOT_API_KEY="",
    RECOGNIZER="offline",
)
# One for each checkout: tests of two may run at the same time.
os.environ.setdefault(
    "DATABASE_URL",
    f"sqlite:///{tempfile.gettempdir()}/voiceproject-{zlib.crc32(__file__.encode()):08x}.sqlite3",
)
os.environ.setdefault("REDIS_URL", "")

from voiceproject.settings import *  # noqa: F403
from voiceproject.settings import DATABASES

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: the threads of a live call each open a connection of their own.
    name = Path(DATABASES["default"]["NAME"])
    DATABASES["default"]["TEST"] = {"NAME": str(name.with_name(f"test_{name.name}"))}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
