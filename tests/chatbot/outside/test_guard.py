"""No editor and no name server points requests into the own network."""

import pytest
from pytest_django import Settings

from chatbot.outside.addresses import read_url
from chatbot.outside.guard import GuardedResolver, check_url, is_allowed
from chatbot.outside.requests import OutsideError
from tests.chatbot.outside.names import ScriptedNames

PUBLIC = ("8.8.8.8", 443)
PRIVATE = ("10.0.0.1", 443)


@pytest.mark.asyncio
async def test_resolver_hands_over_public_addresses() -> None:
    """They are used as they were checked."""
    guarded = GuardedResolver(ScriptedNames([PUBLIC]))
    assert [result["host"] for result in await guarded.resolve("example.com", 443)] == ["8.8.8.8"]


@pytest.mark.asyncio
async def test_resolver_refuses_one_private_address_among_public_ones() -> None:
    """A name is as private as the most private of its addresses."""
    guarded = GuardedResolver(ScriptedNames([PUBLIC, PRIVATE]))
    with pytest.raises(OutsideError, match="is a private address"):
        await guarded.resolve("example.com", 443)


@pytest.mark.asyncio
async def test_resolver_checks_each_time() -> None:
    """A name that was public before may be private now."""
    guarded = GuardedResolver(ScriptedNames([PUBLIC], [PRIVATE]))
    await guarded.resolve("example.com", 443)
    with pytest.raises(OutsideError, match="is a private address"):
        await guarded.resolve("example.com", 443)


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/", "https://[::1]/", "http://localhost:8000/", "http://localhost./"),
        *("http://169.254.169.254/latest/meta-data", "http://[::ffff:10.0.0.1]/"),
        *("http://0.0.0.0/", "http://１２７.0.0.1/"),
    ],
)
def test_check_refuses_private_addresses(url: str) -> None:
    """The editor learns it when the address is saved."""
    with pytest.raises(ValueError, match=r"is a private address.* OUTSIDE_PRIVATE_HOSTS"):
        check_url(url)


def test_check_refuses_what_is_no_address() -> None:
    """The editor learns how one is written."""
    with pytest.raises(ValueError, match="Write it in full"):
        check_url("example.com/orders")


def test_check_takes_names_without_looking_them_up() -> None:
    """Saving must not depend on a name server."""
    check_url("https://surely-nobody-has-this-name.invalid/orders")


def test_check_takes_private_addresses_that_are_allowed(settings: Settings) -> None:
    """Whoever runs the bot may open single hosts of the own network."""
    settings.OUTSIDE_PRIVATE_HOSTS = ["localhost:5005"]
    check_url("http://localhost:5005/orders")


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("crm.internal", "http://crm.internal/"),
        ("crm.internal", "https://CRM.internal.:8443/"),
        (" CRM.internal ", "http://crm.internal/"),
        ("crm.internal:80", "http://crm.internal/"),
        ("crm.internal:443", "https://crm.internal/"),
        ("10.0.0.1:8000", "http://10.0.0.1:8000/"),
        ("::1", "http://[::1]:5005/"),
        ("[::1]", "http://[::1]:5005/"),
        ("[::1]:5005", "http://[::1]:5005/"),
    ],
)
def test_setting_allows(settings: Settings, entry: str, url: str) -> None:
    """A host is allowed with every port, a host and port with that one."""
    settings.OUTSIDE_PRIVATE_HOSTS = ["other.internal", entry]
    assert is_allowed(read_url(url))


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("crm.internal:80", "https://crm.internal/"),
        ("crm.internal", "http://evil.crm.internal/"),
        ("crm.internal", "http://crm.internal.example/"),
        ("", "http://crm.internal/"),
    ],
)
def test_setting_allows_nothing_else(settings: Settings, entry: str, url: str) -> None:
    """Neither another port nor a name that contains the one allowed."""
    settings.OUTSIDE_PRIVATE_HOSTS = [entry]
    assert not is_allowed(read_url(url))
