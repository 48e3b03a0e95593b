"""Executes a plan: graphql-core's executor, which takes the plan's short cuts where there are any."""

from collections.abc import Awaitable
from contextlib import suppress
from typing import Any, cast

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
from graphql.execution.executor import default_field_resolver, default_type_resolver
from graphql.execution.values import VariableValues
from graphql.pyutils import Path, is_awaitable

from schema.compiled.only_field import Outcome
from schema.compiled.plan import Plan, PlannedField


async def execute_plan(
    plan: Plan,
    schema: GraphQLSchema,
    variables: VariableValues,
    *,
    context: Any,
    hide_suggestions: bool,
    outcome: Outcome | None = None,
) -> ExecutionResult:
    """`outcome`: what the only root field's resolver has come to, which is not called again."""
    executor = _PlanExecutor(
        schema,
        plan.fragment_definitions,
        plan.fragments,
        None,
        context,
        plan.operation,
        variables,
        default_field_resolver,
        default_type_resolver,
        default_field_resolver,
        hide_suggestions=hide_suggestions,
    )
    executor.outcome = outcome
    try:
        data = executor.execute_root_grouped_field_set(plan.root_type, None, plan.selection, plan.is_serial, None)
        if is_awaitable(data):
            data = await data
    except GraphQLError as error:
        executor.collected_errors.add(error, None)
        data = None
    return ExecutionResult(cast("dict[str, Any] | None", data), executor.collected_errors.errors or None)


class _PlanExecutor(Executor[None]):
    """What it overrides does the same with less; all that concerns errors, nulls and waiting is graphql-core's."""

    outcome: Outcome | None = None

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
            with suppress(Exception):  # graphql-core meets it again below, and reports it
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
            with suppress(Exception):  # graphql-core meets it again below, and reports it
                return field.complete(result)
        return super().complete_value(return_type, field_details_list, info, path, result, position_context)
