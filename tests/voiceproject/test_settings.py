"""The settings, read by a process of their own."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.conf import settings

SETTINGS = Path(settings.BASE_DIR) / "voiceproject" / "settings.py"
EXAMPLE = Path(settings.BASE_DIR) / ".env.example"
KEY = "k" * 40


def run(code: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run code beside a copy of the settings, out of reach of a `.env` and of our environment."""
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "voiceproject"
        package.mkdir()
        shutil.copy(SETTINGS, package)
        return subprocess.run(
            [sys.executable, "-c", f"from voiceproject import settings; {code}"],
            cwd=folder,
            env={"PATH": os.environ["PATH"], **env},
            capture_output=True,
            text=True,
            check=False,
        )


def faults(**env: str) -> str:
    """Return what the settings complain of, given these variables."""
    done = run("", env)
    assert done.returncode != 0
    return done.stderr


def read(expression: str, **env: str) -> str:
    """Return what a setting is, given these variables."""
    done = run(f"print({expression})", {"SECRET_KEY": KEY, **env})
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_all_faults_are_reported_at_once() -> None:
    """An operator mends his environment in one go."""
    wrong = {
        "SECRET_KEY": "short",
        "DEBUG": "perhaps",
        "PUBLIC_URL": "bot.example.com",
        "LOG_LEVEL": "loud",
        "TIME_ZONE": "Mars",
        "DATABASE_URL": "oracle://x",
        "REDIS_URL": "here",
        "GOOGLE_SPEECH_ENDPOINT": "https://speech",
        "RECOGNIZER": "ear",
    }
    complaint = faults(**wrong)
    assert [name for name in wrong if f"'{name}'" not in complaint] == []


def test_empty_variables_count_as_absent() -> None:
    """Files that list all variables pass on those that nobody set."""
    assert "sqlite3" in read("settings.DATABASES", DATABASE_URL="", DATABASE_POOL_SIZE="")


@pytest.mark.parametrize(
    "origin",
    [
        "bot.example.com",
        "ftp://x",
        "https://x/path",
        "https://x?y=1",
        "https://u:p@x",
        "http://[::1",
        "http://x:99999",
    ],
)
def test_public_url_is_an_origin(origin: str) -> None:
    """Whatever else stands in it would break each signature."""
    assert "PUBLIC_URL" in faults(SECRET_KEY=KEY, PUBLIC_URL=origin)


def test_every_variable_is_in_the_example() -> None:
    """`.env.example` lists what the settings read, and nothing else."""
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', SETTINGS.read_text()))
    assert names == set(re.findall(r"(?m)^#?([A-Z_]+)=", EXAMPLE.read_text()))


def test_debug_is_off_unless_set() -> None:
    """Production is the default."""
    assert read("settings.DEBUG") == "False"


@pytest.mark.parametrize(
    ("env", "phone"),
    [
        ({}, "False"),
        ({"DEBUG": "true"}, "True"),
        ({"DEBUG": "true", "PHONE": "false"}, "False"),
        ({"PHONE": "true"}, "True"),
    ],
)
def test_phone_is_on_under_debug_or_where_it_is_switched_on(
    env: dict[str, str], phone: str
) -> None:
    """A production server has none unless its operator wants one."""
    assert read("settings.PHONE", **env) == phone


def test_public_host_and_local_names_are_allowed_by_default() -> None:
    """Twilio asks for the one, probes for the others."""
    hosts = read("settings.ALLOWED_HOSTS", PUBLIC_URL="https://bot.example.com")
    assert hosts == "['bot.example.com', 'localhost', '127.0.0.1', '[::1]']"


def test_sqlite_waits_for_its_lock() -> None:
    """Write-ahead log, locks taken when a transaction begins, and a patient wait."""
    options = read("settings.DATABASES['default']['OPTIONS']")
    assert "IMMEDIATE" in options
    assert "journal_mode=WAL" in options
    assert "'timeout': 10" in options


def test_postgresql_connections_are_pooled() -> None:
    """By DATABASE_URL, within the given size."""
    pool = read(
        "settings.DATABASES['default']['OPTIONS']['pool']",
        DATABASE_URL="postgres://u:p@db:5432/bot",
        DATABASE_POOL_SIZE="7",
    )
    assert "'max_size': 7" in pool


def test_redis_url_chooses_the_channel_layer() -> None:
    """In memory without it."""
    layer = "settings.CHANNEL_LAYERS['default']['BACKEND']"
    assert "InMemory" in read(layer)
    assert "channels_redis" in read(layer, REDIS_URL="redis://127.0.0.1:6379/1")


def test_cookies_are_secure_behind_https() -> None:
    """A login is not sent over a plain connection."""
    assert read("settings.SESSION_COOKIE_SECURE", PUBLIC_URL="https://bot.example.com") == "True"


def test_https_is_promised_where_the_public_url_has_it() -> None:
    """And nowhere else: on plain http nobody could reach the server any more."""
    assert read("settings.SECURE_HSTS_SECONDS", PUBLIC_URL="https://bot.example.com") == "31536000"
    assert read("settings.SECURE_HSTS_SECONDS", PUBLIC_URL="http://127.0.0.1:8000") == "0"


def test_proxy_is_believed_only_where_there_is_one() -> None:
    """Without TLS in front, nobody may claim it."""
    header = "settings.SECURE_PROXY_SSL_HEADER"
    assert "X_FORWARDED_PROTO" in read(header, PUBLIC_URL="https://bot.example.com")
    assert read(header, PUBLIC_URL="http://127.0.0.1:8000") == "None"
