"""An HTTP server between our client and the engine, which can lose an answer or give one of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Reply:
    """`promised`: the Content-Length, where it is not the body's."""

    status: int
    body: bytes
    promised: int | None = None


LOST = Reply(0, b"")


@dataclass
class Wire:
    """`reply` gets the action and the number of requests before it; it may ask `forward` for the engine's answer."""

    endpoint_url: str
    actions: list[str] = field(default_factory=list)


Answer = Callable[[str, int, Callable[[], Reply]], Reply]


@contextmanager
def wire(reply: Answer, engine_url: str = "") -> Iterator[Wire]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            action = self.headers["X-Amz-Target"].partition(".")[2]
            opened.actions.append(action)
            answer = reply(action, len(opened.actions) - 1, lambda: _forward(engine_url, self, body))
            if answer is LOST:
                self.close_connection = True
                return
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(answer.promised or len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)
            self.close_connection = answer.promised is not None

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        opened = Wire(f"http://127.0.0.1:{server.server_port}")
        server.daemon_threads = True
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield opened
        server.shutdown()


def lose(action: str, *, times: int = 1) -> Answer:
    """The engine does what it is asked, but the first `times` answers to `action` don't arrive."""
    left = [times]

    def reply(asked: str, _: int, forward: Callable[[], Reply]) -> Reply:
        answer = forward()
        if asked == action and left[0]:
            left[0] -= 1
            return LOST
        return answer

    return reply


def _forward(engine_url: str, handler: BaseHTTPRequestHandler, body: bytes) -> Reply:
    connection = HTTPConnection(urlsplit(engine_url).netloc, timeout=5)
    try:
        connection.request("POST", "/", body, dict(handler.headers))
        answer = connection.getresponse()
        return Reply(answer.status, answer.read())
    finally:
        connection.close()
