"""The guard of the webhooks."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from twilio.request_validator import RequestValidator

from calls.twilio.signature import twilio_signed
from voiceproject.phone_account import phone_account

FORM = "application/x-www-form-urlencoded"
TOKEN = "12345"

pytestmark = pytest.mark.filterwarnings("error")


@twilio_signed
def guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse("let in")


def post(signature: str | None, body: str = "", query: str = "", **extra: Any) -> HttpResponse:
    headers = {} if signature is None else {"X-Twilio-Signature": signature}
    request = RequestFactory().post(
        f"/voice/stream{query}", body, content_type=extra.pop("content_type", FORM), headers=headers
    )
    return guarded(request)


def sign(url: str, params: dict[str, str]) -> str:
    return str(RequestValidator(TOKEN).compute_signature(url, params))


@pytest.fixture(autouse=True)
def account() -> Any:
    """Run with a known token behind a known origin."""
    with override_settings(TWILIO_AUTH_TOKEN=TOKEN, PUBLIC_URL="https://bot.example.com"):
        yield


def test_signed_request_is_let_in() -> None:
    """Twilio's own requests pass."""
    signature = sign("https://bot.example.com/voice/stream", {"CallSid": "CA1", "From": "+31 6"})
    assert post(signature, "CallSid=CA1&From=%2B31+6").status_code == 200


def test_published_example_is_let_in() -> None:
    """Twilio's published vector: token 12345, a query in the URL and five parameters."""
    with override_settings(PUBLIC_URL="https://mycompany.com"):
        request = RequestFactory().post(
            "/myapp.php?foo=1&bar=2",
            "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234"
            "&From=%2B14158675309&To=%2B18005551212",
            content_type=FORM,
            headers={"X-Twilio-Signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
        )
        assert guarded(request).status_code == 200


def test_white_space_and_unknown_parameters_are_part_of_the_signature() -> None:
    """Whatever Twilio adds is signed, blanks included."""
    params = {"CallSid": "CA1", "CallerCity": "", "New": " x "}
    signature = sign("https://bot.example.com/voice/stream", params)
    assert post(signature, "CallSid=CA1&CallerCity=&New=+x+").status_code == 200


def test_public_url_counts_not_the_host_of_the_request() -> None:
    """Behind a tunnel the request names another host and scheme."""
    signature = sign("http://testserver/voice/stream", {"CallSid": "CA1"})
    assert post(signature, "CallSid=CA1").status_code == 403


@pytest.mark.parametrize(
    "signature", [None, "", "RSOYDt4T1cUTdK1PDd93/VVr8B8=", "ünïcode", "x" * 9999]
)
def test_wrong_signature_is_refused(signature: str | None) -> None:
    """No signature, a foreign one and junk get 403."""
    assert post(signature, "CallSid=CA1").status_code == 403


def test_changed_parameter_is_refused() -> None:
    """The signature covers every value."""
    signature = sign("https://bot.example.com/voice/stream", {"CallSid": "CA1"})
    assert post(signature, "CallSid=CA2").status_code == 403


def test_changed_query_is_refused() -> None:
    """The signature covers the query string."""
    signature = sign("https://bot.example.com/voice/stream", {"CallSid": "CA1"})
    assert post(signature, "CallSid=CA1", query="?x=1").status_code == 403


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data"])
def test_body_that_is_no_form_is_refused(content_type: str) -> None:
    """The bodies on which the validator raises get 403, not an error 500."""
    signature = sign("https://bot.example.com/voice/stream", {})
    assert post(signature, "{}", content_type=content_type).status_code == 403


def test_without_a_token_nobody_is_let_in() -> None:
    """An unset TWILIO_AUTH_TOKEN must not be a key that everybody has."""
    with override_settings(TWILIO_AUTH_TOKEN=""):
        signature = RequestValidator("").compute_signature(
            "https://bot.example.com/voice/stream", {"CallSid": "CA1"}
        )
        assert post(signature, "CallSid=CA1").status_code == 403


class TestPhoneAccount:
    """Beside Twilio's account there is that of the phone in the browser."""

    URL = "https://bot.example.com/voice/stream"

    def post_as(self, sid: str, auth_token: str) -> HttpResponse:
        params = {"AccountSid": sid, "CallSid": "CA1"}
        signature = RequestValidator(auth_token).compute_signature(self.URL, params)
        return post(str(signature), urlencode(params))

    @override_settings(PHONE=True)
    def test_request_is_let_in_with_the_token_of_its_account(self) -> None:
        """Each account has its own."""
        phone = phone_account()
        assert phone is not None
        assert self.post_as(phone.sid, phone.auth_token).status_code == 200
        assert self.post_as("AC" + "1" * 32, TOKEN).status_code == 200

    @override_settings(PHONE=True)
    def test_token_of_another_account_is_refused(self) -> None:
        """Neither opens the other's calls."""
        phone = phone_account()
        assert phone is not None
        assert self.post_as(phone.sid, TOKEN).status_code == 403
        assert self.post_as("AC" + "1" * 32, phone.auth_token).status_code == 403

    @override_settings(PHONE=True, TWILIO_AUTH_TOKEN="")
    def test_phone_needs_no_account_at_twilio(self) -> None:
        """Whoever only talks in the browser has none."""
        phone = phone_account()
        assert phone is not None
        assert self.post_as(phone.sid, phone.auth_token).status_code == 200

    def test_phone_that_is_switched_off_has_no_account(self) -> None:
        """Its token opens nothing."""
        with override_settings(PHONE=True):
            phone = phone_account()
        assert phone is not None
        assert phone_account() is None
        assert self.post_as(phone.sid, phone.auth_token).status_code == 403


def test_refusal_says_what_to_check() -> None:
    """An operator who sees a 403 learns which settings are in question."""
    answer = post("wrong", "CallSid=CA1").content.decode()
    assert "TWILIO_AUTH_TOKEN" in answer
    assert "PUBLIC_URL" in answer
