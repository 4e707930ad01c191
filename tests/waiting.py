"""How long tests wait, and how they measure what must be fast, on a machine that has other work."""

from collections.abc import Awaitable, Callable

SOON = 20.0
"""How many seconds to wait for what must come. Nothing is lost where it comes at once."""


async def quickest(measure: Callable[[], Awaitable[float]], within: float) -> float:
    """Measure what takes less than `within` seconds; return the first figure that is, or the least.

    Whatever else the machine does can only add to a figure, so of three the least tells most.
    """
    figures: list[float] = []
    while len(figures) < 3 and (not figures or min(figures) >= within):
        figures.append(await measure())
    return min(figures)
