"""The caller's end of a call, where somebody holds it in his hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from calls.simulator.dialling import Dialled, DialStatus
    from calls.simulator.speaker import Said
    from calls.simulator.verbs import Gather


class Handset(Protocol):
    """Is told what the caller hears and is asked, as it happens.

    Only `speak`, `ring` and `talk` may take time; they are cancelled where the call goes on
    without them.
    """

    def hear(self, clip: bytes) -> None:
        """Queue sound, mu-law at 8 kHz, behind what is being heard."""

    def clear(self) -> None:
        """Drop the sound that was queued and not yet heard."""

    def unheard(self, url: str) -> None:
        """Note that a recording is played that cannot be made audible here."""

    async def speak(self, said: Said) -> None:
        """Let the caller hear a text; return when it has been spoken."""

    def listened_to(self, is_heard: bool) -> None:
        """Note whether what the caller says now is streamed to the server."""

    def gather(self, verb: Gather | None) -> None:
        """Note that Twilio waits for the caller's keys or words, or, with None, no longer."""

    async def ring(self, dialled: Dialled) -> DialStatus:
        """Return how those who are called react; `completed` where somebody answers."""

    async def talk(self) -> None:
        """Return when whoever has answered hangs up."""
