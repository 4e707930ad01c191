"""What holds for all tests."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.core.management import CommandError
from django.db import OperationalError
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

# How long an example takes, and how long it is to draw one, depends on what else the machine does;
# what must be fast is measured.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")

DATABASE_FIXTURES = frozenset({"db", "transactional_db", "django_db_setup"})
BROWSER = Path(__file__).with_name("browser")


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what depends on the database or the channel layer: the rest is the same on each.

    So is what a page does in a browser, but for what other processes tell it.
    """
    for item in items:
        names: list[str] = getattr(item, "fixturenames", [])
        is_case = issubclass(getattr(item, "cls", None) or object, TransactionTestCase)
        reads = is_case or item.get_closest_marker("django_db") is not None
        reads = reads or not DATABASE_FIXTURES.isdisjoint(names)
        is_page = BROWSER in item.path.parents
        if (reads and not is_page) or item.get_closest_marker("channel_layer") is not None:
            item.add_marker("storage")


PAUSES = (0.1, 0.5, 1.0, 2.0)
"""Seconds before the tables are tried again to be emptied."""


@pytest.fixture(scope="session", autouse=True)
def _tables_emptied_patiently() -> Iterator[None]:
    """Empty the tables after a test once nobody is in the middle of writing them.

    The server of a test is a process of its own: where it still writes, PostgreSQL ends one of the
    two in a deadlock.
    """
    empty = TransactionTestCase._fixture_teardown

    def empty_patiently(case: TransactionTestCase) -> None:
        for pause in PAUSES:
            try:
                return empty(case)
            except CommandError as error:
                if not isinstance(error.__cause__, OperationalError):
                    raise
                time.sleep(pause)
        return empty(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_patiently)
        yield


@pytest.fixture(scope="session")
def redis_url() -> str:
    """A Redis to which several processes connect; CI has one."""
    url = os.environ.get("REDIS_URL") or "redis://localhost:6379/0"
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=10) as client:
            client.ping()
    except redis.RedisError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI needs a Redis at {url}: {error}")
        pytest.skip(f"There is no Redis at {url}.")
    return url
