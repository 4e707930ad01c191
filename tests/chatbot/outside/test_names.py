"""The look-up of host names."""

import socket

import pytest

from chatbot.outside.names import SystemNames

pytestmark = pytest.mark.asyncio


async def test_names_are_looked_up() -> None:
    """All addresses of a name come back, with the port that is wanted there."""
    found = await SystemNames().resolve("localhost", 5005)
    assert {result["port"] for result in found} == {5005}
    assert {result["host"] for result in found} <= {"127.0.0.1", "::1"}


async def test_names_beyond_what_names_can_be_are_not_known() -> None:
    """They fail as those do that nobody has."""
    with pytest.raises(socket.gaierror):
        await SystemNames().resolve("a" * 64, 80)
