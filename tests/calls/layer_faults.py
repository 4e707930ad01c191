"""A channel layer that fails for a moment, as Redis does that is being restarted."""

import pytest
from channels.layers import get_channel_layer


def fail_first_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the next channel refused, and those after it given."""
    layer = get_channel_layer()
    new_channel, faults = layer.new_channel, [OSError()]

    async def failing() -> object:
        if faults:
            raise faults.pop()
        return await new_channel()

    monkeypatch.setattr(layer, "new_channel", failing)
