"""The engine of last resort: moto's DynamoDB in a thread, which keeps nothing."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from moto.server import ThreadedMotoServer


@contextmanager
def moto_engine() -> Iterator[str]:
    """The endpoint's address, on a free loopback port."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # it would print a line for each request
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()
