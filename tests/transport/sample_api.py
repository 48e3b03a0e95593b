"""A small schema with a resolver for each thing that can happen, and an application that serves it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError, GraphQLSchema, build_schema
from starlette.applications import Starlette

from datastore.errors import (
    BadRequest,
    ConditionFailed,
    Refusal,
    ResolverError,
    TransactionCancelled,
    Unauthenticated,
    Unauthorized,
    Unavailable,
)
from schema.execution import Execution
from transport.app import build_app
from transport.health import Readiness

SDL = """
scalar Anything
enum Colour { RED GREEN }
type Item { key: String! value: String parent: Item items(limit: Int, first: Int): [Item!]! }
type Query {
  hello(name: String = "world"): String!
  echo(value: Anything): String
  paint(colour: Colour!): String
  count(of: Int!): Int
  item: Item
  items(limit: Int, first: Int): [Item!]!
  boom: String
  nothing: String!
  refuse(how: String!): Item
  slow: String
  number: Int
  who: String
  warn: String
  whence: String
}
input SignUp { email: String! password: String! }
type Mutation { signUp(input: SignUp!): String login(password: String!): String put(key: String!): Item }
type Subscription { changed: String }
"""

CURRENT = {"key": "k", "value": "now", "secret": "s", "parent": {"key": "p", "value": "v"}}

REFUSALS = {
    "bad": lambda: BadRequest("No.", data=CURRENT, info={"allowed": ["a"]}),
    "condition": lambda: ConditionFailed(data=CURRENT),
    "cancelled": lambda: TransactionCancelled([]),
    "unavailable": lambda: Unavailable("Try again."),
    "unauthorized": lambda: Unauthorized("Not Authorized to access refuse on type Query"),
    "own": lambda: ResolverError("Mine.", "Lambda:OutOfPaper", data=[CURRENT], info={"a": 1}),
    "surrogate": lambda: BadRequest("No \ud800.", info={"keys": ["\ud800", 1, None]}),
}


@dataclass
class Context:
    """What the resolvers of this schema leave behind for a test to look at."""

    request_id: str = "test"
    identity: Any = None
    store_calls: int = 3
    started: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: int = 0
    appended: list[GraphQLError] = field(default_factory=list)
    client_ip: str = ""
    response_headers: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Someone:
    user_id: str = "user-1"


def sample_schema() -> GraphQLSchema:
    schema = build_schema(SDL)
    for type_name, resolvers in _RESOLVERS.items():
        fields = schema.type_map[type_name].fields  # type: ignore[attr-defined]
        for name, resolve in resolvers.items():
            fields[name].resolve = resolve
    return schema


def sample_app(**overrides: Any) -> Starlette:
    execution = overrides.pop("execution", {})
    options = {
        "execution": Execution(
            sample_schema(),
            credential_fields={"Mutation.signUp", "Mutation.login"},
            **{"timeout_seconds": 5, **execution},
        ),
        "authenticate": authenticate,
        "make_context": make_context,
        "readiness": Readiness(_answers),
        "open_fields": {"Mutation.signUp"},
        "introspection": execution.get("introspection", True),
    }
    return build_app(**{**options, **overrides})


async def make_context(identity: Any, headers: Mapping[str, str], request_id: str, client_ip: str) -> Context:
    return Context(request_id, identity, client_ip=client_ip)


async def authenticate(headers: Mapping[str, str]) -> Someone | None:
    match headers.get("x-api-key"):
        case "good":
            return Someone()
        case "down":
            raise Unavailable("The table does not answer; try again.")
        case "expired":
            raise Unauthenticated("Token has expired.")
        case "broken":
            raise RuntimeError("secret /srv/path")
    return None


async def _answers() -> None:
    return None


async def _refuse(_source: Any, _info: Any, how: str) -> None:
    refusal: Refusal = REFUSALS[how]()
    raise refusal


async def _slow(_source: Any, info: Any) -> None:
    info.context.started.set()
    try:
        await asyncio.Event().wait()
    finally:
        info.context.cancelled += 1


def _boom(_source: Any, _info: Any) -> None:
    raise RuntimeError("secret /srv/path")


def _echo(_source: Any, _info: Any, value: Any = None) -> str:
    return str(value)


def _number(_source: Any, _info: Any) -> str:
    return "not a number, but a secret"


def _items(_source: Any, _info: Any, **page: Any) -> list[Mapping[str, Any]]:
    return [{"key": "k"}] * min(page.get("limit") or 1, 5)


def _warn(_source: Any, info: Any) -> str:
    refusal = BadRequest("Beside the value.")
    error = GraphQLError(refusal.message, info.field_nodes, path=info.path.as_list(), original_error=refusal)
    info.context.appended.append(error)
    return "value"


def _whence(_source: Any, info: Any) -> str:
    """Twice, as two cookies are sent."""
    info.context.response_headers += [("X-Whence", "1"), ("X-Whence", "2")]
    return str(info.context.client_ip)


def _login(_source: Any, _info: Any, password: str) -> str:
    raise GraphQLError("secret " + password)


_RESOLVERS = {
    "Query": {
        "hello": lambda _source, _info, name: f"Hello, {name}!",
        "echo": _echo,
        "paint": lambda _source, _info, colour: colour,
        "count": lambda _source, _info, of: of,
        "item": lambda _source, _info: {"key": "k", "value": "v"},
        "items": _items,
        "boom": _boom,
        "nothing": lambda _source, _info: None,
        "refuse": _refuse,
        "slow": _slow,
        "number": _number,
        "warn": _warn,
        "whence": _whence,
        "who": lambda _source, info: getattr(info.context.identity, "user_id", None),
    },
    "Item": {"items": _items},
    "Mutation": {
        "signUp": lambda _source, _info, **arguments: arguments["input"]["email"],
        "login": _login,
        "put": lambda _source, _info, key: {"key": key},
    },
}
