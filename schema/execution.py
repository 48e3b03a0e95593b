"""Runs prepared GraphQL operations against a schema and presents what came of them; knows nothing of HTTP."""

from collections.abc import Collection, Mapping
from inspect import isawaitable
from typing import Any, NamedTuple

from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema, execute

from datastore.errors import Refusal, ResolverError
from schema.document_limits import DocumentLimits, Limits
from schema.document_size import fragments_of, paged_fields
from schema.error_presentation import BAD_USER_INPUT, VALIDATION_FAILED, Presenter
from schema.preparation import MAX_ERRORS, Mode, Preparation, Prepared, check_coordinates
from schema.time_limit import TimeLimit


class Outcome(NamedTuple):
    """The response, and whether execution began; where it did not, `data` is null."""

    body: Mapping[str, Any]
    began: bool

    @property
    def codes(self) -> tuple[str, ...]:
        errors = self.body.get("errors")
        return tuple(error["extensions"]["code"] for error in errors) if errors else ()


class Timeout(Refusal):
    """Named as AppSync names it; what was written before the limit stays written."""

    type = "ExecutionTimeout"


class Execution:
    """Runs operations on one schema. Safe for many at once on one event loop."""

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        limits: Limits | None = None,
        timeout_seconds: float = 10,
        introspection: bool = True,
        credential_fields: Collection[str] = (),
        mode: Mode = "compiled",
    ) -> None:
        """`credential_fields`, such as Mutation.signUp, take a credential: one of them an operation, by itself.

        The answers are the same in each `mode`.
        """
        check_coordinates(credential_fields, schema)
        within = DocumentLimits(limits or Limits(), paged_fields(schema), credential_fields)
        self._schema = schema
        self._preparation = Preparation(schema, within, introspection=introspection, mode=mode)
        self._limit = TimeLimit(timeout_seconds)
        self._hide_suggestions = not introspection

    def prepare(
        self, text: str, *, operation_name: str | None, variables: Mapping[str, Any], owner: str | None = None
    ) -> Prepared:
        """Never raises: what is wrong with the document is among the errors. `owner` is for whom it is remembered."""
        return self._preparation.prepare(text, operation_name=operation_name, variables=variables, owner=owner)

    async def run(self, prepared: Prepared, *, context: Any, request_id: str) -> Outcome:
        """The answer; `context` is what resolvers see, and may have errors `appended` beside the values.

        Past the time limit, what still runs is cancelled.
        """
        if prepared.errors or prepared.document is None or prepared.operation is None:
            return self.refuse(prepared, request_id=request_id)
        if prepared.operation.type == "subscription":
            return self.refuse(_served_elsewhere(prepared), request_id=request_id)
        try:
            result = await self._limit.within(self._execute(prepared.document, prepared, context))
        except TimeoutError:
            late = Timeout(f"The operation took longer than {self._limit.seconds:g} seconds and was stopped.")
            result = ExecutionResult(None, [GraphQLError(late.message, original_error=late)])
            return _outcome(result, Presenter(request_id, {}), BAD_USER_INPUT, began=True)
        appended = getattr(context, "appended", ())
        if not result.errors and not appended:
            return Outcome({"data": result.data}, began=True)
        # Without a path it is about the variables, and no field was run.
        began = not any(error.path is None for error in result.errors or ())
        result.errors = [*(result.errors or ()), *appended]
        return _outcome(result, Presenter(request_id, fragments_of(prepared.document)), BAD_USER_INPUT, began=began)

    def refuse(self, prepared: Prepared, *, request_id: str) -> Outcome:
        result = ExecutionResult(None, list(prepared.errors))
        return _outcome(result, Presenter(request_id, {}), VALIDATION_FAILED, began=False)

    async def _execute(self, document: DocumentNode, prepared: Prepared, context: Any) -> ExecutionResult:
        if prepared.compiled and (planned := await prepared.compiled.execute(prepared.variables, context)):
            return planned
        result = execute(
            self._schema,
            document,
            context_value=context,
            variable_values=dict(prepared.variables),
            operation_name=prepared.operation_name,
            max_coercion_errors=MAX_ERRORS,
            hide_suggestions=self._hide_suggestions,
        )
        return await result if isawaitable(result) else result


def _served_elsewhere(prepared: Prepared) -> Prepared:
    refusal = ResolverError(
        "A subscription is not answered over HTTP; connect to the same path with a WebSocket.",
        "OperationNotSupported",
    )
    error = GraphQLError(refusal.message, original_error=refusal)
    return Prepared(prepared.operation, prepared.document, errors=(error,))


def _outcome(result: ExecutionResult, presenter: Presenter, otherwise: str, *, began: bool) -> Outcome:
    errors = [presenter.present(error, otherwise=otherwise) for error in result.errors or ()]
    return Outcome({"data": result.data, "errors": errors}, began)
