"""Wires the layers into a server: settings, engine, tables, application. Decides nothing else."""

import asyncio
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from socket import AF_INET, AF_INET6, SO_REUSEADDR, SOL_SOCKET, socket
from types import FrameType

import uvicorn
from pydantic import ValidationError
from starlette.applications import Starlette

from datastore.client import BotoClient, Client, connect
from datastore.cursors import CursorSeal
from datastore.errors import Refusal, StartFailed
from datastore.gathering import GatheringStore
from datastore.identity_cache import IdentityCache
from datastore.local_admin import local_admin_key
from datastore.local_engine import local_engine
from datastore.local_secrets import kept_secret, new_cursor_key
from datastore.namespace_deletion import NamespaceDeletion
from datastore.observed_client import ObservedClient
from datastore.passwords import PasswordHasher
from datastore.provisioning import create_tables
from datastore.ssm import read_table_names
from datastore.store import Store
from datastore.tables import KV_STORAGE_DATA
from datastore.wire.client import NativeClient
from resolvers.context import Identity
from resolvers.registry import CREDENTIAL_FIELDS, OPEN_FIELDS
from schema.build import build_schema, executable
from schema.execution import Execution
from schema.resolving import Call
from settings import Settings, explain, read_settings
from transport.access_log import configure
from transport.app import build_app
from transport.authentication import Authentication
from transport.connection_limits import LimitedHTTP
from transport.graphiql import GraphiQL
from transport.health import Readiness
from transport.metrics import Metrics
from transport.persisted_queries import PersistedQueries, read_allowed

NODE_MODULES = Path(__file__).parent / "node_modules"
GRACEFUL_SECONDS = 20
KEEP_ALIVE_SECONDS = 75  # longer than a load balancer's 60, or it meets connections that we have just closed


def create_app(
    settings: Settings,
    store: Store,
    *,
    api_key: str | None = None,
    clock: Callable[[], datetime] | None = None,
    metrics: Metrics | None = None,
) -> Starlette:
    """`api_key`: the local administrator's, for GraphiQL to open with; only for a server on loopback."""
    now = clock or _now
    seal = CursorSeal(settings.cursor_key_bytes(lambda: kept_secret(settings.data_dir / "cursor-key", new_cursor_key)))
    deletion = NamespaceDeletion(
        store,
        settle_seconds=settings.identity_cache_seconds + settings.operation_timeout_seconds,
        clock=lambda: now().timestamp(),
    )
    ide = GraphiQL(api_key=api_key, node_modules=NODE_MODULES) if settings.graphiql else None
    readiness = Readiness(store.check)
    app = build_app(
        execution=Execution(
            executable(build_schema()),
            timeout_seconds=settings.operation_timeout_seconds,
            introspection=settings.introspection,
            credential_fields=CREDENTIAL_FIELDS,
            compiled=settings.execution == "compiled",
        ),
        authenticate=Authentication(store, now),
        make_context=lambda identity, headers, _: _call(identity, headers, store, seal, now),
        readiness=readiness,
        open_fields=OPEN_FIELDS,
        introspection=settings.introspection,
        allowed_hosts=settings.allowed_hosts,
        cors_origins=settings.cors_origins,
        max_body_bytes=settings.max_body_bytes,
        metrics=metrics,
        persisted=_persisted(settings),
        ide=ide.page if ide else None,
        extra_routes=ide.routes() if ide else (),
        lifespan=lambda _: _running(deletion, store),
    )
    app.state.readiness = readiness
    return app


def open_store(settings: Settings, endpoint_url: str | None, metrics: Metrics, names: Mapping[str, str]) -> Store:
    cache = IdentityCache(settings.identity_cache_seconds, clock=lambda: asyncio.get_running_loop().time())
    client = ObservedClient(_client(settings, endpoint_url), metrics.count_store_call)
    return Store(client, cache, PasswordHasher(), names=names)


def _client(settings: Settings, endpoint_url: str | None) -> Client:
    match settings.client:
        case "native":
            return NativeClient(region=settings.region, endpoint_url=endpoint_url)
        case "boto3":
            return BotoClient(region=settings.region, endpoint_url=endpoint_url)


