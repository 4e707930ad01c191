"""The accounts that calls belong to."""

from django.conf import settings
from django.test import override_settings

from calls.twilio.accounts import account_of
from voiceproject.phone_account import phone_account


@override_settings(PHONE=True, PUBLIC_URL="https://bot.example.com")
def test_call_of_the_phone_is_changed_at_the_phone() -> None:
    """Not at Twilio, which does not know it."""
    phone = phone_account()
    assert phone is not None
    account = account_of(phone.sid)
    assert account.api_url == "https://bot.example.com/phone/api"
    assert account.auth_token == phone.auth_token


@override_settings(PHONE=True)
def test_any_other_call_is_changed_at_twilio() -> None:
    """Also one whose account is not on record."""
    for sid in (settings.TWILIO_ACCOUNT_SID, "AC" + "9" * 32, ""):
        assert account_of(sid).api_url == settings.TWILIO_API_URL


def test_phone_that_is_switched_off_is_no_account() -> None:
    """Its calls of before are nobody's any more."""
    with override_settings(PHONE=True):
        phone = phone_account()
    assert phone is not None
    assert account_of(phone.sid).auth_token == settings.TWILIO_AUTH_TOKEN
