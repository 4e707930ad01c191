"""Keeps requests out of the own network: no editor and no name server can point us there."""

import socket
from ipaddress import ip_address
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult
from django.conf import settings
from yarl import URL

from chatbot.outside.addresses import is_loopback_name, is_public, literal_address, read_url
from chatbot.outside.requests import OutsideError

PRIVATE: Final = "is a private address, which is not allowed"


class GuardedResolver(AbstractResolver):
    """Hands over the addresses of a name only if all of them are public.

    The client connects to what is handed over and looks nothing up again, so a name that changes
    its address after the check is of no use to anybody. Addresses written out in a URL never come
    here: `names_private` is for them.
    """

    def __init__(self, names: AbstractResolver) -> None:
        self._names = names

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Look a name up.

        Raises OSError where it is not known, OutsideError where any of its addresses is private.
        """
        results = await self._names.resolve(host, port, family)
        if not all(is_public(ip_address(result["host"])) for result in results):
            raise OutsideError(PRIVATE)
        return results

    async def close(self) -> None:
        """Close the resolver behind this one."""
        await self._names.close()


def check_url(url: str) -> None:
    """Raise ValueError, with a sentence for the editor, where nothing can be posted to a URL.

    Asks no name server: a name that leads to a private address is found out by each request.
    """
    address = read_url(url)
    if names_private(address) and not is_allowed(address):
        raise ValueError(
            f"“{url}” {PRIVATE}. Write a public one, or have “{address.raw_host}” added to "
            "OUTSIDE_PRIVATE_HOSTS where the bot is run."
        )


def names_private(url: URL) -> bool:
    """Return whether a URL says by itself, without a look-up, that it is not a public one."""
    address = literal_address(url)
    return is_loopback_name(url) if address is None else not is_public(address)


def is_allowed(url: URL) -> bool:
    """Return whether OUTSIDE_PRIVATE_HOSTS names the host, or host and port, of a URL."""
    host = (url.raw_host or "").rstrip(".")
    bracketed = f"[{host}]" if ":" in host else host
    names = {host, bracketed, f"{bracketed}:{url.port}"}
    return any(entry.strip().lower() in names for entry in settings.OUTSIDE_PRIVATE_HOSTS)
