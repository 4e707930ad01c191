"""Name servers that answer as they are told."""

import asyncio
import socket

from aiohttp.abc import AbstractResolver, ResolveResult

Where = tuple[str, int]


class ScriptedNames(AbstractResolver):
    """Gives its answers one after the other, the last one for ever: lists of (address, port).

    Ports are those of the servers of the test, so that one name can lead to several of them.
    """

    def __init__(self, *answers: list[Where]) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self.asked.append(host)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port_there,
                family=socket.AF_INET,
                proto=0,
                flags=0,
            )
            for address, port_there in answer
        ]

    async def close(self) -> None:
        """Do nothing."""


class UnknownNames(AbstractResolver):
    """Knows no name."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self.asked.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async def close(self) -> None:
        """Do nothing."""


class SilentNames(AbstractResolver):
    """Never answers."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        await asyncio.Event().wait()
        raise AssertionError("nobody answers")

    async def close(self) -> None:
        """Do nothing."""
