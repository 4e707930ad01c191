"""What browsers are told to refuse."""

import re

import pytest
from django.test import Client, TestCase, override_settings

from voiceproject.security_headers import CONTENT_SECURITY_POLICY, PERMISSIONS_POLICY

POLICY = "Content-Security-Policy"


class HeaderTests(TestCase):
    """The headers of every response."""

    def test_every_response_has_both_policies(self) -> None:
        """A page, a redirect, a static file, the probe, and whatever is refused or not there."""
        for address in ("/admin/login/", "/", "/static/admin/css/base.css", "/healthz", "/nowhere"):
            answer = self.client.get(address)
            answer.close()  # a static file is open until it was sent
            assert answer.headers[POLICY] == CONTENT_SECURITY_POLICY, address
            assert answer.headers["Permissions-Policy"] == PERMISSIONS_POLICY, address

    def test_request_for_another_host_has_both_policies(self) -> None:
        """It is refused by a middleware that stands further in."""
        answer = Client(headers={"host": "elsewhere.example"}).get("/admin/login/")
        assert (answer.status_code, answer.headers[POLICY]) == (400, CONTENT_SECURITY_POLICY)

    def test_pages_tell_others_nothing_and_are_framed_by_nobody(self) -> None:
        """By the headers of Django's own middleware."""
        headers = self.client.get("/admin/login/").headers
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"

    @override_settings(DEBUG=True)
    def test_error_pages_of_debug_keep_their_styles(self) -> None:
        """They are Django's own, for developers."""
        assert POLICY not in self.client.get("/nowhere").headers

    @override_settings(DEBUG=True)
    def test_pages_are_as_strict_under_debug(self) -> None:
        """What breaks the policy is seen by whoever writes it."""
        assert self.client.get("/admin/login/").headers[POLICY] == CONTENT_SECURITY_POLICY

    @override_settings(
        SECURE_HSTS_SECONDS=60, SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")
    )
    def test_https_is_promised_behind_a_proxy(self) -> None:
        """Which tells that it speaks TLS."""
        answer = self.client.get("/admin/login/", headers={"x-forwarded-proto": "https"})
        assert answer.headers["Strict-Transport-Security"] == "max-age=60"


@pytest.mark.parametrize("source", ["unsafe-inline", "unsafe-eval", "http:", "https:", "*"])
def test_policy_has_no_way_round_it(source: str) -> None:
    """Each of these would let in what somebody else wrote."""
    assert source not in CONTENT_SECURITY_POLICY


def test_microphone_is_for_our_own_pages_only() -> None:
    """And the camera for nobody."""
    allowed = dict(re.findall(r"([\w-]+)=(\(\w*\))", PERMISSIONS_POLICY))
    assert (allowed["microphone"], allowed["camera"]) == ("(self)", "()")
