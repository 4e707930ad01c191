"""What holds for every page of the product."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import Browser

from tests.browser.bakery import HEIGHT, SCHEMES, WIDTHS, Bakery
from tests.browser.conftest import overflows
from tests.browser.faults import barriers, cut_off
from tests.browser.pages import NOT_PAGES, PAGES, ListedPage
from tests.browser.roles import OUTSIDERS, Role

LOGIN = reverse("admin:login")

every_page = pytest.mark.parametrize("listed", PAGES, ids=lambda listed: listed.name)


@pytest.fixture(scope="module")
def bakery(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bakery]:
    """One server with the same records for all tests here: none of them changes anything."""
    with Bakery(chromium, tmp_path_factory.mktemp("bakery")) as bakery:
        yield bakery


@every_page
def test_page_is_sound_in_every_window(bakery: Bakery, listed: ListedPage) -> None:
    """Light and dark, wide and narrow: readable by everybody, and never scrolled sideways.

    And no browser complains of it: it keeps to the Content-Security-Policy, its scripts do not
    fail, and what it asks for is there.
    """
    found: list[str] = []
    with bakery.open(listed) as (page, faults):
        complaints = list(faults)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": HEIGHT})
                # All but the colours is alike in both schemes.
                here = barriers(page, colours_only=scheme != SCHEMES[0])
                here += [f"cut off: {part}" for part in cut_off(page)]
                if overflows(page):
                    here.append("wider than the window")
                found += [f"{scheme} {width}: {fault}" for fault in here]
    assert complaints + found == []


@every_page
def test_page_opens_for_those_who_may_see_it(bakery: Bakery, listed: ListedPage) -> None:
    """And for nobody else: who is not of the staff is asked to sign in, others are refused."""
    path = listed.path(bakery.records)
    wrong = {}
    for role in Role:
        status, location = bakery.get(path, role)
        if role in listed.readers:
            expected = listed.status
        else:
            expected = 302 if role in OUTSIDERS else listed.refusal
        leads_to_login = location.startswith(LOGIN)
        if status != expected or leads_to_login != (expected == 302 and role in OUTSIDERS):
            wrong[role.value] = (status, location, expected)
    assert wrong == {}


def test_every_address_is_listed() -> None:
    """A page that nobody lists is a page that nobody looks at."""
    listed = {page.address for page in PAGES} | NOT_PAGES
    addresses = get_resolver("voiceproject.urls")
    assert [name for name in names(addresses) if name not in listed] == []


def names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """Give the names of the routes that have one."""
    for part in resolver.url_patterns:
        if isinstance(part, URLResolver):
            yield from names(part, f"{part.namespace}:" if part.namespace else space)
        elif isinstance(part, URLPattern) and part.name:
            yield f"{space}{part.name}"
