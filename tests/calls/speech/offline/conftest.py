"""What the tests of the offline engine share."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from calls.speech.offline import OfflineRecognizer
from tests.calls.speech.offline.recordings import recordings_folder


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Give the folder of recorded speech; it is not part of the repository."""
    folder = recordings_folder()
    if not folder.is_dir():
        reason = f"no recordings in {folder}; set RECORDINGS_DIR"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest_asyncio.fixture
async def recognizer() -> AsyncIterator[OfflineRecognizer]:
    """Give a recognizer with two processes, and end them afterwards."""
    engine = OfflineRecognizer(processes=2)
    yield engine
    await engine.aclose()
