"""Looks up host names, in threads that nothing else waits for."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult

_THREADS: Final = 16

# Not the event loop's own threads: a name server that is silent would hold up all other work
# there, and `asyncio.run` would not return before it gave up, whatever the deadline was.
_threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="outside-names")


class SystemNames(AbstractResolver):
    """Asks the name servers that the machine is set up with."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return all addresses of a name, at least one. Raises OSError where it has none."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(_threads, _look_up, host, port, family)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=found_family,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for found_family, address in found
        ]

    async def close(self) -> None:
        """Do nothing: the threads outlast every event loop."""


def _look_up(
    host: str, port: int, family: socket.AddressFamily
) -> list[tuple[socket.AddressFamily, str]]:
    try:
        found = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
    except UnicodeError as error:  # a name beyond what the IDNA codec takes
        raise socket.gaierror(socket.EAI_NONAME, "not the name of a host") from error
    return [(found_family, str(address[0])) for found_family, _, _, _, address in found]
