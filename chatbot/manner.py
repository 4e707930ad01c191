"""How something is said, where it is not as the bot says everything. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manner:
    """How one text is said. An empty `voice` and no `speed` (in percent) are those of the bot.

    A caller who speaks into what `is_uninterruptible` does not stop it.
    """

    voice: str = ""
    speed: int | None = None
    is_uninterruptible: bool = False


AS_EVER = Manner()
"""The bot's own voice and speed."""