def main() -> None:
    try:
        settings = read_settings()
    except ValidationError as error:
        sys.exit(explain(error))
    configure(settings.log_level)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    try:
        with _listen(settings) as sockets, _endpoint(settings) as endpoint_url:
            _serve(settings, endpoint_url, sockets)
    except (StartFailed, Refusal) as error:
        sys.exit(f"The server could not start: {error}")


@contextmanager
def _endpoint(settings: Settings) -> Iterator[str | None]:
    """Where DynamoDB is: AWS (None), an endpoint of the operator's, or an engine started here."""
    if settings.engine == "aws":
        yield None
    elif settings.endpoint_url:
        yield str(settings.endpoint_url)
    else:
        with local_engine(settings.data_dir, program=settings.dynoxide) as engine:
            print(f"Engine    {engine.name}" + ("" if engine.durable else ": nothing is kept when the server stops"))
            yield engine.endpoint_url


def _serve(settings: Settings, endpoint_url: str | None, sockets: list[socket]) -> None:
    names = _table_names(settings, endpoint_url)
    if endpoint_url:
        create_tables(connect(settings.region, endpoint_url), names)
    token = settings.metrics_token
    metrics = Metrics(token=token.get_secret_value() if token else None, public=settings.is_loopback)
    key_file = settings.data_dir / "admin-api-key"
    store = open_store(settings, endpoint_url, metrics, names)
    api_key = asyncio.run(_first_key(store, key_file)) if endpoint_url else None
    store = open_store(settings, endpoint_url, metrics, names)  # of the loop that serves
    app = create_app(settings, store, api_key=api_key if settings.is_loopback else None, metrics=metrics)
    host, port = sockets[0].getsockname()[:2]
    banner = f"GraphQL   http://{host}:{port}/graphql" + (" (GraphiQL in a browser)" if settings.graphiql else "")
    if api_key:
        banner += f"\nAPI key   {api_key} (kept in {key_file})"
    _Server(app, banner).run(sockets=sockets)


async def _first_key(store: Store, key_file: Path) -> str:
    try:
        return await local_admin_key(store, key_file)
    finally:
        await store.close()


def _table_names(settings: Settings, endpoint_url: str | None) -> Mapping[str, str]:
    if settings.ssm_prefix:
        return read_table_names(connect(settings.region, endpoint_url, service="ssm"), settings.ssm_prefix)
    return {KV_STORAGE_DATA.name: settings.table_name}


class _Server(uvicorn.Server):
    """Says where it is once it serves, and with the first signal turns readiness off before it stops to listen."""

    def __init__(self, app: Starlette, banner: str) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                access_log=False,
                date_header=True,
                http=LimitedHTTP,
                log_config=None,
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=GRACEFUL_SECONDS,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                ws="none",
            )
        )
        self._readiness: Readiness = app.state.readiness
        self._banner = banner

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(self._banner, flush=True)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._readiness.drain()
        super().handle_exit(sig, frame)


def _persisted(settings: Settings) -> PersistedQueries:
    if settings.allowed_documents is None:
        return PersistedQueries(automatic=settings.persisted_queries)
    try:
        return PersistedQueries(allowed=read_allowed(settings.allowed_documents))
    except ValueError as error:
        raise StartFailed(f"KV_ALLOWED_DOCUMENTS: {error}") from error


@asynccontextmanager
async def _running(deletion: NamespaceDeletion, store: Store) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        job = tasks.create_task(deletion.run())
        yield
        job.cancel()
    await store.close()


def _call(
    identity: Identity | None, headers: Mapping[str, str], store: Store, seal: CursorSeal, clock: Callable[[], datetime]
) -> Call:
    return Call(
        identity=identity,
        headers={name: value for name, value in headers.items() if name != "cookie"},
        store=GatheringStore(store),
        seal=seal,
        random_bytes=secrets.token_bytes,
        clock=clock,
    )


@contextmanager
def _listen(settings: Settings) -> Iterator[list[socket]]:
    """The port, taken before anything is started for it."""
    listener = socket(AF_INET6 if ":" in settings.host else AF_INET)
    listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise StartFailed(
            f"can't listen on {settings.host}:{settings.port} ({error.strerror});"
            " another program may have the port: set KV_PORT to another one, or KV_HOST to an address of this machine."
        ) from error
    with listener:
        yield [listener]


def _stop(number: int, frame: FrameType | None) -> None:
    """Unwinds what has been started; uvicorn replaces this while it serves, and calls it when it has finished."""
    sys.exit(0)


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
