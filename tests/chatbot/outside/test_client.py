"""Posting to an outside address, against a real HTTP server on loopback."""

import asyncio
import datetime
import gzip
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from chatbot import outside
from chatbot.outside import HEADER, OutsideError, OutsideReply, OutsideRequest, post, verify
from chatbot.outside.requests import MAX_BODY_BYTES
from chatbot.outside.sessions import SessionsByLoop
from tests.chatbot.http_server import Answer, as_json, serving
from tests.chatbot.outside.names import ScriptedNames, SilentNames, UnknownNames
from tests.server import free_port

pytestmark = pytest.mark.asyncio

PATIENCE = 10.0
"""Seconds: more than any answer here takes on a busy machine."""


def request_to(
    url: str, deadline_seconds: float = PATIENCE, body: Mapping[str, object] | None = None
) -> OutsideRequest:
    return OutsideRequest(
        url, {"message": "hello"} if body is None else body, deadline_seconds, may_be_private=True
    )


async def ask(answer: Answer, deadline_seconds: float = PATIENCE) -> OutsideReply:
    with serving(answer) as server:
        return await post(request_to(server.url, deadline_seconds))


@contextmanager
def failing(sentence: str) -> Iterator[None]:
    """Expect that there is no answer, and that this is said of the address."""
    with pytest.raises(OutsideError) as raised:
        yield
    assert str(raised.value) == sentence


# --- What is sent and read ----------------------------------------------------------------------


async def test_post_sends_json() -> None:
    """The body arrives as what it was, in any script."""
    body = {"message": "Grüße, 你好", "values": {"order": "447"}, "n": [1, None, True]}
    with serving(as_json({})) as server:
        await post(request_to(server.url, body=body))
    (request,) = server.requests
    assert (request.path, request.json()) == ("/bot", body)
    assert request.headers["Content-Type"] == "application/json"


async def test_post_sends_half_a_character_as_a_question_mark() -> None:
    """A broken text of a caller does not keep the turn from being asked about."""
    with serving(as_json({})) as server:
        await post(request_to(server.url, body={"message": "a\ud800b"}))
    assert server.requests[0].json() == {"message": "a?b"}


async def test_post_sends_own_headers() -> None:
    """Some addresses want a key of theirs."""
    with serving(as_json({})) as server:
        await post(
            OutsideRequest(
                server.url, {}, PATIENCE, may_be_private=True, headers=(("X-Key", "abc"),)
            )
        )
    assert server.requests[0].headers["X-Key"] == "abc"


async def test_post_signs_with_the_secret() -> None:
    """The receiver verifies what arrived with the secret it shares."""
    with serving(as_json({})) as server:
        await post(OutsideRequest(server.url, {"a": "é"}, PATIENCE, "secret", may_be_private=True))
    (request,) = server.requests
    assert verify("secret", request.headers[HEADER], request.body, time.time())


async def test_post_without_secret_is_not_signed() -> None:
    """A signature without a secret would prove nothing."""
    with serving(as_json({})) as server:
        await post(request_to(server.url))
    assert HEADER not in server.requests[0].headers


