"""The account of the phone in the browser."""

import re

from django.test import override_settings

from voiceproject.phone_account import phone_account


@override_settings(PHONE=True)
def test_account_looks_like_any_other() -> None:
    """A SID as Twilio forms them, so that nothing else need know the difference."""
    account = phone_account()
    assert account is not None
    assert re.fullmatch("AC[0-9a-f]{32}", account.sid)
    assert len(account.auth_token) == 64
    assert account.sid[2:] not in account.auth_token


@override_settings(PHONE=True)
def test_account_is_the_same_in_all_processes_of_one_installation() -> None:
    """Its token follows from SECRET_KEY, and changes with it."""
    with override_settings(SECRET_KEY="a" * 40):
        first, again = phone_account(), phone_account()
    with override_settings(SECRET_KEY="b" * 40):
        other = phone_account()
    assert first is not None
    assert other is not None
    assert first == again
    assert first.sid == other.sid
    assert first.auth_token != other.auth_token


@override_settings(PHONE=True)
def test_token_is_not_shown() -> None:
    """Neither in a log nor in an error page."""
    account = phone_account()
    assert account is not None
    assert account.auth_token not in repr(account)
