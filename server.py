"""Starts a server: settings, engine, tables, the application, and the processes that serve it."""

import asyncio
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from mmap import mmap
from pathlib import Path
from socket import socket
from tempfile import NamedTemporaryFile
from types import FrameType
from typing import Protocol

from pydantic import ValidationError

from application import create_app, open_store
from datastore.client import connect
from datastore.errors import Refusal, StartFailed, StoreFault
from datastore.local_admin import local_admin_key
from datastore.local_engine import local_engine
from datastore.provisioning import create_tables
from datastore.ssm import read_table_names
from datastore.store import Store
from datastore.tables import KV_STORAGE_DATA
from settings import Settings, explain, read_settings
from transport.access_log import configure
from transport.metrics import Metrics
from transport.series import ROW_BYTES, Numbers
from transport.serving import Server, listening
from transport.workers import Workers


class Event(Protocol):
    """Of threads or of processes."""

    def is_set(self) -> bool: ...

    def set(self) -> None: ...


def main() -> None:
    try:
        settings = read_settings()
    except ValidationError as error:
        sys.exit(explain(error))
    _prepare(settings)
    try:
        with listening(settings.host, settings.port) as listener, dynamodb_endpoint(settings) as endpoint_url:
            _serve(settings, endpoint_url, listener)
    except (StartFailed, Refusal, StoreFault) as error:
        sys.exit(f"The server could not start: {error}")


@contextmanager
def dynamodb_endpoint(settings: Settings) -> Iterator[str | None]:
    """Where DynamoDB is: AWS (None), an endpoint of the operator's, or an engine started here."""
    if settings.engine == "aws":
        yield None
    elif settings.endpoint_url:
        yield str(settings.endpoint_url)
    else:
        with local_engine(settings.data_dir, program=settings.dynoxide) as engine:
            print(f"Engine    {engine.name}" + ("" if engine.durable else ": nothing is kept when the server stops"))
            yield engine.endpoint_url


def _serve(settings: Settings, endpoint_url: str | None, listener: socket) -> None:
    names = table_names(settings, endpoint_url)
    if endpoint_url:
        create_tables(connect(settings.region, endpoint_url), names)
    key_file = settings.data_dir / "admin-api-key" if endpoint_url else None
    api_key = asyncio.run(_first_contact(open_store(settings, endpoint_url, Metrics(), names), key_file))
    host, port = listener.getsockname()[:2]
    banner = f"GraphQL   http://{host}:{port}/graphql" + (" (GraphiQL in a browser)" if settings.graphiql else "")
    if api_key:
        banner += f"\nAPI key   {api_key} (kept in {key_file})"
    arguments = settings, endpoint_url, names, api_key, banner, listener
    if settings.workers == 1:
        _work(0, threading.Event(), None, *arguments)
    else:
        with NamedTemporaryFile(prefix="kv-metrics-") as numbers:
            numbers.truncate(settings.workers * ROW_BYTES)
            Workers(_work, numbers.name, *arguments, count=settings.workers).run()


def _work(
    row: int,
    serving: Event,
    numbers: str | None,
    settings: Settings,
    endpoint_url: str | None,
    names: Mapping[str, str],
    api_key: str | None,
    banner: str,
    listener: socket,
) -> None:
    """Serves until a signal; in each of several processes, which share the file that holds the metrics' numbers."""
    _prepare(settings)
    token = settings.metrics_token
    metrics = Metrics(
        token=token.get_secret_value() if token else None,
        public=settings.is_loopback,
        numbers=Numbers(row=row) if numbers is None else Numbers(_mapped(numbers), row=row),
    )
    store = open_store(settings, endpoint_url, metrics, names)  # here: a client belongs to one event loop
    app = create_app(settings, store, api_key=api_key if settings.is_loopback else None, metrics=metrics)

    def announce() -> None:
        if row == 0 and not serving.is_set():
            serving.set()
            print(banner, flush=True)

    Server(app, app.state.readiness, announce).run(sockets=[listener])


def _mapped(path: str) -> mmap:
    with open(path, "r+b") as file:
        return mmap(file.fileno(), 0)


def _prepare(settings: Settings) -> None:
    configure(settings.log_level)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)


async def _first_contact(store: Store, key_file: Path | None) -> str | None:
    """The local administrator's key; with AWS, where there is none, whether the table answers at all."""
    try:
        if key_file:
            return await local_admin_key(store, key_file)
        await store.check()
        return None
    finally:
        await store.close()


def table_names(settings: Settings, endpoint_url: str | None) -> Mapping[str, str]:
    if settings.ssm_prefix:
        return read_table_names(connect(settings.region, endpoint_url, service="ssm"), settings.ssm_prefix)
    return {KV_STORAGE_DATA.name: settings.table_name}


def _stop(number: int, frame: FrameType | None) -> None:
    """Unwinds what has been started; uvicorn replaces this while it serves, and calls it when it has finished."""
    sys.exit(0)


if __name__ == "__main__":
    main()
