"""Namespaces: fields, and what a tenant has of them."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from tests.api import Api
from tests.schema.isolation.row import PAGE, Row, row

# $mine is a namespace of the caller's own, whoever calls.
VARIABLES = {"ns": "ID!", "mine": "ID!"}


async def make(caller: Api, objects: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"ns": await caller.namespace()}


def nobodys() -> Mapping[str, Any]:
    return {"ns": f"ns-{uuid4().hex[:12]}"}


ROWS: Mapping[str, Row] = {
    "Query.namespaces": row(
        f"query {{ namespaces(limit: 1, nextToken: $cursor) {PAGE} }}",
        f"query {{ namespaces(first: 1, after: $cursor) {PAGE} }}",
        names="nextToken after",
    ),
    "Query.namespace": row("query { namespace(id: $ns) { id status ownerId description } }", names="id"),
    "User.namespaces": row(
        f"query {{ user(userId: $user) {{ namespaces(limit: 1, nextToken: $cursor) {PAGE} }} }}",
        f"query {{ me {{ namespaces(limit: 1, nextToken: $cursor) {PAGE} }} }}",
        f"query {{ me {{ namespaces(first: 1, after: $cursor) {PAGE} }} }}",
        names="nextToken after",
    ),
    "Namespace.members": row(
        f"query {{ namespace(id: $ns) {{ members(limit: 1, nextToken: $cursor) {PAGE} }} }}",
        f"query {{ namespace(id: $mine) {{ members(limit: 1, nextToken: $cursor) {PAGE} }} }}",
        f"query {{ namespace(id: $mine) {{ members(first: 1, after: $cursor) {PAGE} }} }}",
        names="nextToken after",
    ),
    "Mutation.createNamespace": row(
        'mutation { createNamespace(input: {id: $ns, description: "d"}) { id } }',
        claims="input.id",
        plain="input.description",
    ),
    "Mutation.updateNamespace": row(
        'mutation { updateNamespace(input: {id: $ns, description: "d"}) { description } }',
        names="input.id",
        plain="input.description",
    ),
    "Mutation.deleteNamespace": row("mutation { deleteNamespace(id: $ns) { id status } }", names="id"),
}
