"""An operation that is one call of one resolver: most are, and they need no executor unless something goes wrong."""

from dataclasses import dataclass
from typing import Any, Final, NoReturn

from graphql import ExecutionResult, GraphQLResolveInfo, GraphQLSchema
from graphql.execution.values import VariableValues
from graphql.pyutils import Path, is_awaitable
from graphql.type.definition import GraphQLResolveInfoHelpers

from schema.compiled.plan import Plan


@dataclass(frozen=True)
class Outcome:
    """What the resolver came to, for the executor to complete or to report."""

    value: Any = None
    failure: Exception | None = None

    async def again(self) -> Any:
        if self.failure is not None:
            raise self.failure
        return self.value


async def call_only_field(
    plan: Plan, schema: GraphQLSchema, variables: VariableValues, arguments: dict[str, Any], *, context: Any
) -> ExecutionResult | Outcome:
    """The whole answer, or the outcome of the call where the answer takes an executor."""
    assert plan.only  # noqa: S101
    key, field = plan.only
    assert field.coroutine and field.complete  # noqa: S101, PT018
    path = Path(None, key, plan.root_type.name)
    info: GraphQLResolveInfo[Any] = GraphQLResolveInfo(
        field.name,
        field.nodes,
        field.return_type,
        plan.root_type,
        path,
        schema,
        plan.fragment_definitions,
        None,
        plan.operation,
        variables,
        context,
        is_awaitable,
        None,
        _NO_HELPERS,
    )
    try:
        value = await field.coroutine(None, info, **arguments)
    except Exception as failure:
        return Outcome(failure=failure)
    try:
        return ExecutionResult({key: field.complete(value)})
    except Exception:  # as the executor will find out once more
        return Outcome(value)


def _unserved(*_: Any) -> NoReturn:
    raise NotImplementedError("graphql-core's helpers belong to an executor, which a single call has none of")


_NO_HELPERS: Final = GraphQLResolveInfoHelpers(gather=_unserved, track=_unserved)
