"""The signature by which a receiver knows our requests."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.outside.signature import TOLERANCE_SECONDS, sign, verify

BODY = b'{"message": "hello"}'
SENT_AT = 1_700_000_000


def test_signature_is_what_a_receiver_computes() -> None:
    """The header is an HMAC-SHA256 of time, full stop and body, as the receivers were told."""
    digest = hmac.new(b"secret", b"1700000000." + BODY, hashlib.sha256).hexdigest()
    assert sign("secret", BODY, SENT_AT) == f"t=1700000000,v1={digest}"


@pytest.mark.parametrize("away", [-TOLERANCE_SECONDS, 0, TOLERANCE_SECONDS])
def test_signature_holds_for_some_minutes(away: int) -> None:
    """Clocks differ, and requests travel."""
    assert verify("secret", sign("secret", BODY, SENT_AT), BODY, SENT_AT + away)


@pytest.mark.parametrize("away", [-TOLERANCE_SECONDS - 1, TOLERANCE_SECONDS + 1])
def test_signature_is_refused_as_a_replay(away: int) -> None:
    """A request that was overheard is of no use later."""
    assert not verify("secret", sign("secret", BODY, SENT_AT), BODY, SENT_AT + away)


def test_signature_is_refused_for_another_body() -> None:
    """Nobody changes a request on the way."""
    assert not verify("secret", sign("secret", BODY, SENT_AT), BODY + b" ", SENT_AT)


def test_signature_is_refused_for_another_secret() -> None:
    """Only the holder of the secret signs."""
    assert not verify("other", sign("secret", BODY, SENT_AT), BODY, SENT_AT)


def test_signature_is_refused_with_another_time() -> None:
    """The time is signed too."""
    later = sign("secret", BODY, SENT_AT).replace("t=1700000000", "t=1700000001")
    assert not verify("secret", later, BODY, SENT_AT)


@given(st.text())
def test_signature_refuses_any_other_header(header: str) -> None:
    """Whatever stands in the header, the answer is no."""
    assert not verify("secret", header, BODY, SENT_AT)
