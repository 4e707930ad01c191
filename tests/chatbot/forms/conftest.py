"""The forms are tried as an editor uses them: on the pages of the admin."""

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _checks(settings: Settings) -> None:
    settings.CHATBOT_KEYWORD_CHECKS = []
    settings.CHATBOT_HEARS_KEYS = True
