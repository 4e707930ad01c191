"""Keys that a caller presses, in a loop of their own."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls import keypad
from calls.keypad import Keypad
from tests.waiting import SOON

pytestmark = pytest.mark.asyncio


async def entries_of(keys: str, *, complete: bool = True) -> list[str]:
    """Press keys without a pause; return what they were taken to mean."""
    entries: list[str] = []
    pad = Keypad(entries.append)
    for key in keys:
        pad.press(key)
    if complete:
        pad.complete()
    pad.stop()
    return entries


@pytest.mark.parametrize(
    ("keys", "entries"),
    [
        ("", []),
        ("1", ["1"]),
        ("4711", ["4711"]),
        ("4711#", ["4711"]),
        ("47#11#", ["47", "11"]),
        ("#", ["#"]),
        ("##", ["#", "#"]),
        ("*9#", ["*9"]),
        ("1" * 65, ["1" * 64, "1"]),
    ],
)
async def test_keys_are_gathered_into_entries(keys: str, entries: list[str]) -> None:
    """“#” ends an entry, and alone it is one."""
    assert await entries_of(keys) == entries


async def test_entry_is_not_complete_while_keys_come() -> None:
    """The caller may still be typing."""
    assert await entries_of("47", complete=False) == []


async def test_entry_is_complete_after_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Callers do not know of “#”."""
    monkeypatch.setattr(keypad, "PAUSE_SECONDS", 0.01)
    entry: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    pad = Keypad(entry.set_result)
    pad.press("4")
    pad.press("7")
    assert await asyncio.wait_for(entry, SOON) == "47"


@given(st.text("0123456789*#", max_size=200))
async def test_no_key_is_lost(keys: str) -> None:
    """Whatever is pressed is handed over, but for the “#” that ends an entry."""
    entries = await entries_of(keys)
    assert "".join(entries).replace("#", "") == keys.replace("#", "")
