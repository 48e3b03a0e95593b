"""The whole application in process, on a real engine: what a client sends and what it gets."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
from starlette.applications import Starlette

from application import create_app
from datastore.client import Client
from datastore.identity_cache import IdentityCache
from datastore.local_admin import local_admin_key
from datastore.oidc.relying_party import RelyingParty
from datastore.passwords import PasswordHasher
from datastore.store import Store
from settings import Settings
from tests.recording_client import RecordingClient

KEY = "key value version ttl createdAt updatedAt size"
PASSWORD = "correct horse"
EXECUTION = os.environ.get("TEST_EXECUTION", "compiled")  # make test runs what goes through here with both


@dataclass(frozen=True)
class Answer:
    """A GraphQL response; `status` and `headers` are HTTP's."""

    status: int
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def data(self) -> Any:
        """The data of an answer that has no errors."""
        assert "errors" not in self.body, self.body["errors"]
        return self.body["data"]

    @property
    def error(self) -> dict[str, Any]:
        """The only error."""
        (error,) = self.body["errors"]
        return error


@dataclass(frozen=True)
class Api:
    """A caller of the application; `key` is his API key. `client` shows what went out to the table."""

    http: httpx2.AsyncClient
    store: Store
    client: RecordingClient
    app: Starlette
    key: str | None = None
    user_id: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    async def __call__(self, query: str, /, **variables: Any) -> Answer:
        headers = {**self.headers, **({"x-api-key": self.key} if self.key else {})}
        response = await self.http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        return Answer(response.status_code, response.headers, response.json())

    def as_caller(self, key: str | None, user_id: str | None = None) -> "Api":
        return replace(self, key=key, user_id=user_id)

    def with_token(self, token: str | None, user_id: str | None = None) -> "Api":
        """A caller by a session's token instead of an API key."""
        return replace(self, key=None, user_id=user_id, headers={"authorization": f"Bearer {token}"} if token else {})

    async def flush(self) -> None:
        """Brings what has been counted to the table, as the server does once a second."""
        await self.app.state.flush.flush()

    async def sign_up(self, email: str | None = None, password: str = PASSWORD) -> "Api":
        """Another user of the same application."""
        query = "mutation ($in: SignUpInput!) { signUp(input: $in) { apiKey user { userId } } }"
        account = {"email": email or f"{uuid4().hex}@example.com", "password": password}
        made = (await self.as_caller(None)(query, **{"in": account})).data["signUp"]
        return self.as_caller(made["apiKey"], made["user"]["userId"])

    async def try_login(self, email: str, password: str = PASSWORD) -> Answer:
        query = """mutation ($in: LoginInput!) {
            login(input: $in) { token expiresAt user { userId email } } }"""
        return await self(query, **{"in": {"email": email, "password": password}})

    async def login(self, email: str, password: str = PASSWORD) -> "Api":
        """The same application, called with a new session."""
        made = (await self.with_token(None).try_login(email, password)).data["login"]
        return self.with_token(made["token"], made["user"]["userId"])

    async def namespace(self) -> str:
        """A new namespace of the caller's."""
        name = f"ns-{uuid4().hex[:12]}"
        await self.create_namespace(name)
        return name

    async def create_namespace(self, name: str) -> None:
        query = "mutation ($id: ID!) { createNamespace(input: { id: $id }) { id } }"
        assert (await self(query, id=name)).data["createNamespace"]["id"] == name

    async def put(self, namespace: str, key: str, value: Any, **more: Any) -> Answer:
        query = f"mutation ($in: PutKeyInput!) {{ putKey(input: $in) {{ {KEY} }} }}"
        return await self(query, **{"in": {"namespace": namespace, "key": key, "value": value, **more}})

    async def get(self, namespace: str, key: str) -> Any:
        query = f"query ($ns: ID!, $key: String!) {{ key(namespace: $ns, key: $key, consistent: true) {{ {KEY} }} }}"
        return (await self(query, ns=namespace, key=key)).data["key"]

    async def delete(self, namespace: str, key: str, **more: Any) -> Answer:
        query = f"mutation ($in: DeleteKeyInput!) {{ deleteKey(input: $in) {{ {KEY} }} }}"
        return await self(query, **{"in": {"namespace": namespace, "key": key, **more}})

    async def increment(self, namespace: str, key: str, by: float, **more: Any) -> Answer:
        query = f"mutation ($in: IncrementKeyInput!) {{ incrementKey(input: $in) {{ {KEY} }} }}"
        return await self(query, **{"in": {"namespace": namespace, "key": key, "by": by, **more}})

    async def touch(self, namespace: str, key: str, expires_in: int | None = None) -> Answer:
        query = f"""mutation ($ns: ID!, $key: String!, $in: Int) {{
            touchKey(namespace: $ns, key: $key, expiresIn: $in) {{ {KEY} }} }}"""
        return await self(query, ns=namespace, key=key, **{"in": expires_in})

    async def transact(self, writes: Sequence[Mapping[str, Any]], idempotency_key: str | None = None) -> Answer:
        query = f"""mutation ($writes: [KeyWrite!]!, $token: String) {{
            transactKeys(writes: $writes, idempotencyKey: $token) {{ {KEY} }} }}"""
        return await self(query, writes=list(writes), token=idempotency_key)

    async def batch_put(self, puts: Sequence[Mapping[str, Any]]) -> Answer:
        query = f"""mutation ($in: [PutKeyInput!]!) {{
            batchPutKeys(input: $in) {{ items {{ {KEY} }} unprocessed }} }}"""
        return await self(query, **{"in": list(puts)})

    async def batch_delete(self, namespace: str, keys: Sequence[str]) -> Answer:
        query = """mutation ($ns: ID!, $keys: [String!]!) {
            batchDeleteKeys(namespace: $ns, keys: $keys) { keys unprocessed } }"""
        return await self(query, ns=namespace, keys=list(keys))

    async def delete_namespace(self, name: str) -> Answer:
        return await self("mutation ($id: ID!) { deleteNamespace(id: $id) { id status } }", id=name)

    async def names(self, namespace: str, **arguments: Any) -> list[str]:
        """The names of a page of keys."""
        return [key["key"] for key in (await self.page(namespace, **arguments)).data["keys"]["items"]]

    async def page(self, namespace: str, **arguments: Any) -> Answer:
        query = """query ($ns: ID!, $prefix: String, $reverse: Boolean, $consistent: Boolean,
            $limit: Int, $nextToken: String, $first: Int, $after: String) {
            keys(namespace: $ns, prefix: $prefix, reverse: $reverse, consistent: $consistent,
                 limit: $limit, nextToken: $nextToken, first: $first, after: $after) {
                items { key version } nextToken edges { cursor node { key } }
                pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
        return await self(query, ns=namespace, **arguments)


async def eventually(condition: Callable[[], Awaitable[Any]], *, seconds: float = 15) -> Any:
    """What the condition answers as soon as that is true. Asks again and again; fails past the deadline."""
    async with asyncio.timeout(seconds):
        while not (found := await condition()):  # noqa: ASYNC110 - what is waited for is in the table
            await asyncio.sleep(0.02)
    return found


@asynccontextmanager
async def running_api(
    client: Client,
    names: Mapping[str, str],
    data_dir: Path,
    *,
    clock: Callable[[], datetime] | None = None,
    memory_kib: int = 8,
    flush_seconds: float = 3600,
    **settings: Any,
) -> AsyncIterator[Api]:
    """The application with its background jobs; the caller is the local administrator.

    Usage is flushed when a test asks for it (Api.flush): the calls of others are not to be found among its own.
    """
    recording = RecordingClient(client)
    configured = Settings(data_dir=data_dir, **{"operation_timeout_seconds": 5, "execution": EXECUTION, **settings})
    cache = IdentityCache(configured.identity_cache_seconds, clock=_running_clock)
    agreement = configured.agreement()
    issuer = RelyingParty(agreement, lambda: clock().timestamp() if clock else time.time()) if agreement else None
    passwords = PasswordHasher(memory_kib=memory_kib, passes=1)
    limits = configured.login_limits(time.monotonic)
    store = Store(recording, cache, passwords, names=names, limits=limits, issuer=issuer)
    key = await local_admin_key(store, data_dir / "admin-api-key")
    app = create_app(configured, store, api_key=key, clock=clock, flush_seconds=flush_seconds)
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://localhost") as http,
    ):
        jobs = asyncio.all_tasks()
        yield Api(http, store, recording, app, key, "admin")
        await _settled(except_for=jobs)


async def _settled(*, except_for: Collection["asyncio.Task[Any]"]) -> None:
    """What a failed request has left to graphql-core to finish in the background would end unawaited with the loop."""
    left = asyncio.all_tasks() - set(except_for) - {asyncio.current_task()}
    if left:
        await asyncio.wait(left, timeout=2)


def _running_clock() -> float:
    return asyncio.get_running_loop().time()
