"""What tests of calls need, in more than one folder."""

import os

import pytest
import redis

from calls.voice.offline.voices import VOICES


@pytest.fixture(scope="session")
def offline_voices() -> None:
    """Skip a test where the offline voices are not installed; CI has them all."""
    absent = [voice.name for voice in VOICES if not voice.is_installed]
    if not absent:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI needs the offline voices ({', '.join(absent)}): make voice.")
    pytest.skip(f"Some offline voices are not installed ({', '.join(absent)}): make voice.")


@pytest.fixture(scope="session")
def redis_url() -> str:
    """A Redis to which several processes connect; CI has one."""
    url = os.environ.get("REDIS_URL") or "redis://localhost:6379/0"
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=1) as client:
            client.ping()
    except redis.RedisError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI needs a Redis at {url}: {error}")
        pytest.skip(f"There is no Redis at {url}.")
    return url
