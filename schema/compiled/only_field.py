"""An operation that is one call of one resolver: most are, and they need no executor unless something goes wrong."""

from types import TracebackType
from typing import Any, Final, NoReturn

from graphql import ExecutionResult, GraphQLResolveInfo, GraphQLSchema
from graphql.execution.values import VariableValues
from graphql.pyutils import is_awaitable
from graphql.type.definition import GraphQLResolveInfoHelpers

from schema.compiled.plan import OnlyField, Plan


class Outcome:
    """What the resolver came to, for an executor to complete or to report as if it had called it.

    Around the call it suppresses each Exception, and keeps it where it was the resolver's.
    """

    __slots__ = ("_is_known", "failure", "value")

    def __init__(self) -> None:
        self.value: Any = None
        self.failure: BaseException | None = None
        self._is_known = False

    def came_to(self, value: Any) -> Any:
        self.value, self._is_known = value, True
        return value

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        if not self._is_known:
            self.failure = failure
        return isinstance(failure, Exception)

    async def again(self) -> Any:
        if self.failure is not None:
            raise self.failure
        return self.value


async def call_only_field(
    plan: Plan,
    only: OnlyField,
    schema: GraphQLSchema,
    variables: VariableValues,
    arguments: dict[str, Any],
    context: Any,
) -> ExecutionResult | Outcome:
    """The whole answer, or the outcome of the call where the answer takes an executor."""
    info: GraphQLResolveInfo[Any] = GraphQLResolveInfo(
        only.field.name,
        only.field.nodes,
        only.field.return_type,
        plan.root_type,
        only.path,
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
    outcome = Outcome()
    with outcome:
        value = outcome.came_to(await only.coroutine(None, info, **arguments))
        return ExecutionResult({only.key: only.complete(value)})
    return outcome


def _unserved(*_: Any) -> NoReturn:
    raise NotImplementedError("graphql-core's helpers belong to an executor, which a single call does without")


_NO_HELPERS: Final = GraphQLResolveInfoHelpers(gather=_unserved, track=_unserved)
