"""A real Chromium in front of the real pages."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.faults import watch_policy
from tests.groups import restore_groups

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

# No background requests: on a machine without internet they only cost time.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Open = Callable[..., Page]

PATIENCE_MS = 30_000
"""How long a page may take for what it must do."""

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; each test has a context of its own."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI needs Debian's package chromium.")
        pytest.skip("There is no Chromium here (Debian's package chromium).")
    with sync_playwright() as playwright:
        # Playwright runs an event loop in this thread, in which Django would refuse to query.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(transactional_db: None, live_server: LiveServer, chromium: Browser) -> Iterator[Open]:
    """Return a function that opens a path as a user in a fresh browser.

    `user` is signed in, without one a superuser; `width` is that of the window in pixels;
    `scheme` is light or dark; `at` is the origin of a server of its own, where the page needs
    WebSockets; `browser` is another one than all tests share, and `permissions` are what the user
    of that allows. A script error, a failed request, or something in the page that its
    Content-Security-Policy forbids fails the test.
    """
    contexts = []
    faults: list[str] = []

    def open_as(
        path: str,
        user: User | None = None,
        *,
        width: int = 1280,
        scheme: str = "light",
        at: str = live_server.url,
        browser: Browser = chromium,
        permissions: Sequence[str] = (),
    ) -> Page:
        client = Client()
        client.force_login(user or superuser())
        context = browser.new_context(
            permissions=permissions,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        contexts.append(context)
        session = client.cookies["sessionid"]
        context.add_cookies([{"name": "sessionid", "value": session.value, "url": at}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        watch_policy(page, faults)
        page.on(
            "response",
            lambda response: (
                faults.append(f"{response.status} for {response.url}")
                if response.status >= 500 or (response.status == 404 and "/static/" in response.url)
                else None
            ),
        )
        page.goto(f"{at}{path}")
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert faults == []


def superuser() -> User:
    """Return the user who may do everything."""
    user, _ = User.objects.get_or_create(
        username="root", defaults={"is_staff": True, "is_superuser": True}
    )
    return user


def member_of(group: str) -> User:
    """Return a member of the staff who is in one group only: Editor, Supervisor or Operator."""
    restore_groups()  # Each test with a live server empties the tables, also what migrations wrote.
    user, _ = User.objects.get_or_create(username=group.lower(), defaults={"is_staff": True})
    user.groups.set([Group.objects.get(name=group)])
    return user


def overflows(page: Page) -> bool:
    """Whether the page is wider than the window, so that it must be scrolled sideways."""
    page.wait_for_load_state()  # a page without its styles has no width yet
    return bool(
        page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
        )
    )
