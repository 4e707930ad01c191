"""The REST client, against a real HTTP server on loopback."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from calls.twilio import rest
from calls.twilio.rest import CallIsOver, TwilioRest, UpdateFailed

pytestmark = pytest.mark.asyncio

ACCOUNT = "AC" + "1" * 32
CALL = "CA" + "2" * 32
Handler = Callable[[web.Request], Awaitable[web.Response]]


async def taken(request: web.Request) -> web.Response:
    return web.json_response({"sid": CALL, "status": "in-progress"})


def refused(status: int, code: int) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"code": code, "message": "no", "status": status}, status=status)

    return answer


async def silent(request: web.Request) -> web.Response:
    await asyncio.Event().wait()
    raise AssertionError("nobody answers")


async def dropped(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


class Api:
    """Answers one request after the other with the given handlers, the last one for ever."""

    def __init__(self, *handlers: Handler) -> None:
        self._handlers = list(handlers)
        self.forms: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.authorizations: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.forms.append({key: str(value) for key, value in (await request.post()).items()})
        self.paths.append(request.path)
        self.authorizations.append(request.headers["Authorization"])
        handler = self._handlers.pop(0) if len(self._handlers) > 1 else self._handlers[0]
        return await handler(request)


@asynccontextmanager
async def client(api: Api) -> AsyncIterator[TwilioRest]:
    app = web.Application()
    app.router.add_post("/{path:.*}", api.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    twilio = TwilioRest(ACCOUNT, "secret", f"http://127.0.0.1:{runner.addresses[0][1]}")
    try:
        yield twilio
    finally:
        await twilio.aclose()
        await runner.cleanup()


async def test_replace_posts_the_document_to_the_call() -> None:
    """The documented path, form and credentials."""
    api = Api(taken)
    async with client(api) as twilio:
        await twilio.replace(CALL, "<Response/>")
    assert api.paths == [f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{CALL}.json"]
    assert api.forms == [{"Twiml": "<Response/>"}]
    assert api.authorizations[0].startswith("Basic ")


async def test_redirect_posts_a_url() -> None:
    """A call can be told to ask."""
    api = Api(taken)
    async with client(api) as twilio:
        await twilio.redirect(CALL, "https://bot.example.com/voice/next")
    assert api.forms == [{"Url": "https://bot.example.com/voice/next", "Method": "POST"}]


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_passing_failure_is_tried_again(status: int) -> None:
    """Too many requests, or a fault on the other side: once more, and it is taken."""
    api = Api(refused(status, 20429 if status == 429 else 20500), taken)
    async with client(api) as twilio:
        await twilio.replace(CALL, "<Response/>")
    assert len(api.forms) == 2


async def test_answer_that_does_not_come_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An attempt has a deadline of its own within the whole."""
    monkeypatch.setattr(rest, "ATTEMPT_SECONDS", 1)
    api = Api(silent, taken)
    async with client(api) as twilio:
        await twilio.replace(CALL, "<Response/>")
    assert len(api.forms) == 2


async def test_all_attempts_together_have_a_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller does not wait for ever for an answer that cannot be sent."""
    monkeypatch.setattr(rest, "ATTEMPT_SECONDS", 0.2)
    monkeypatch.setattr(rest, "DEADLINE_SECONDS", 0.5)
    begun = time.monotonic()
    async with client(Api(silent)) as twilio:
        with pytest.raises(UpdateFailed, match="gave up"):
            await twilio.replace(CALL, "<Response/>")
    assert time.monotonic() - begun < rest.MESSAGE_SECONDS


async def test_server_that_cannot_be_reached_fails_the_update(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A refused connection is tried again, and then said."""
    monkeypatch.setattr(rest, "_PAUSES", (0.01,))
    twilio = TwilioRest(ACCOUNT, "secret", "http://127.0.0.1:1")
    with pytest.raises(UpdateFailed, match="connection failed"):
        await twilio.replace(CALL, "<Response/>")
    await twilio.aclose()


@pytest.mark.parametrize(("status", "code"), [(400, 21220), (404, 20404)])
async def test_call_that_is_over_is_told_apart(status: int, code: int) -> None:
    """Not in progress, or no longer found, is no failure but the end of the call."""
    api = Api(refused(status, code))
    async with client(api) as twilio:
        with pytest.raises(CallIsOver):
            await twilio.replace(CALL, "<Response/>")
    assert len(api.forms) == 1


async def test_ending_a_call_that_is_over_is_no_error() -> None:
    """Hanging up twice is hanging up."""
    api = Api(refused(400, 21220))
    async with client(api) as twilio:
        assert not await twilio.end(CALL)
    assert api.forms == [{"Status": "completed"}]


async def test_ending_a_call_tells_that_it_did() -> None:
    """Also where the answer to the first attempt was lost, which may have done it."""
    async with client(Api(taken)) as twilio:
        assert await twilio.end(CALL)
    async with client(Api(dropped, refused(400, 21220))) as twilio:
        assert await twilio.end(CALL)
    async with client(Api(refused(503, 20500), refused(400, 21220))) as twilio:
        assert not await twilio.end(CALL)


async def test_refusal_for_good_is_not_repeated() -> None:
    """Wrong credentials stay wrong; the error says what to look at."""
    api = Api(refused(401, 20003))
    async with client(api) as twilio:
        with pytest.raises(UpdateFailed, match="TWILIO_AUTH_TOKEN"):
            await twilio.replace(CALL, "<Response/>")
    assert len(api.forms) == 1


async def test_any_other_page_that_is_not_found_is_a_wrong_address() -> None:
    """A call is not taken for over because TWILIO_API_URL leads elsewhere."""

    async def page(request: web.Request) -> web.Response:
        return web.Response(text="<html>", status=404)

    async with client(Api(page)) as twilio:
        with pytest.raises(UpdateFailed, match="TWILIO_API_URL"):
            await twilio.replace(CALL, "<Response/>")


async def test_time_of_the_request_that_was_taken_is_returned() -> None:
    """Not that of an attempt which failed."""
    async with client(Api(refused(500, 20500), taken)) as twilio:
        begun = time.monotonic()
        assert await twilio.replace(CALL, "<Response/>") - begun > 0.09


async def test_newer_form_of_error_is_understood() -> None:
    """Twilio's problem documents are another exception of its package."""

    async def problem(request: web.Request) -> web.Response:
        body = {"type": "about:blank", "title": "no", "status": 400, "code": 21220}
        return web.json_response(body, status=400)

    async with client(Api(problem)) as twilio:
        with pytest.raises(CallIsOver):
            await twilio.replace(CALL, "<Response/>")


async def test_answer_that_is_no_json_fails_the_update() -> None:
    """It may have been taken, so it is not repeated."""

    async def page(request: web.Request) -> web.Response:
        return web.Response(text="<html>")

    api = Api(page)
    async with client(api) as twilio:
        with pytest.raises(UpdateFailed, match="not JSON"):
            await twilio.replace(CALL, "<Response/>")
    assert len(api.forms) == 1


async def test_environment_cannot_redirect_the_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """TWILIO_EDGE and TWILIO_REGION would rewrite any host."""
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    monkeypatch.setenv("TWILIO_REGION", "au1")
    api = Api(taken)
    async with client(api) as twilio:
        await twilio.replace(CALL, "<Response/>")
    assert len(api.forms) == 1
