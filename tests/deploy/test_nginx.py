"""The site of `deploy/nginx.conf`: calls and pages by way of a real nginx, over TLS."""

import os
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth.models import User

from calls.models import Call
from chatbot.models import Bot
from tests.calls.live.browser_socket import browser_socket, signed_in
from tests.calls.phone.conftest import session_of
from tests.calls.phone.page import phone_page
from tests.deploy.nginx import Proxy
from tests.server import ROOT
from tests.waiting import SOON

pytestmark = pytest.mark.django_db(transaction=True)


def get(proxy: Proxy, path: str) -> tuple[int, str]:
    """Fetch a page; return its status and, without following it, where it leads."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    trusting = urllib.request.HTTPSHandler(context=proxy.trust)
    opener = urllib.request.build_opener(Stay, trusting)
    url = path if path.startswith("http") else f"{proxy.url}{path}"
    try:
        with opener.open(url, timeout=SOON) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Location", "")


def test_call_is_held(bot: Bot, proxy: Proxy) -> None:
    """Webhooks with their signatures, and the media socket, get through to either process."""
    called = subprocess.run(
        [sys.executable, "-m", "calls.simulator", "--say", "hello,goodbye"],
        cwd=ROOT,
        env={
            **os.environ,
            "PUBLIC_URL": proxy.url,
            "SSL_CERT_FILE": str(proxy.certificate),
            "TWILIO_API_URL": proxy.api_url,
            "TWILIO_ACCOUNT_SID": settings.TWILIO_ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": settings.TWILIO_AUTH_TOKEN,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert called.returncode == 0, called.stdout + called.stderr
    call = Call.objects.get()
    assert call.outcome == Call.Outcome.BOT_HUNG_UP
    assert "Hi, how are you?" in called.stdout


@pytest.mark.asyncio
async def test_phone_is_held(bot: Bot, proxy: Proxy) -> None:
    """The page's socket is let through, and so is the call that its server places to itself."""
    user = await database_sync_to_async(User.objects.create_superuser)("root")
    cookie = await database_sync_to_async(session_of)(user)
    async with phone_page(proxy, cookie, trust=proxy.trust) as page:
        await page.dial()
        assert (await page.next("say"))["text"] == "How can I help you?"
        await page.listening()
        await page.send(type="hang-up")
        assert (await page.next("ended"))["reason"] == "the caller hung up"
        assert await page.closed() == 1000


@pytest.mark.asyncio
async def test_running_calls_are_shown(bot: Bot, proxy: Proxy) -> None:
    """Their socket is let through, as one of this very host."""
    user = await database_sync_to_async(User.objects.create_superuser)("root")
    session = await signed_in(user)
    async with browser_socket(proxy.url, "/live/calls", session, trust=proxy.trust) as socket:
        assert (await socket.next())["whole"]


@pytest.mark.parametrize(
    ("path", "status"), [("/healthz", 200), ("/admin/login/", 200), ("/voice/stream", 405)]
)
def test_address_is_the_servers(db: None, proxy: Proxy, path: str, status: int) -> None:
    """What is no WebSocket is passed on as it is."""
    assert get(proxy, path)[0] == status


def test_who_comes_without_tls_is_sent_on(proxy: Proxy) -> None:
    """To the same page."""
    status, location = get(proxy, f"{proxy.plain_url}/admin/?q=1")
    assert (status, location) == (301, "https://localhost/admin/?q=1")


def test_servers_that_are_back_answer_at_once(db: None, proxy: Proxy) -> None:
    """That they were all away is not held against them: a caller who comes now is answered."""
    for server in proxy.servers:
        server.kill()
    try:
        assert {get(proxy, "/healthz")[0] for _ in range(4)} == {502}
    finally:
        for server in proxy.servers:
            server.start()
    assert {get(proxy, "/healthz")[0] for _ in range(4)} == {200}


def test_search_is_not_logged(proxy: Proxy) -> None:
    """Nor is a telephone number that somebody looked for."""
    get(proxy, "/admin/calls/call/?q=%2B31201234567")
    log = proxy.logged("/admin/calls/call/")
    assert "GET /admin/calls/call/ 302" in log
    assert "31201234567" not in log
