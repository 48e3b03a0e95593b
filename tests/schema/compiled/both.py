"""Runs a request through graphql-core and through its plan, and gives both answers as bytes."""

import asyncio
from collections.abc import Mapping
from inspect import isawaitable
from typing import Any

import orjson
import pytest
from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema, OperationDefinitionNode, execute

from schema.compiled.operation import CompiledOperation
from schema.compiled.plan import NotPlanned
from schema.preparation import MAX_ERRORS

# graphql-core itself leaves coroutines behind where a sibling makes their parent null. For all tests of a module, so
# that whichever is the last sees them end.
LEAVES_COROUTINES = [
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in. <coroutine:pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.usefixtures("leftovers"),
]


async def reference(
    schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any], context: Any, name: str | None = None
) -> bytes:
    result = execute(
        schema,
        document,
        context_value=context,
        variable_values=dict(variables),
        operation_name=name,
        max_coercion_errors=MAX_ERRORS,
    )
    return written(await result if isawaitable(result) else result)


async def compiled(
    schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any], context: Any, name: str | None = None
) -> bytes | None:
    """None where it is left to graphql-core."""
    try:
        operation = _compile(schema, document, name)
    except NotPlanned:
        return None
    result = await operation.execute(variables, context)
    return written(result) if result else None


def _compile(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> CompiledOperation:
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    node = next(each for each in operations if name is None or (each.name and each.name.value == name))
    return CompiledOperation(schema, document, node, hide_suggestions=False)


def written(result: ExecutionResult) -> bytes:
    """With all that an error says of itself, and what kind of exception was behind it."""
    errors = [{**error.formatted, "cause": _cause(error)} for error in result.errors or ()]
    return orjson.dumps({"data": result.data, "errors": errors}, default=str)


def _cause(error: GraphQLError) -> list[str]:
    causes = []
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError):
        causes.append(f"GraphQLError at {[node.loc and node.loc.start for node in cause.nodes or ()]}")
        cause = cause.original_error
    return [*causes, repr(cause)]


async def settled() -> None:
    """Waits until nothing of a request is left running."""
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)
