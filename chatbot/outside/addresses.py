"""Which URLs can be asked, and which network addresses are public. Pure."""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from yarl import URL

Address = IPv4Address | IPv6Address

# Public by the registry, yet answered inside a network or by no web server at all.
_NOT_PUBLIC_V4: Final = (
    IPv4Network("192.0.0.0/24"),  # protocol assignments
    IPv4Network("192.88.99.0/24"),  # relays of 6to4
    IPv4Network("168.63.129.16/32"),  # Azure's own service for the machine that asks
)
_PUBLIC_V6: Final = IPv6Network("2000::/3")
_NOT_PUBLIC_V6: Final = (
    IPv6Network("2001::/23"),  # protocol assignments, Teredo among them
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("2002::/16"),  # 6to4: an IPv4 address, private perhaps, in disguise
    IPv6Network("3fff::/20"),  # documentation
)
_NAT64: Final = IPv6Network("64:ff9b::/96")

# The last label of what resolvers may take for an IPv4 address: 127.1, 0x7f.1, 2130706433.
_NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)


def is_public(address: Address) -> bool:
    """Return whether an address belongs to the public internet, and to one machine there.

    The tables are this file's own where those of `ipaddress` vary with the version of Python.
    """
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:  # how a network without IPv4 reaches an IPv4 address
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        return address in _PUBLIC_V6 and not any(address in network for network in _NOT_PUBLIC_V6)
    return (
        address.is_global
        and not address.is_multicast
        and not any(address in network for network in _NOT_PUBLIC_V4)
    )


def read_url(text: str) -> URL:
    """Return the URL as the HTTP client will understand it. Asks no name server.

    Raises ValueError with a sentence for the editor where nothing can be posted there.
    """
    if any(character.isspace() or not character.isprintable() for character in text):
        raise ValueError(f"“{text}” is not an address: it has a space or an invisible character.")
    try:
        url = URL(text)
    except ValueError:  # a bracket that is not closed, a port beyond the last
        url = URL()
    if url.scheme not in {"http", "https"} or not url.raw_host or url.explicit_port == 0:
        raise ValueError(
            f"“{text}” is not an address. Write it in full, such as https://example.com/orders."
        )
    if url.raw_user is not None or url.raw_password is not None:
        raise ValueError(
            "The address has a user name or a password before its “@”, which would be seen by "
            "all who see the address. Leave them out."
        )
    _check_host(url.raw_host)
    return url


def literal_address(url: URL) -> Address | None:
    """Return the network address that a URL names, or None where it names a host."""
    try:
        return ip_address(url.raw_host or "")
    except ValueError:
        return None


def is_loopback_name(url: URL) -> bool:
    """Return whether a URL names this machine, whatever the name servers say: RFC 6761, 6.3."""
    name = (url.raw_host or "").rstrip(".")
    return name == "localhost" or name.endswith(".localhost")


def _check_host(host: str) -> None:
    """Refuse a host that one part of the machine may read as a name and another as an address."""
    labels = host.removesuffix(".").split(".")
    if ":" in host or _NUMERIC_LABEL.fullmatch(labels[-1]):
        try:
            # Without a zone, such as %eth0: that is of this machine only.
            is_whole = "%" not in host and bool(ip_address(host))
        except ValueError:
            is_whole = False
        if not is_whole:
            raise ValueError(
                f"“{host}” is not a network address. Write all four numbers, such as 192.0.2.1, "
                "or the name of the host."
            )
    elif "%" in host or not all(0 < len(label) < 64 for label in labels):
        raise ValueError(f"“{host}” is not the name of a host. Write one such as example.com.")
