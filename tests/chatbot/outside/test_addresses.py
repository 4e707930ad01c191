"""Which URLs can be asked, and which addresses are public."""

from contextlib import suppress
from ipaddress import IPv4Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.outside.addresses import is_loopback_name, is_public, literal_address, read_url


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.1", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254"),
        *("169.254.169.254", "172.16.0.1", "192.168.1.1", "192.0.0.8", "192.0.2.1"),
        *("192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1"),
        *("240.0.0.1", "255.255.255.255", "168.63.129.16"),
        *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *("::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::808:808"),
        *("100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "3fff::1"),
        *("5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff0e::1"),
    ],
)
def test_address_is_not_public(address: str) -> None:
    """The own machine, the own network, disguises of these, groups, and what nobody has."""
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        *("1.1.1.1", "8.8.8.8", "168.63.129.17", "223.255.255.254"),
        *("2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808"),
    ],
)
def test_address_is_public(address: str) -> None:
    """Machines on the internet, those that a network without IPv4 reaches by a prefix too."""
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:{}", "64:ff9b::{}"]))
def test_address_in_another_is_as_public_as_itself(address: IPv4Address, form: str) -> None:
    """An IPv4 address does not become public by being written as an IPv6 one."""
    assert is_public(ip_address(form.format(address))) == is_public(address)


@pytest.mark.parametrize(
    "text",
    [
        *("", "example.com", "/orders", "//example.com", "ftp://example.com", "file:///etc/passwd"),
        *("http:///orders", "http://", "https://:80", "http://[::1", "http://example.com:0"),
        *("http://example.com:65536", "http://example.com:a", "http://a\\@b"),
        *("http://ex ample.com", " http://example.com", "http://example.com\n", "http://a\x00b"),
        *("http://ex\u200bample.com", "http://\ud800.com"),
        *("http://user:word@example.com", "http://user@example.com", "http://:word@example.com"),
        *("http://127.1", "http://0x7f.1", "http://2130706433", "http://0177.0.0.1"),
        *("http://0x7f000001", "http://127.0.0.1.", "http://1.2.3.4.5", "http://256.1.1.1"),
        *("http://a.0x", "http://[fe80::1%25]", "http://ex%61mple.com"),
        *("http://.", "http://a..b", "http://example.com..", f"http://{'a' * 64}.com"),
    ],
)
def test_url_is_refused(text: str) -> None:
    """What nothing can be posted to, what shows a password, and what two readers read in two ways.

    The error is a sentence.
    """
    with pytest.raises(ValueError, match=r"\.$"):
        read_url(text)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("http://example.com", "example.com"),
        ("HTTPS://EXAMPLE.com:8443/orders?a=b#c", "example.com"),
        ("http://example.com./", "example.com."),
        ("http://my_service:5005/webhooks/rest/webhook", "my_service"),
        ("http://bücher.example", "xn--bcher-kva.example"),
        ("http://１２７.0.0.1", "127.0.0.1"),
        ("http://127。0。0。1", "127.0.0.1"),
        ("http://[::ffff:127.0.0.1]", "::ffff:7f00:1"),
        ("http://3com.example", "3com.example"),
    ],
)
def test_url_is_read(text: str, host: str) -> None:
    """The host is what the HTTP client will look up."""
    assert read_url(text).raw_host == host


@given(st.one_of(st.text(), st.text().map("http://{}".format)))
def test_url_is_read_or_refused(text: str) -> None:
    """No text makes the reader fail in another way."""
    with suppress(ValueError):
        assert read_url(text).raw_host


def test_literal_address_is_found() -> None:
    """Those addresses that no name server is asked about."""
    assert literal_address(read_url("http://[::1]:80/")) == ip_address("::1")


def test_literal_address_of_a_name_is_none() -> None:
    """A name has none before it is looked up."""
    assert literal_address(read_url("http://example.com")) is None


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "localhost.", "a.localhost"])
def test_loopback_name_is_known(host: str) -> None:
    """These names are this machine wherever they are looked up."""
    assert is_loopback_name(read_url(f"http://{host}/"))


@pytest.mark.parametrize("host", ["notlocalhost", "localhost.example"])
def test_loopback_name_is_not_any_other(host: str) -> None:
    """Names that only look like it are looked up."""
    assert not is_loopback_name(read_url(f"http://{host}/"))
