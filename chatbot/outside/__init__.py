"""Asks an outside address: HTTP POST of JSON, signed, guarded, and over within a deadline."""

from chatbot.outside.client import aclose, post, post_now
from chatbot.outside.guard import check_url
from chatbot.outside.requests import MAX_BODY_BYTES, OutsideError, OutsideReply, OutsideRequest
from chatbot.outside.signature import HEADER, sign, verify

__all__ = [
    "HEADER",
    "MAX_BODY_BYTES",
    "OutsideError",
    "OutsideReply",
    "OutsideRequest",
    "aclose",
    "check_url",
    "post",
    "post_now",
    "sign",
    "verify",
]
