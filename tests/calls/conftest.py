"""What tests of calls need, in more than one folder."""

import os

import pytest

from calls.voice.offline.voices import VOICES


@pytest.fixture(scope="session")
def offline_voices() -> None:
    """Skip a test where the offline voices are not installed; CI has them all."""
    absent = [voice.name for voice in VOICES if not voice.is_installed]
    if not absent:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI needs the offline voices ({', '.join(absent)}): make voice.")
    pytest.skip(f"Some offline voices are not installed ({', '.join(absent)}): make voice.")
