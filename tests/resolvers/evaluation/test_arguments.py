"""Arguments as clients send them, made into what requests take."""

from dataclasses import is_dataclass
from decimal import Decimal
from types import UnionType
from typing import Any, get_args, get_origin

import pytest
from graphql import GraphQLInputObjectType, GraphQLSchema, get_named_type

from datastore.entities.user import Plan
from datastore.exact_numbers import ExactFloat
from datastore.grants import NamespaceRole
from datastore.native_values import NULL
from resolvers.evaluation.arguments import places, read_arguments, read_value
from resolvers.evaluation.naming import BadContext, camel
from resolvers.inputs import CheckKey, DeleteKey, IncrementKey, KeyWrite, PutKey
from resolvers.paging import Paging
from resolvers.registry import FIELDS
from schema.build import build_schema, executable

PUT = {"namespace": "shop", "key": "k"}


@pytest.fixture(scope="module")
def graphql_schema() -> GraphQLSchema:
    return executable(build_schema())


@pytest.mark.parametrize("path", FIELDS)
def test_they_are_spelled_as_in_the_schema(path: str, graphql_schema: GraphQLSchema) -> None:
    parent, _, name = path.partition(".")
    arguments = graphql_schema.type_map[parent].fields[name].args  # type: ignore[attr-defined]
    ours = places(path)
    whole = {place.partition(".")[0] for place in ours}
    assert whole == arguments.keys()
    for place, hint in ours.items():
        first, _, rest = place.partition(".")
        kind = get_named_type(arguments[first].type)
        if rest:
            assert isinstance(kind, GraphQLInputObjectType)
            assert rest in kind.fields
        elif isinstance(kind, GraphQLInputObjectType):
            _assert_same(_dataclass(hint), kind)


def _assert_same(kind: Any, graphql_input: GraphQLInputObjectType) -> None:
    assert {camel(name) for name in kind.__dataclass_fields__} == graphql_input.fields.keys()
    for name, each in graphql_input.fields.items():
        nested = get_named_type(each.type)
        if isinstance(nested, GraphQLInputObjectType):
            (field,) = [f for f in kind.__dataclass_fields__.values() if camel(f.name) == name]
            _assert_same(_dataclass(field.type), nested)


def _dataclass(hint: Any) -> Any:
    found = [each for each in (hint, *get_args(hint)) if is_dataclass(each)]
    assert found or get_origin(hint) is UnionType
    return found[0]


@pytest.mark.parametrize(
    ("path", "given", "taken"),
    [
        ("Query.me", {}, {}),
        (
            "Query.key",
            {"namespace": "shop", "key": "k"},
            {"namespace": "shop", "key": "k", "consistent": False},
        ),
        ("Query.namespace", {"id": "shop"}, {"namespace": "shop"}),
        (
            "Query.users",
            {"plan": "PRO", "limit": 5},
            {"paging": Paging(limit=5), "plan": Plan.PRO}
            | dict.fromkeys(("email_domain", "status", "created_from", "created_to")),
        ),
        (
            "User.auditEvents",
            {"from": "2026-01-01T00:00Z"},
            {"paging": Paging(), "since": "2026-01-01T00:00Z", "until": None},
        ),
        ("Query.namespaces", {"limit": 5}, {"paging": Paging(limit=5)}),
        ("User.apiKeys", {"after": "t"}, {"paging": Paging(after="t")}),
        ("Mutation.putKey", {"input": PUT | {"value": "1"}}, {"put": PutKey("shop", "k", 1)}),
        (
            "Mutation.putKey",
            {"input": PUT | {"value": {"a": [1]}, "ifVersion": 0, "expiresIn": 9, "ttl": None}},
            {"put": PutKey("shop", "k", {"a": [1]}, if_version=0, expires_in=9)},
        ),
        (
            "Mutation.incrementKey",
            {"input": PUT | {"by": ExactFloat("0.1")}},
            {"increment": IncrementKey("shop", "k", Decimal("0.1"))},
        ),
        ("Mutation.batchPutKeys", {"input": [PUT | {"value": True}]}, {"puts": [PutKey("shop", "k", True)]}),
        (
            "Mutation.transactKeys",
            {"writes": [{"delete": PUT}, {"check": PUT | {"ifVersion": 2}}]},
            {
                "writes": [KeyWrite(delete=DeleteKey("shop", "k")), KeyWrite(check=CheckKey("shop", "k", 2))],
                "idempotency_key": None,
            },
        ),
        (
            "Mutation.createApiKey",
            {"input": {"name": "ci", "scopes": ["read"]}},
            {"name": "ci", "scopes": ["read"], "expires_in": None},
        ),
        ("Mutation.touchKey", PUT | {"expiresIn": 60}, PUT | {"expires_in": 60}),
        (
            "Mutation.shareNamespace",
            {"id": "shop", "email": "bob@example.com", "role": "VIEWER"},
            {"namespace": "shop", "email": "bob@example.com", "role": NamespaceRole.VIEWER},
        ),
    ],
)
def test_they_are_read_as_the_schema_reads_them(path: str, given: Any, taken: Any) -> None:
    assert read_arguments(path, given) == taken


def test_a_string_of_json_null_is_a_null_that_is_there() -> None:
    assert read_value(Any, "null", "value") is NULL


@pytest.mark.parametrize(
    ("path", "given", "message"),
    [
        ("Query.key", {"namespace": "s", "kee": "k"}, "Query.key has no argument kee; its arguments are: consistent"),
        ("Query.me", {"id": "x"}, "its arguments are: none"),
        ("Query.key", {"namespace": "shop"}, "Query.key needs the argument key"),
        ("Query.key", {"namespace": "shop", "key": 5}, "arguments.key must be a string, not a number"),
        ("Query.key", {"namespace": "shop", "key": "k", "consistent": 1}, "must be true or false, not a number"),
        ("Query.keys", {"namespace": "shop", "limit": "5"}, "arguments.limit must be a whole number, not a string"),
        ("Query.keys", {"namespace": "shop", "limit": True}, "a whole number, not a boolean"),
        ("Query.keysByName", {"namespace": "shop", "keys": "k"}, "arguments.keys must be a list, not a string"),
        ("Query.keysByName", {"namespace": "shop", "keys": [None]}, r"arguments.keys\[0\] must be a string, not null"),
        ("Mutation.putKey", {}, "Mutation.putKey needs the argument input"),
        ("Mutation.putKey", {"input": []}, "arguments.input must be an object, not a list"),
        ("Mutation.putKey", {"input": PUT}, "arguments.input needs value"),
        ("Mutation.putKey", {"input": PUT | {"value": "{"}}, "arguments.input.value is a string that does not hold"),
        ("Mutation.putKey", {"input": PUT | {"value": None}}, 'must be a JSON value, or "null", not null'),
        ("Mutation.putKey", {"input": PUT | {"value": 1, "vers": 1}}, "arguments.input has no vers; it may have"),
        ("Query.users", {"plan": "PROO"}, "no value for plan 'PROO'. Near it: PRO"),
        ("Query.users", {"status": 1}, "arguments.status must be a string, not a number"),
        ("Mutation.signUp", {"input": "x"}, "arguments.input must be an object, not a string"),
        ("Mutation.signUp", {"input": {"email": "a@b.c"}}, "needs the argument input.password"),
        ("Mutation.signUp", {"input": {"mail": "a@b.c"}}, "has no argument input.mail"),
    ],
)
def test_what_does_not_fit_is_named(path: str, given: Any, message: str) -> None:
    with pytest.raises(BadContext, match=message):
        read_arguments(path, given)
