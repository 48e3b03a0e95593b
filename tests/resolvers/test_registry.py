"""The registry and the schema are about the same fields, and the schema calls the resolvers that the registry names."""

import ast
import re
from collections.abc import Iterator

import pytest
from graphql import GraphQLObjectType, GraphQLSchema

from resolvers.access import Who
from resolvers.registry import CREDENTIAL_FIELDS, FIELDS, OPEN_FIELDS
from schema.build import build_schema, executable
from tests.source_tree import Module, modules

RESOLVING = {"resolve", "resolve_under"}


@pytest.fixture(scope="module")
def graphql_schema() -> GraphQLSchema:
    return executable(build_schema())


def _calls() -> dict[str, tuple[str, str]]:
    """Field -> how the schema resolves it, and the resolver's module: as it is written there."""
    return {path: called for module in modules("schema") for path, called in _calls_of(module)}


def _calls_of(module: Module) -> Iterator[tuple[str, tuple[str, str]]]:
    names = dict(_imported_modules(module))
    for kind in (node for node in module.walk() if isinstance(node, ast.ClassDef)):
        for method in (node for node in kind.body if isinstance(node, ast.AsyncFunctionDef)):
            for call in (node for node in ast.walk(method) if isinstance(node, ast.Call)):
                if isinstance(call.func, ast.Name) and call.func.id in RESOLVING:
                    yield f"{kind.name}.{_camel(method.name)}", (call.func.id, names[_resolver(call)])


def _imported_modules(module: Module) -> Iterator[tuple[str, str]]:
    for node in module.walk():
        if isinstance(node, ast.ImportFrom):
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)


def _resolver(call: ast.Call) -> str:
    """`resolve(resolver, …)`, `resolve_under(source, resolver, …)`."""
    (name,) = [each.id for each in call.args if isinstance(each, ast.Name) and each.id.endswith("_resolver")]
    return name


def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


def test_the_schema_calls_the_resolver_that_the_registry_names() -> None:
    assert {path: module for path, (_, module) in _calls().items()} == {
        path: field.resolver.__name__ for path, field in FIELDS.items()
    }


def test_root_fields_resolve_and_fields_of_objects_resolve_under_them() -> None:
    roots = {path for path, (how, _) in _calls().items() if how == "resolve"}
    assert roots == {path for path in FIELDS if path.startswith(("Query.", "Mutation."))}


def test_every_registered_field_is_in_the_schema(graphql_schema: GraphQLSchema) -> None:
    assert FIELDS.keys() <= set(_fields(graphql_schema))


def test_every_root_field_has_a_resolver(graphql_schema: GraphQLSchema) -> None:
    roots = {path for path in _fields(graphql_schema) if path.startswith(("Query.", "Mutation."))}
    assert roots <= FIELDS.keys()


def test_every_field_that_takes_arguments_has_a_resolver(graphql_schema: GraphQLSchema) -> None:
    assert {path for path, takes in _fields(graphql_schema).items() if takes} <= FIELDS.keys()


def test_only_signing_up_and_in_is_open_to_all() -> None:
    assert {
        "Mutation.signUp",
        "Mutation.login",
        "Mutation.startOidcLogin",
        "Mutation.completeOidcLogin",
    } == OPEN_FIELDS
    assert FIELDS.keys() >= CREDENTIAL_FIELDS


def test_no_mutation_of_keys_is_for_viewers() -> None:
    rules = {path: field.rule.who for path, field in FIELDS.items() if path.startswith("Mutation.") and "Key" in path}
    assert {path for path, who in rules.items() if who is Who.VIEWER} == set()


def _fields(schema: GraphQLSchema) -> dict[str, bool]:
    """Field -> whether it takes arguments."""
    return {
        f"{name}.{field}": bool(each.args)
        for name, kind in schema.type_map.items()
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__")
        for field, each in kind.fields.items()
    }
