"""What the scalars that are a checked string have in common."""

from collections.abc import Callable
from functools import partial
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from datastore.json_text import quoted


def text_scalar(name: str, *, description: str, check: Callable[[str], None]) -> ScalarDefinition:
    """A scalar whose Python value is the text as given; `check` raises ValueError with the reason."""
    definition: ScalarDefinition = strawberry.scalar(
        name=name,
        description=description,
        parse_value=partial(_parse, name, check),
        serialize=partial(_serialize, name, check),
    )
    return definition


def _parse(name: str, check: Callable[[str], None], value: Any) -> str:
    if not isinstance(value, str):
        raise GraphQLError(f"{name} takes a string, not {value!r:.50}.")
    try:
        check(value)
    except ValueError as error:
        raise GraphQLError(f"{quoted(value)} is not an {name}: {error}") from error
    return value


def _serialize(name: str, check: Callable[[str], None], value: Any) -> str:
    try:
        return _parse(name, check, value)
    except GraphQLError as error:
        raise GraphQLError(f"Unable to serialize `{value!s:.50}` as a valid {name}. {error.message}") from error
