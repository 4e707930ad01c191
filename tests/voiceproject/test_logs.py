"""What is left out of the log."""

import pytest
from django.test import Client, override_settings

from voiceproject.phone_account import API_PATH, SID


@override_settings(PHONE=True)
def test_refusal_of_the_phone_is_not_logged(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever asked for it is told, and logs what matters."""
    path = f"{API_PATH}/2010-04-01/Accounts/{SID}/Calls/CA1.json"
    assert client.get(path).status_code == 401
    assert caplog.messages == []


def test_refusal_of_anything_else_is_logged(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody may look for the reason."""
    assert client.get("/voice/stream").status_code == 405
    assert "/voice/stream" in caplog.text
