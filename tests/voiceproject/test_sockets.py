"""Who may open a WebSocket of a page."""

import pytest

from voiceproject.sockets import is_own_origin


@pytest.mark.parametrize(
    ("host", "origin", "is_own"),
    [
        (b"bot.example", b"https://bot.example", True),
        (b"Bot.example", b"https://bot.EXAMPLE", True),
        (b"localhost:8000", b"http://localhost:8000", True),
        (b"localhost:8000", b"http://localhost:9000", False),
        (b"bot.example", b"https://bot.example.evil.example", False),
        (b"bot.example", b"https://user@bot.example", False),
        (b"bot.example", b"null", False),
        (b"bot.example", b"http://[", False),
        (b"bot.example", b"", False),
        (b"", b"", False),
    ],
)
def test_origin_is_compared_with_the_host(host: bytes, origin: bytes, is_own: bool) -> None:
    """A page of another host or port is not ours, nor is one that does not say where it is from."""
    assert is_own_origin({"headers": [(b"host", host), (b"origin", origin)]}) is is_own
