"""No tenant learns of another's objects: each field answers for them as for ones that do not exist.

ROWS (isolation/) has one row for each field that takes arguments, and for each root field; in it stands every
argument that could hold an id, a name or a cursor. A new field or argument without its place fails the first test.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_introspection_type,
)

from schema.build import build_schema, executable
from tests.api import Answer, Api
from tests.schema.isolation.subjects import ROWS, nobodys
from tests.schema.isolation.tenant import Tenant, ask, sign_up

AllItems = Callable[[], list[Mapping[str, Any]]]

TEXT_TYPES = {"String", "ID", "AWSEmail"}


@pytest.fixture
async def owner(api: Api) -> Tenant:
    return await sign_up(api, "alice@example.com")


@pytest.fixture
async def other(api: Api) -> Tenant:
    return await sign_up(api, "bob@example.com")


def cursor_in(data: Any) -> str | None:
    match data:
        case {"endCursor": str(cursor)}:
            return cursor
        case dict():
            return next(filter(None, map(cursor_in, data.values())), None)
    return None


def apart_from(names: Mapping[str, Any], answer: Answer) -> tuple[int, str]:
    text = json.dumps(answer.body, sort_keys=True)
    for name, value in names.items():
        text = text.replace(str(value), f"<{name}>") if value else text
    return answer.status, text


def test_every_field_and_every_text_argument_has_its_place_in_the_table() -> None:
    assert {path: set(row.arguments) for path, row in ROWS.items()} == dict(demanded(executable(build_schema())))


def test_every_name_is_used_by_a_document_of_its_row() -> None:
    """As a variable; `put` and the like are what the argument stands under."""
    for path, row in ROWS.items():
        for name in row.names | row.claims | row.finds:
            argument = name.rpartition(".")[2]
            assert any(re.search(rf"\b{argument}: \[?\$", document) for document in row.documents), (path, name)


@pytest.mark.parametrize("path", ROWS)
async def test_anonymous_callers_get_401_unless_the_field_is_open(api: Api, path: str) -> None:
    nobody = Tenant(api.as_caller(None), "ns-none", nobodys())
    for document in ROWS[path].documents:
        answer = await ask(nobody, document, nobodys())
        if ROWS[path].is_open:
            assert answer.status == 200
            assert ROWS[path].guarded or answer.data
        else:
            assert answer.status == 401
            assert answer.headers["x-amzn-errortype"] == "UnauthorizedException"
            assert answer.error["errorType"] == "UnauthorizedException"


@pytest.mark.parametrize("path", [path for path, row in ROWS.items() if row.names])
async def test_anothers_object_is_answered_like_one_that_does_not_exist(
    api: Api, owner: Tenant, other: Tenant, all_items: AllItems, path: str
) -> None:
    for document in ROWS[path].documents:
        seer = Tenant(api, "", {}) if ROWS[path].admin else owner
        cursor = cursor_in((await ask(seer, document, owner.objects)).data) if "$cursor" in document else None
        assert cursor or "$cursor" not in document
        owners = {**owner.objects, "cursor": cursor}
        before = owned(owner, all_items())
        answers = [apart_from(names, await ask(other, document, names)) for names in (owners, nobodys())]
        assert answers[0] == answers[1]
        assert owned(owner, all_items()) == before
        reached = await ask(seer, document, owners)
        refused_to_all = "ifVersion: 9" in document or "alices" in document
        assert refused_to_all or "errors" not in reached.body, "the document reaches nothing even for its owner"


@pytest.mark.parametrize("path", [path for path, row in ROWS.items() if row.claims])
async def test_a_name_that_all_share_is_answered_as_taken(owner: Tenant, other: Tenant, path: str) -> None:
    """The exceptions, stated: who wants a name must be told that it is taken; he learns nothing else of it."""
    assert path in ("Mutation.createNamespace", "Mutation.signUp", "Mutation.updateMe")
    (document,) = ROWS[path].documents
    assert (await ask(other, document, owner.objects)).error["errorType"] == "AlreadyExists"
    assert (await ask(other, document, nobodys())).data


@pytest.mark.parametrize("path", [path for path, row in ROWS.items() if row.finds])
async def test_an_address_finds_whoever_has_an_account_with_it(owner: Tenant, other: Tenant, path: str) -> None:
    """The last exception: who shares his own with somebody must be told whether there is such a person."""
    assert path == "Mutation.shareNamespace"
    (document,) = ROWS[path].documents
    own = {"ns": other.mine}
    assert (await ask(other, document, owner.objects | own)).data
    assert (await ask(other, document, nobodys() | own)).error["errorType"] == "NotFound"


def owned(tenant: Tenant, items: list[Mapping[str, Any]]) -> list[str]:
    mine = {f"USER#{tenant.api.user_id}", f"NS#{tenant.mine}", f"APIKEY#{tenant.objects['apiKeyId']}"}
    return sorted(json.dumps(item, sort_keys=True) for item in items if item["PK"]["S"] in mine)


def demanded(schema: GraphQLSchema) -> Iterator[tuple[str, set[str]]]:
    """Each field that takes arguments or stands at the root, and its arguments that are text."""
    roots = {schema.query_type, schema.mutation_type, schema.subscription_type}
    for each in schema.type_map.values():
        if isinstance(each, GraphQLObjectType) and not is_introspection_type(each):
            for name, field_ in each.fields.items():
                if field_.args or each in roots:
                    arguments = {name: argument.type for name, argument in field_.args.items()}
                    yield f"{each.name}.{name}", set(texts(arguments))


def texts(given: Mapping[str, GraphQLInputType], prefix: str = "") -> Iterator[str]:
    for name, kind in given.items():
        named = get_named_type(kind)
        if isinstance(named, GraphQLInputObjectType):
            yield from texts({name: each.type for name, each in named.fields.items()}, f"{prefix}{name}.")
        elif named.name in TEXT_TYPES:
            yield prefix + name
