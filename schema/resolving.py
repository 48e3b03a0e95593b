"""From a Strawberry field to its resolver and back: the one call that every field with a resolver makes."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar

import strawberry
from graphql import GraphQLError, GraphQLResolveInfo

from datastore.cursors import CursorSeal
from datastore.entities.key import KeyEntity
from datastore.entity_memo import EntityMemo
from datastore.errors import Refusal
from datastore.gathering import GatheringStore
from datastore.metering.meter import Meter
from datastore.policies import BUILT_IN, Policies
from resolvers.context import Context, FieldInfo, Identity
from resolvers.engine import Resolver, run
from resolvers.registry import FIELDS
from schema.selection import selection_paths
from schema.types.key import Key

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")


@dataclass
class Call:
    """One GraphQL request: who asks, and what his fields' resolvers are given."""

    identity: Identity | None
    headers: Mapping[str, str]
    store: GatheringStore
    seal: CursorSeal
    random_bytes: Callable[[int], bytes]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    policies: Policies = BUILT_IN
    meter: Meter = field(default_factory=Meter)
    client_ip: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    memo: EntityMemo = field(default_factory=EntityMemo)
    response_headers: list[tuple[str, str]] = field(default_factory=list)
    appended: list[GraphQLError] = field(default_factory=list)

    def asks_once(self) -> None:
        """One field of a query asks for one thing after the other: there is nothing to gather."""
        self.store.alone = True

    @property
    def store_calls(self) -> int:
        return self.store.operations


Info = strawberry.Info[Call, None]


def resolve(resolver: Resolver[P, T, R], info: Info, *args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, R]:
    """The value of a root field. Raises a Refusal whose data, if any, is shaped like the field's type."""
    return resolve_under(None, resolver, info, *args, **kwargs)


async def resolve_under(source: Any, resolver: Resolver[P, T, R], info: Info, *args: P.args, **kwargs: P.kwargs) -> R:
    """The same for a field of an object; `source` is what the object was made from."""
    raw, call = info._raw_info, info.context
    ctx = _context(call, raw, source, kwargs)
    rule = FIELDS[ctx.info.path].rule
    try:
        return await run(rule, resolver, ctx, call.store.execute, *args, **kwargs)
    except Refusal as refusal:
        refusal.data = _shaped(refusal.data)
        raise
    finally:
        if ctx.appended:
            call.appended += [_located(refusal, raw) for refusal in ctx.appended]


def _context(call: Call, raw: GraphQLResolveInfo[Any], source: Any, arguments: Mapping[str, Any]) -> Context:
    return Context(
        info=FieldInfo(raw.parent_type.name, raw.field_name, raw.variable_values.coerced, lambda: selection_paths(raw)),
        identity=call.identity,
        seal=call.seal,
        now=call.clock(),
        random_bytes=call.random_bytes,
        arguments=arguments,
        source=source,
        request_headers=call.headers,
        response_headers=call.response_headers,
        client_ip=call.client_ip,
        policies=call.policies,
        meter=call.meter,
        env=call.env,
        entity=call.memo.entity,
        grant_reader=call.store,
    )


def _shaped(data: Any) -> Any:
    """Entities in an error's data as the API shows them."""
    match data:
        case KeyEntity():
            return Key.of(data).as_data()
        case list():
            return [_shaped(each) for each in data]
    return data


def _located(refusal: Refusal, raw: GraphQLResolveInfo[Any]) -> GraphQLError:
    refusal.data = _shaped(refusal.data)
    return GraphQLError(refusal.message, raw.field_nodes, path=raw.path.as_list(), original_error=refusal)
