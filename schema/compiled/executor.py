"""Executes a plan: graphql-core's executor, which takes the plan's short cuts where there are any."""

from collections.abc import Awaitable
from contextlib import suppress
from typing import Any, Final, Self, cast

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import CollectedFields, FieldDetails
from graphql.execution.executor import CollectedErrors, default_field_resolver, default_type_resolver
from graphql.execution.values import VariableValues
from graphql.pyutils import Path, RefMap, is_awaitable
from graphql.type.definition import GraphQLResolveInfoHelpers

from schema.compiled.only_field import Outcome
from schema.compiled.plan import Plan, PlannedField

# What a short cut raises, graphql-core meets again on its own way, and reports. It has no state: one serves all.
_MET_AGAIN: Final = suppress(Exception)


async def execute_plan(plan: Plan, executor: "PlanExecutor") -> ExecutionResult:
    data: Any
    try:
        data = executor.execute_root_grouped_field_set(plan.root_type, None, plan.selection, plan.is_serial, None)
        if is_awaitable(data):
            data = await data
    except GraphQLError as error:
        executor.collected_errors.add(error, None)
        data = None
    return ExecutionResult(data, executor.collected_errors.errors or None)


class PlanExecutor(Executor[None]):
    """What it overrides does the same with less; all that concerns errors, nulls and waiting is graphql-core's."""

    outcome: Outcome | None = None

    @property
    def async_helpers(self) -> GraphQLResolveInfoHelpers:  # kept, they would make a cycle of it
        return GraphQLResolveInfoHelpers(self.gather_async_work, self.track_async_work)

    @async_helpers.setter
    def async_helpers(self, helpers: GraphQLResolveInfoHelpers) -> None:
        """They are made when they are asked for."""

    @classmethod
    def blank(cls, plan: Plan, schema: GraphQLSchema, *, hide_suggestions: bool) -> Self:
        return cls(
            schema,
            plan.fragment_definitions,
            plan.fragments,
            None,
            None,
            plan.operation,
            VariableValues({}, {}),
            default_field_resolver,
            default_type_resolver,
            default_field_resolver,
            hide_suggestions=hide_suggestions,
        )

    def for_request(self, variables: VariableValues, context: Any, outcome: Outcome | None) -> Self:
        """As new: with all that graphql-core's constructor makes anew. `outcome`: what the only resolver came to."""
        executor = object.__new__(type(self))
        executor.__dict__ |= self.__dict__
        executor.variable_values = variables
        executor.context_value = context
        executor.outcome = outcome
        executor.collected_errors = CollectedErrors()
        executor.pending_incremental_futures = set()
        executor.background_futures = set()
        executor._relevant_sub_fields = {}
        executor._stream_usages = RefMap()
        return executor

    def collect_subfields(
        self, return_type: GraphQLObjectType, field_details_list: list[FieldDetails]
    ) -> CollectedFields:
        return cast(CollectedFields, cast(PlannedField, field_details_list).subfields)

    def get_stream_usage(self, field_details_list: list[FieldDetails], path: Path) -> None:
        """Operations with directives other than @skip and @include are not planned."""

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: list[FieldDetails],
        path: Path,
        position_context: None,
    ) -> Awaitable[Any] | Any:
        field = cast(PlannedField, field_details_list)
        if field.plain:
            with _MET_AGAIN:
                return field.plain.from_source(source)
        elif field.coroutine and (arguments := field.arguments(self.variable_values)) is not None:
            info = self.build_resolve_info(field.definition, field.nodes, parent_type, path)
            result = self.outcome.again() if self.outcome else field.coroutine(source, info, **arguments)
            return self.complete_awaitable_value(field.return_type, field, info, path, result, None)
        return super().execute_field(parent_type, source, field_details_list, path, position_context)

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: list[FieldDetails],
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: None,
    ) -> Awaitable[Any] | Any:
        field = cast(PlannedField, field_details_list)
        if field.complete and return_type is field.return_type:
            with _MET_AGAIN:
                return field.complete(result)
        return super().complete_value(return_type, field_details_list, info, path, result, position_context)
