"""One operation of a document that is remembered: its plans, and whether it can have any."""

from collections.abc import Mapping
from typing import Any, Final

from graphql import DocumentNode, ExecutionResult, GraphQLSchema, OperationDefinitionNode
from graphql.execution.values import VariableValues

from schema.compiled.executor import PlanExecutor, execute_plan
from schema.compiled.only_field import Outcome, call_only_field
from schema.compiled.plan import NotPlanned, Plan
from schema.compiled.planning import Planner, condition_variables
from schema.compiled.variables import VariableReader

# Each condition doubles the plans that there may be; past this many, requests go to graphql-core.
_MOST_PLANS: Final = 8


class CompiledOperation:
    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        *,
        hide_suggestions: bool,
    ) -> None:
        """Of a valid document. Raises NotPlanned."""
        self._schema = schema
        self._hide_suggestions = hide_suggestions
        defined = {each.variable.name.value for each in operation.variable_definitions or ()}
        self._conditions = tuple(name for name in condition_variables(document) if name in defined)
        self._variables = VariableReader(schema, operation)
        self._planner = Planner(schema, document, operation, hide_suggestions=hide_suggestions)
        self._plans: dict[tuple[Any, ...], tuple[Plan, PlanExecutor] | None] = {}

    async def execute(self, variables: Mapping[str, Any], context: Any) -> ExecutionResult | None:
        """None where graphql-core has to execute it: nothing has happened then.

        A context that has asks_once() is told where no two fields will ask the table at one time.
        """
        coerced = self._variables.read(variables)
        planned = self._plan(coerced) if coerced else None
        if coerced is None or planned is None:
            return None
        plan, blank = planned
        outcome: Outcome | None = None
        if plan.only and not plan.is_serial and (asks_once := getattr(context, "asks_once", None)):
            asks_once()
        if plan.only and (arguments := plan.only.field.arguments(coerced)) is not None:
            result = await call_only_field(plan, plan.only, self._schema, coerced, arguments, context)
            if isinstance(result, ExecutionResult):
                return result
            outcome = result
        return await execute_plan(plan, blank.for_request(coerced, context, outcome))

    def _plan(self, variables: VariableValues) -> tuple[Plan, PlanExecutor] | None:
        answers = tuple(variables.coerced.get(name) for name in self._conditions)
        if answers in self._plans:
            return self._plans[answers]
        if len(self._plans) == _MOST_PLANS or not all(isinstance(answer, bool) for answer in answers):
            return None
        try:
            plan = self._planner.plan(variables)
        except NotPlanned:
            planned = None
        else:
            planned = plan, PlanExecutor.blank(plan, self._schema, hide_suggestions=self._hide_suggestions)
        return self._plans.setdefault(answers, planned)
