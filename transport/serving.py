"""uvicorn as this server runs it: on a port taken beforehand, with the protocol of fast_lane, and drained."""

import asyncio
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from socket import AF_INET, AF_INET6, SO_REUSEADDR, SOL_SOCKET, socket
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from datastore.errors import StartFailed
from transport.acceptor import Acceptor
from transport.fast_lane import FastHTTP
from transport.health import Readiness

GRACEFUL_SECONDS = 20
_GC_THRESHOLDS = 20_000, 10, 10
KEEP_ALIVE_SECONDS = 75  # longer than a load balancer's 60, or it meets connections that we have just closed


class Server(uvicorn.Server):
    """Calls `announce` once it serves; with the first signal turns readiness off, before it stops to listen."""

    def __init__(self, app: Starlette, readiness: Readiness, announce: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                access_log=False,
                date_header=True,
                http=partial(FastHTTP, lane=app.state.lane),  # type: ignore[arg-type] # called as a class is
                log_config=None,
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=GRACEFUL_SECONDS,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                ws="none",
            )
        )
        self._readiness = readiness
        self._announce = announce

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """As uvicorn's, with acceptors in place of its servers."""
        await super().startup([])
        make, backlog = self._make_protocol, self.config.backlog
        self.servers = [Acceptor(each, make, backlog=backlog) for each in sockets or ()]  # type: ignore[misc]
        _leave_alone_what_is_there()
        self._announce()

    def _make_protocol(self) -> asyncio.Protocol:
        return self.config.http_protocol_class(  # type: ignore[call-arg] # typed as any protocol
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._readiness.drain()
        super().handle_exit(sig, frame)


def _leave_alone_what_is_there() -> None:
    """The schema and all code stay for good: the garbage collector need not look through them again and again.

    What a request makes is gone with it, but for little: it is enough to look for cycles every few dozen requests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)


@contextmanager
def listening(host: str, port: int) -> Iterator[socket]:
    """The port, taken before anything is started for it. Raises StartFailed where it can't be had."""
    listener = socket(AF_INET6 if ":" in host else AF_INET)
    listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise StartFailed(
            f"can't listen on {host}:{port} ({error.strerror});"
            " another program may have the port: set KV_PORT to another one, or KV_HOST to an address of this machine."
        ) from error
    with listener:
        yield listener
