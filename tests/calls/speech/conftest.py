"""What the tests of speech share."""

import os
from pathlib import Path

import pytest

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
