"""Builds the schema."""

from collections.abc import Iterable

import strawberry
from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
)
from strawberry.schema.config import StrawberryConfig

from schema.directives import DIRECTIVES
from schema.roots import Mutation, Query
from schema.scalars import SCALAR_TYPES, SCALARS


def build_schema() -> strawberry.Schema:
    """The whole schema. Making it takes some tenths of a second: do it once."""
    config = StrawberryConfig(scalar_map=SCALARS)
    schema = strawberry.Schema(query=Query, mutation=Mutation, types=[*DIRECTIVES, *SCALAR_TYPES], config=config)
    _leave_out_null_defaults(executable(schema))
    return schema


def executable(schema: strawberry.Schema) -> GraphQLSchema:
    """graphql-core's own schema, which we execute ourselves: Strawberry has no public name for it."""
    return schema._schema


def _leave_out_null_defaults(schema: GraphQLSchema) -> None:
    """Strawberry declares a Python default of None as `= null`; the contract leaves such arguments without one."""
    for each in schema.type_map.values():
        if isinstance(each, GraphQLInputObjectType):
            _clear(each.fields.values())
        elif isinstance(each, GraphQLObjectType) and not each.name.startswith("__"):
            for field in each.fields.values():
                _clear(field.args.values())


def _clear(values: Iterable[GraphQLArgument | GraphQLInputField]) -> None:
    for value in values:
        if value.default_value is None:
            value.default_value = Undefined