async def test_post_ignores_proxies_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would look the name up itself, unguarded."""
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    assert (await ask(as_json({}))).status == 200


async def test_post_keeps_no_cookies() -> None:
    """One caller's turn is not told from another's by what a server had set before."""
    with serving(Answer(headers={"Set-Cookie": "caller=1"})) as server:
        await post(request_to(server.url))
        await post(request_to(server.url))
    assert "Cookie" not in server.requests[1].headers


async def test_post_returns_the_decoded_answer() -> None:
    """Status and JSON come back, with the time it took."""
    reply = await ask(as_json({"text": "Grüße"}, status=201))
    assert (reply.status, reply.content) == (201, {"text": "Grüße"})
    assert 0 <= reply.milliseconds < PATIENCE * 1000


@pytest.mark.parametrize("status", [200, 204])
async def test_post_returns_none_for_an_empty_answer(status: int) -> None:
    """An address may have nothing to say."""
    assert (await ask(Answer(status=status))).content is None


async def test_post_reads_an_answer_of_the_full_size() -> None:
    """The limit itself is allowed."""
    text = "x" * (MAX_BODY_BYTES - 2)
    assert (await ask(as_json(text))).content == text


# --- What is no answer --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (Answer(status=500), "answered HTTP 500"),
        (Answer(status=404), "answered HTTP 404"),
        (Answer(b"x" * (MAX_BODY_BYTES + 1)), "sent an answer larger than 64 kB"),
        (Answer(b"hello"), "sent an answer that is not JSON"),
        (Answer(b"{} {}"), "sent an answer that is not JSON"),
        (Answer(b"NaN"), "sent an answer that is not JSON"),
        (Answer(b'"\xff"'), "sent an answer that is not JSON"),
        (Answer(rb'"\ud800"'), "sent an answer that is not JSON"),
        (Answer(b"[" * 60_000), "sent an answer that is not JSON"),
        (
            Answer(gzip.compress(b'"hello"'), headers={"Content-Encoding": "gzip"}),
            "sent a compressed answer, which was not asked for",
        ),
        (Answer(b'{"text": "hello"}', breaks_off=True), "broke off in the middle of its answer"),
        (Answer(drops=True), "closed the connection without an answer"),
        (Answer(raw=b""), "closed the connection without an answer"),
        (Answer(raw=b"SSH-2.0-OpenSSH\r\n\r\n"), "did not answer in HTTP"),
    ],
)
async def test_post_says_what_is_wrong_with_an_answer(answer: Answer, sentence: str) -> None:
    """The transcript tells why, and the request is not sent again: it was taken."""
    with serving(answer) as server, failing(sentence):
        await post(request_to(server.url))
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_post_follows_no_redirect(status: int) -> None:
    """A redirect would lead past the guard."""
    with (
        serving(Answer(status=status, headers={"Location": "/other"})) as server,
        failing("redirects, which is not followed"),
    ):
        await post(request_to(server.url))
    assert [request.path for request in server.requests] == ["/bot"]


async def test_post_refuses_a_certificate_that_nobody_signed(tmp_path: Path) -> None:
    """Whoever listens in between has no certificate that is trusted."""
    with (
        serving(as_json({}), context=self_signed(tmp_path)) as server,
        failing("has no certificate that can be trusted"),
    ):
        await post(request_to(server.url.replace("http:", "https:")))
    assert server.requests == []


async def test_post_refuses_a_server_without_tls() -> None:
    """HTTPS is never given up for HTTP."""
    with serving(as_json({})) as server, failing("does not speak TLS as it should"):
        await post(request_to(server.url.replace("http:", "https:")))
    assert server.requests == []


async def test_post_refuses_what_is_no_address() -> None:
    """An address that was saved before the rules were is not asked."""
    with failing("is not an address that can be asked"):
        await post(request_to("http://0x7f.1/"))


# --- The deadline -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        as_json({}, delay_seconds=60.0),
        as_json("x" * 10_000, trickles=True),
    ],
)
async def test_post_gives_up_at_the_deadline(answer: Answer) -> None:
    """A silent server and one that answers byte by byte are left at the same moment."""
    began = time.monotonic()
    with failing("did not answer within 0.3 s"):
        await ask(answer, deadline_seconds=0.3)
    assert 0.3 <= time.monotonic() - began < PATIENCE


async def test_post_gives_up_on_a_silent_name_server() -> None:
    """The look-up of the name is within the deadline too."""
    with failing("did not answer within 0.1 s"):
        await post(
            request_to("http://example.com/", deadline_seconds=0.1), SessionsByLoop(SilentNames)
        )


async def test_post_after_a_deadline_opens_a_new_connection() -> None:
    """A late answer is never taken for that to the next request."""
    with serving(as_json("late", delay_seconds=5), as_json("new")) as server:
        with failing("did not answer within 1 s"):
            await post(request_to(server.url, deadline_seconds=1))
        reply = await post(request_to(server.url))
    assert reply.content == "new"
    assert [request.connection for request in server.requests] == [1, 2]


# --- The second attempt -------------------------------------------------------------------------


async def test_post_tries_a_refused_connection_once_more() -> None:
    """A server that is just being restarted is there a moment later."""
    with serving(as_json("there")) as server:
        names = ScriptedNames([("127.0.0.1", free_port())], [("127.0.0.1", server.port)])
        reply = await post(request_to("http://crm.internal/"), SessionsByLoop(lambda: names))
    assert reply.content == "there"
    assert (len(names.asked), len(server.requests)) == (2, 1)


async def test_post_tries_no_third_time() -> None:
    """The caller waits, and hears the fallback soon."""
    names = ScriptedNames([("127.0.0.1", free_port())])
    with failing("refused the connection"):
        await post(request_to("http://crm.internal/"), SessionsByLoop(lambda: names))
    assert len(names.asked) == 2


async def test_post_asks_a_name_server_once_for_a_name_that_nobody_has() -> None:
    """It would only say the same again."""
    names = UnknownNames()
    with failing("has a host name that is not known"):
        await post(request_to("http://crm.internal/"), SessionsByLoop(lambda: names))
    assert names.asked == ["crm.internal"]


async def test_post_says_that_an_address_cannot_be_reached() -> None:
    """No route, no such machine; here an address that nobody may connect to."""
    names = ScriptedNames([("255.255.255.255", 80)])
    with failing("could not be reached"):
        await post(request_to("http://crm.internal/"), SessionsByLoop(lambda: names))


# --- The guard ----------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "localhost."])
async def test_post_refuses_private_addresses(host: str) -> None:
    """An editor of the bot cannot look into the network that it runs in."""
    with serving(as_json({})) as server, failing("is a private address, which is not allowed"):
        await post(OutsideRequest(f"http://{host}:{server.port}/", {}, PATIENCE))
    assert server.connections == 0


async def test_post_refuses_names_of_private_addresses() -> None:
    """Nor by a name of his own that leads there."""
    with serving(as_json({})) as server:
        names = ScriptedNames([("127.0.0.1", server.port)])
        with failing("is a private address, which is not allowed"):
            await post(
                OutsideRequest("http://example.com/", {}, PATIENCE), SessionsByLoop(lambda: names)
            )
    assert server.connections == 0


async def test_post_refuses_names_that_become_private() -> None:
    """Nor by a name that was public when it was first looked up: nothing connects unchecked."""
    with serving(as_json({})) as server:
        nobody = ("2fff::1", 80)  # public, but given to nobody
        names = ScriptedNames([nobody], [("127.0.0.1", server.port)])
        sessions = SessionsByLoop(lambda: names)
        with pytest.raises(OutsideError):
            await post(OutsideRequest("http://example.com/", {}, 0.1), sessions)
        with failing("is a private address, which is not allowed"):
            await post(OutsideRequest("http://example.com/", {}, PATIENCE), sessions)
    assert server.connections == 0


async def test_post_takes_hosts_that_are_allowed(settings: Settings) -> None:
    """Whoever runs the bot may open single hosts of the own network."""
    with serving(as_json("in")) as server:
        settings.OUTSIDE_PRIVATE_HOSTS = [f"127.0.0.1:{server.port}"]
        assert (await post(OutsideRequest(server.url, {}, PATIENCE))).content == "in"


async def test_post_uses_no_private_connection_for_a_guarded_request() -> None:
    """A connection that another request may have opened is none that this one may use."""
    with serving(as_json({})) as server:
        names = ScriptedNames([("127.0.0.1", server.port)])
        sessions = SessionsByLoop(lambda: names)
        await post(request_to("http://example.com/"), sessions)
        with failing("is a private address, which is not allowed"):
            await post(OutsideRequest("http://example.com/", {}, PATIENCE), sessions)
    assert len(server.requests) == 1


# --- Callers without an event loop --------------------------------------------------------------


async def test_post_now_asks_from_a_thread() -> None:
    """Code of a thread asks on the event loop that it was sent from, or on one of its own."""
    with serving(as_json("now")) as server:
        reply = await asyncio.to_thread(outside.post_now, request_to(server.url))
    assert reply.content == "now"


async def test_aclose_closes_the_connections_of_the_loop() -> None:
    """A server that ends leaves no connection behind."""
    with serving(as_json({})) as server:
        await post(request_to(server.url))
        await outside.aclose()
        await post(request_to(server.url))
    assert [request.connection for request in server.requests] == [1, 2]


def self_signed(folder: Path) -> ssl.SSLContext:
    """Return a server's TLS with a certificate of its own making."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
