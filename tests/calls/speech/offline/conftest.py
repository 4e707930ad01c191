"""What the tests of the offline engine share."""

from collections.abc import AsyncIterator

import pytest_asyncio

from calls.speech.offline import OfflineRecognizer


@pytest_asyncio.fixture
async def recognizer() -> AsyncIterator[OfflineRecognizer]:
    """Give a recognizer with two processes, and end them afterwards."""
    engine = OfflineRecognizer(processes=2)
    yield engine
    await engine.aclose()
