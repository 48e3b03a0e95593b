"""Documents of an issuer are bounded in time and size, and come from where they are said to be."""

import gzip
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from datastore.errors import Unavailable
from datastore.oidc import fetching
from datastore.oidc.fetching import LONGEST_BYTES, Fetcher
from tests.datastore.wire.test_tls import certified

Respond = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(respond: Respond, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            respond(self)

        def do_POST(self) -> None:
            respond(self)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}/document"
        server.shutdown()
        thread.join()


def answering(status: int, body: bytes, **headers: str) -> Respond:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return respond


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    made = Fetcher()
    yield made
    await made.close()


async def test_a_document_is_read(fetcher: Fetcher) -> None:
    with serving(answering(200, b'{"a": 1}')) as url:
        assert await fetcher.get(url) == {"a": 1}


async def test_a_refusal_of_a_post_is_an_answer(fetcher: Fetcher) -> None:
    with serving(answering(400, b'{"error": "invalid_grant"}')) as url:
        assert await fetcher.post(url, {"code": "c"}) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(
    "respond",
    [
        answering(302, b"{}", location="http://127.0.0.1:1/elsewhere"),
        answering(307, b"{}", location="/elsewhere"),
        answering(404, b"{}"),
        answering(500, b"{}"),
        answering(200, b"<html>"),
        answering(200, b"[]"),
        answering(200, b"\xff"),
        answering(200, b"[" * 100_000),
        answering(200, b'{"a": "' + b"x" * LONGEST_BYTES + b'"}'),
        answering(200, gzip.compress(b'{"a": 1}'), content_encoding="gzip"),
        answering(200, b'{"a": 1}', content_length="100"),
    ],
    ids=["redirect", "other-path", "404", "500", "html", "list", "not-utf8", "deep", "large", "packed", "cut"],
)
async def test_anything_else_is_a_failure_of_the_issuers(fetcher: Fetcher, respond: Respond) -> None:
    with serving(respond) as url, pytest.raises(Unavailable):
        await fetcher.get(url)


async def test_a_redirect_is_not_followed_even_with_a_code(fetcher: Fetcher) -> None:
    reached = Event()
    with (
        serving(lambda handler: reached.set()) as elsewhere,
        serving(answering(307, b"{}", location=elsewhere)) as url,
        pytest.raises(Unavailable),
    ):
        await fetcher.post(url, {"code": "c"})
    assert not reached.is_set()


async def test_an_answer_that_trickles_is_given_up_as_a_whole(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte comes in time; all of them do not."""
    monkeypatch.setattr(fetching, "WHOLE_SECONDS", 0.3)
    go_on = Event()

    def trickle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not go_on.wait(0.02):
            handler.wfile.write(b" ")
            handler.wfile.flush()

    with serving(trickle) as url:
        with pytest.raises(Unavailable):
            await fetcher.get(url)
        go_on.set()


async def test_nobody_listening_is_a_failure_of_the_issuers(fetcher: Fetcher) -> None:
    with serving(answering(200, b"{}")) as url:
        pass
    with pytest.raises(Unavailable):
        await fetcher.get(url)


async def test_the_callers_headers_are_not_sent_and_the_token_is(fetcher: Fetcher) -> None:
    seen: dict[str, str] = {}

    def respond(handler: BaseHTTPRequestHandler) -> None:
        seen.update({name.lower(): value for name, value in handler.headers.items()})
        answering(200, b"{}")(handler)

    with serving(respond) as url:
        await fetcher.get(url, token="t")
    assert seen["authorization"] == "Bearer t"
    assert seen["accept-encoding"] == "identity"
    assert "cookie" not in seen


async def test_an_issuer_is_believed_only_under_a_certificate_that_is_trusted(
    fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(answering(200, b'{"a": 1}'), certified(tmp_path)) as url:
        with pytest.raises(Unavailable):
            await fetcher.get(url)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        trusting = Fetcher()
        assert await trusting.get(url) == {"a": 1}
        await trusting.close()
