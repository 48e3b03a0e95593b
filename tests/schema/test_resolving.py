"""From a field to its resolver and back, through a small schema: what a resolver sees, and how its errors go out."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

from datastore.cursors import CursorSeal
from datastore.entities.key import KeyEntity
from datastore.gathering import GatheringStore
from datastore.identity_cache import IdentityCache
from datastore.operations import Nothing
from datastore.passwords import PasswordHasher
from datastore.reads import Reads
from datastore.store import Store
from resolvers.context import Context
from schema.execution import Execution
from schema.resolving import Call, Info, resolve
from schema.scalars import SCALARS
from schema.types.key import Key
from tests.resolvers.contexts import ALICE, NOW, key_item

ENTITY = KeyEntity.from_item(key_item(value={"a": 1}))
Response = Callable[[Context, None], Any]


class Unreachable:
    """These resolvers read nothing."""

    async def call(
        self, action: str, parameters: Mapping[str, Any], *, repeatable: bool = True, reads: Reads | None = None
    ) -> Mapping[str, Any]:
        raise AssertionError(f"{action} went out")

    async def close(self) -> None:
        """Nothing is open."""


def _schema(response: Response) -> strawberry.Schema:
    resolver: Any = SimpleNamespace(request=lambda ctx, **arguments: Nothing(), response=response)

    @strawberry.type
    class Query:
        @strawberry.field
        async def me(self, info: Info, word: str = "") -> Key | None:
            return Key.of_optional(await resolve(resolver, info, word=word))

    return strawberry.Schema(query=Query, config=StrawberryConfig(scalar_map=SCALARS))


async def _run(query: str, response: Response) -> Mapping[str, Any]:
    store = Store(Unreachable(), IdentityCache(0, clock=lambda: 0.0), PasswordHasher(memory_kib=8, passes=1), names={})
    call = Call(
        identity=ALICE,
        headers={"x-trace": "7"},
        store=GatheringStore(store),
        seal=CursorSeal([bytes(32)]),
        random_bytes=bytes,
        clock=lambda: NOW,
        env={"STAGE": "test"},
    )
    execution = Execution(_schema(response)._schema)
    prepared = execution.prepare(query, operation_name=None, variables={})
    body: Mapping[str, Any] = (await execution.run(prepared, context=call, request_id="r-1")).body
    await store.close()
    return body


async def test_an_appended_error_goes_out_beside_the_value() -> None:
    def response(ctx: Context, result: None) -> KeyEntity:
        ctx.append_error("One of them is stale.", "Stale", data=ENTITY, info={"retry": 1})
        return ENTITY

    body = await _run("{ mine: me { key version } }", response)
    assert body["data"] == {"mine": {"key": "k", "version": 3}}
    (error,) = body["errors"]
    assert (error["message"], error["errorType"], error["path"]) == ("One of them is stale.", "Stale", ["mine"])
    assert error["data"] == {"key": "k", "version": 3}, "cut to the selection"
    assert error["errorInfo"] == {"retry": 1}, "not cut"
    assert error["locations"][0]["line"] == 1


async def test_errors_appended_before_a_refusal_go_out_with_it() -> None:
    def response(ctx: Context, result: None) -> None:
        ctx.append_error("First.", "Mine")
        ctx.append_error("Second.", "Mine")
        ctx.error("Third.", "Mine")

    body = await _run("{ me { key } }", response)
    assert body["data"] == {"me": None}
    assert sorted(error["message"] for error in body["errors"]) == ["First.", "Second.", "Third."]


async def test_an_error_of_a_resolver_brings_its_type_and_its_data_as_the_api_shows_it() -> None:
    body = await _run("{ me { value size } }", lambda ctx, result: ctx.error("No.", "Mine", data=ENTITY))
    (error,) = body["errors"]
    assert error["errorType"] == "Mine"
    assert error["data"] == {"value": '{"a":1}', "size": ENTITY.size}


async def test_a_resolver_sees_the_request_as_appsync_shows_it() -> None:
    seen: list[Context] = []
    body = await _run('{ me(word: "w") { nick: key ... { version } } }', lambda ctx, result: seen.append(ctx))
    assert body == {"data": {"me": None}}
    (ctx,) = seen
    assert (ctx.info.path, ctx.arguments, ctx.caller, ctx.now) == ("Query.me", {"word": "w"}, ALICE, NOW)
    assert (ctx.request_headers, ctx.env, ctx.random_bytes(2)) == ({"x-trace": "7"}, {"STAGE": "test"}, b"\0\0")
    assert ctx.info.selection_set_list == ["nick", "version"]


@pytest.mark.parametrize("selection", ["me { key }", "a: me { key } b: me { key }"])
async def test_every_field_has_a_context_of_its_own(selection: str) -> None:
    seen: list[Context] = []

    def response(ctx: Context, result: None) -> None:
        ctx.stash["mine"] = True
        seen.append(ctx)

    await _run(f"{{ {selection} }}", response)
    assert len({id(ctx.stash) for ctx in seen}) == len(seen) == selection.count("me {")
