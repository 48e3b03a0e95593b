"""Wires the layers into an application: settings, store, jobs, routes. Decides nothing else."""

import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from starlette.applications import Starlette

from datastore.client import BotoClient, Client
from datastore.cursors import CursorSeal
from datastore.entity_memo import EntityMemo
from datastore.errors import StartFailed
from datastore.gathering import GatheringStore
from datastore.identity_cache import IdentityCache
from datastore.jobs import Job, deletion_jobs, running
from datastore.key_uses import KeyUses
from datastore.local_secrets import kept_secret, new_cursor_key
from datastore.metering.corrections import Corrections
from datastore.metering.flush import FLUSH_SECONDS, Flush
from datastore.observed_client import ObservedClient
from datastore.oidc.relying_party import RelyingParty
from datastore.passwords import PasswordHasher
from datastore.policy_cache import PolicyCache
from datastore.store import Store
from datastore.wire.client import NativeClient
from resolvers.context import Identity
from resolvers.registry import CREDENTIAL_FIELDS, OPEN_FIELDS
from resolvers.sessions import COOKIE
from schema.build import build_schema, executable
from schema.execution import Execution
from schema.resolving import Call
from settings import Settings
from transport.app import build_app
from transport.authentication import Authentication, SessionRules
from transport.graphiql import GraphiQL
from transport.graphql_endpoint import Admit, MakeContext
from transport.health import Readiness
from transport.metrics import Metrics
from transport.persisted_queries import PersistedQueries, read_allowed
from transport.rate_limits import RateLimits

NODE_MODULES = Path(__file__).parent / "node_modules"


def create_app(
    settings: Settings,
    store: Store,
    *,
    api_key: str | None = None,
    clock: Callable[[], datetime] | None = None,
    metrics: Metrics | None = None,
    flush_seconds: float = FLUSH_SECONDS,
) -> Starlette:
    """`api_key`: the local administrator's, for GraphiQL to open with; only for a server on loopback."""
    now = clock or _now
    seal = CursorSeal(settings.cursor_key_bytes(lambda: kept_secret(settings.data_dir / "cursor-key", new_cursor_key)))
    jobs = deletion_jobs(store, settle_seconds=settings.settle_seconds, clock=lambda: now().timestamp())
    uses = KeyUses(store, clock=now)
    ide = GraphiQL(api_key=api_key, node_modules=NODE_MODULES) if settings.graphiql else None
    readiness = Readiness(store.check)
    policies = PolicyCache(store, seconds=settings.identity_cache_seconds, clock=time.monotonic)
    flush = Flush(store, policies, clock=now, seconds=flush_seconds)
    corrections = Corrections(store, now, seconds=flush_seconds)
    app = build_app(
        execution=_execution(settings),
        authenticate=Authentication(store, policies, now, _session_rules(settings), uses=uses),
        make_context=_make_context(store, policies, seal, now, settings.environment),
        admit=_admit(RateLimits(store.meter, clock=lambda: now().timestamp()), policies),
        readiness=readiness,
        open_fields=OPEN_FIELDS,
        introspection=settings.introspection,
        allowed_hosts=settings.allowed_hosts,
        cors_origins=settings.cors_origins,
        max_body_bytes=settings.max_body_bytes,
        proxies=settings.proxies,
        accepts_cookies=settings.session_cookie,
        metrics=metrics,
        persisted=_persisted(settings),
        ide=ide.page if ide else None,
        extra_routes=ide.routes() if ide else (),
        lifespan=lambda _: _running((*jobs, flush, corrections, uses), policies, store),
    )
    app.state.flush, app.state.readiness, app.state.key_uses = flush, readiness, uses
    return app


def _admit(limits: RateLimits, policies: PolicyCache) -> Admit:
    return lambda caller: limits.admit(caller, policies.latest)


def open_store(settings: Settings, endpoint_url: str | None, metrics: Metrics, names: Mapping[str, str]) -> Store:
    cache = IdentityCache(settings.identity_cache_seconds, clock=time.monotonic)
    client = ObservedClient(_client(settings, endpoint_url), metrics.count_store_call)
    agreement = settings.agreement()
    issuer = RelyingParty(agreement, time.time) if agreement else None
    limits = settings.login_limits(time.monotonic)
    return Store(client, cache, PasswordHasher(), names=names, limits=limits, issuer=issuer)


def _client(settings: Settings, endpoint_url: str | None) -> Client:
    match settings.client:
        case "native":
            return NativeClient(region=settings.region, endpoint_url=endpoint_url)
        case "boto3":
            return BotoClient(region=settings.region, endpoint_url=endpoint_url)


def _execution(settings: Settings) -> Execution:
    return Execution(
        executable(build_schema()),
        timeout_seconds=settings.operation_timeout_seconds,
        introspection=settings.introspection,
        credential_fields=CREDENTIAL_FIELDS,
        mode=settings.execution,
    )


def _persisted(settings: Settings) -> PersistedQueries:
    if settings.allowed_documents is None:
        return PersistedQueries(automatic=settings.persisted_queries)
    try:
        return PersistedQueries(allowed=read_allowed(settings.allowed_documents))
    except ValueError as error:
        raise StartFailed(f"KV_ALLOWED_DOCUMENTS: {error}") from error


def _session_rules(settings: Settings) -> SessionRules:
    return SessionRules(settings.session_idle_seconds, COOKIE if settings.session_cookie else None)


@asynccontextmanager
async def _running(jobs: Sequence[Job], policies: PolicyCache, store: Store) -> AsyncIterator[None]:
    async with running(jobs):
        yield
    await policies.close()
    await store.close()


def _make_context(
    store: Store, policies: PolicyCache, seal: CursorSeal, clock: Callable[[], datetime], env: Mapping[str, str]
) -> MakeContext:
    memo = EntityMemo()

    async def make_context(identity: Identity | None, headers: Mapping[str, str], _: str, client_ip: str) -> Call:
        return Call(
            identity=identity,
            headers=_without_cookies(headers),
            store=GatheringStore(store),
            seal=seal,
            random_bytes=secrets.token_bytes,
            clock=clock,
            policies=await policies.current(),
            meter=store.meter,
            client_ip=client_ip,
            env=env,
            memo=memo,
        )

    return make_context


def _without_cookies(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Resolvers see no credentials that a browser sends by itself."""
    return {name: value for name, value in headers.items() if name != "cookie"} if "cookie" in headers else headers


def _now() -> datetime:
    return datetime.now(UTC)
