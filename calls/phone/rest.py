"""The part of Twilio's REST API that changes the calls of the phone, and sends texts to it."""

import base64
import logging
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from asgiref.sync import async_to_sync
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from calls.phone import bots, exchange
from calls.phone.exchange import NoAnswer
from calls.phone.placed_call import GET, POST, TEXT
from calls.simulator import RefusedError, TextMessage
from calls.simulator.refusal import INTERNAL, UNAUTHORIZED
from voiceproject.phone_account import PhoneAccount, phone_account

logger = logging.getLogger(__name__)

View = Callable[..., JsonResponse]

FIELDS: Final = ("Twiml", "Url", "Method", "Status")

_ask = async_to_sync(exchange.ask)
_tell = async_to_sync(exchange.tell)


def for_the_account(view: View) -> View:
    """Let in whoever has the token of the phone's account, and answer refusals as Twilio does."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, account_sid: str, **arguments: Any) -> JsonResponse:
        account = phone_account()
        if account is None:
            raise Http404("The phone is switched off.")
        try:
            _authenticate(request, account, account_sid)
            return view(request, account, **arguments)
        except RefusedError as refusal:
            return JsonResponse(refusal.as_json(), status=refusal.status)

    return guarded


@for_the_account
@require_http_methods(["GET", "POST"])
def call_resource(request: HttpRequest, account: PhoneAccount, call_sid: str) -> JsonResponse:
    """Show a call, or change it, through the process that holds its line.

    Where none answers, Twilio's clients are to ask again: that process may only be busy.
    """
    form = {name: request.POST[name] for name in FIELDS if name in request.POST}
    letter = {"do": POST if request.method == "POST" else GET, "form": form}
    try:
        answer = _ask(exchange.call_group(call_sid), letter)
    except NoAnswer as error:
        logger.warning("%s: no phone holds the call any more: %s", call_sid, error)
        raise RefusedError(500, INTERNAL, "No phone answers for this call.") from error
    return JsonResponse(answer["body"], status=answer["status"])


@for_the_account
@require_POST
def messages_resource(request: HttpRequest, account: PhoneAccount) -> JsonResponse:
    """Take a text message; phones whose caller has that number show it, as long as they call."""
    message = TextMessage.ordered(request.POST.dict(), bots.all_numbers())
    letter = {"do": TEXT, "sender": message.from_, "body": message.body}
    try:
        _tell(exchange.number_group(message.to), letter)
    except NoAnswer as error:
        raise RefusedError(500, INTERNAL, "The channel layer cannot be reached.") from error
    return JsonResponse(message.as_json(account.sid), status=201)


def _authenticate(request: HttpRequest, account: PhoneAccount, sid: str) -> None:
    """Refuse whoever does not know the account's token."""
    credentials = f"{account.sid}:{account.auth_token}".encode()
    expected = b"Basic " + base64.b64encode(credentials)
    given = request.headers.get("Authorization", "").encode("utf-8", "replace")
    if sid != account.sid or not secrets.compare_digest(given, expected):
        raise RefusedError(401, UNAUTHORIZED, "Authenticate")
