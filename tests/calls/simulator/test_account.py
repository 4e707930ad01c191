"""Signatures, against vectors of Twilio's own documents and test suites."""

import pytest
from multidict import MultiDict

from calls.simulator.account import Account, new_sid, signed_form

ACCOUNT = Account("AC" + "0" * 32, "12345")
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}


@pytest.mark.parametrize(
    ("url", "signature"),
    [
        (URL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (URL.replace(".com", ".com:443"), "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (
            URL.replace("https", "http").replace(".com", ".com:1234"),
            "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=",
        ),
        (
            URL.replace("https", "http").replace(".com", ".com:80"),
            "0ZXoZLH/DfblKGATFgpif+LLRf4=",
        ),
    ],
)
def test_sign_matches_published_signatures(url: str, signature: str) -> None:
    """Vectors of twilio-python's and twilio-node's validator tests."""
    assert ACCOUNT.sign(url, FORM) == signature


def test_sign_sorts_and_deduplicates_repeated_values() -> None:
    """A parameter with several values is signed with each of them once, in order."""
    digits = [("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")]
    form = MultiDict([("SidAccount", "AC123"), ("Sid", "CA123"), *digits])
    assert ACCOUNT.sign(URL, form) == "IK+Dwps556ElfBT0I3Rgjkr1wJU="


def test_sign_matches_the_example_of_the_documents() -> None:
    """The example at twilio.com/docs/usage/security."""
    form = FORM | {"From": "+14158675310", "Caller": "+14158675310"}
    url = "https://example.com/myapp.php?foo=1&bar=2"
    assert ACCOUNT.sign(url, form) == "L/OH5YylLD5NRKLltdqwSvS0BnU="


@pytest.mark.parametrize(
    ("url", "signed"),
    [
        ("https://user:secret@host.test:8443/a%2Fb?c=%20#rc=2", "https://host.test/a%2Fb?c=%20"),
        ("http://user@host.test:8000/a", "http://host.test:8000/a"),
        ("wss://host.test/a/", "wss://host.test/a/"),
    ],
)
def test_signed_form_drops_what_is_not_signed(url: str, signed: str) -> None:
    """Userinfo and fragment go, and over https the port; the encoding is left alone."""
    assert signed_form(url) == signed


def test_new_sid_has_the_form_of_twilios() -> None:
    """Two letters and 32 hexadecimal digits."""
    sid = new_sid("CA")
    assert len(sid) == 34
    assert sid.startswith("CA")
    int(sid[2:], 16)


def test_account_does_not_print_its_token() -> None:
    """A logged account gives no secret away."""
    assert "12345" not in repr(ACCOUNT)
