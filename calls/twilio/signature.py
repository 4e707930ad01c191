"""Lets in only what Twilio signed.

Source: twilio.com/docs/usage/security#validating-requests.
"""

import functools
import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.csrf import csrf_exempt
from twilio.request_validator import RequestValidator

from calls.twilio.accounts import account_of

logger = logging.getLogger(__name__)

View = Callable[[HttpRequest], HttpResponse]


def twilio_signed(view: View) -> View:
    """Answer 403 unless the request carries the signature of the account it names, one of ours.

    The signed URL is built from PUBLIC_URL: behind a proxy or a tunnel, Host and
    scheme of the request are not those that Twilio called.
    """

    @csrf_exempt
    @functools.wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        reason = _refusal(request)
        if reason is None:
            return view(request)
        logger.warning("%s %s refused: %s", request.method, request.path, reason)
        return HttpResponseForbidden(f"{reason}\n", content_type="text/plain")

    return guarded


def _refusal(request: HttpRequest) -> str | None:
    """Say why a request is not Twilio's; None where it is."""
    is_form = request.content_type == "application/x-www-form-urlencoded"
    auth_token = account_of(request.POST.get("AccountSid", "") if is_form else "").auth_token
    if not auth_token:
        # An empty key would be a key that everyone has.
        return "TWILIO_AUTH_TOKEN is not set, so no request can be trusted."
    signature = request.headers.get("X-Twilio-Signature")
    if not signature:
        return "The request has no X-Twilio-Signature."
    if request.method == "POST" and not is_form:
        # The validator takes another way for such bodies, and raises on some of them.
        return "The body is not a form."
    query = request.META.get("QUERY_STRING", "")
    url = f"{settings.PUBLIC_URL}{request.path}{'?' if query else ''}{query}"
    validator = RequestValidator(auth_token)
    try:
        valid = validator.validate(url, request.POST, signature)
    except (TypeError, ValueError) as error:
        return f"The signature cannot be checked ({type(error).__name__})."
    if not valid:
        return (
            "The X-Twilio-Signature is wrong: TWILIO_AUTH_TOKEN and PUBLIC_URL must be "
            "the account's primary token and the origin that Twilio calls."
        )
    return None
