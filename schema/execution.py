"""Runs GraphQL documents against a schema: parse, measure, validate, execute, present; knows nothing of HTTP."""

import asyncio
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    UniqueInputFieldNamesRule,
    ValuesOfCorrectTypeRule,
    execute,
    specified_rules,
    validate,
)

from datastore.errors import Refusal, ResolverError
from schema.document_limits import DocumentLimits, Limits
from schema.document_size import fragments_of, paged_fields, root_field_names
from schema.error_presentation import BAD_USER_INPUT, VALIDATION_FAILED, Presenter

# graphql-core adds one that says there were more: ten in all.
_MAX_ERRORS = 9
_CACHED_DOCUMENTS = 500
_LONGEST_CACHED = 10_000


@dataclass(frozen=True)
class Operation:
    """What an operation is before it runs; `root_fields` are coordinates such as Query.key."""

    type: str
    name: str | None
    root_fields: frozenset[str]


@dataclass(frozen=True)
class Prepared:
    """A document ready to run, unless it has errors; without an operation it could not even be read or chosen."""

    operation: Operation | None = None
    document: DocumentNode | None = None
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    errors: tuple[GraphQLError, ...] = ()

    @property
    def names_no_operation(self) -> bool:
        """The document was read, but which of its operations to run was not said."""
        return self.document is not None and self.operation is None


@dataclass(frozen=True)
class Outcome:
    """The response, and whether execution began; where it did not, `data` is null."""

    body: Mapping[str, Any]
    began: bool

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(error["extensions"]["code"] for error in self.body.get("errors", ()))


class Timeout(Refusal):
    """Named as AppSync names it; what was written before the limit stays written."""

    type = "ExecutionTimeout"


class _ValuesOfCorrectType(ValuesOfCorrectTypeRule):
    def report_error(self, error: GraphQLError) -> None:
        super().report_error(_as_bad_input(error))


class _UniqueInputFieldNames(UniqueInputFieldNamesRule):
    def report_error(self, error: GraphQLError) -> None:
        super().report_error(_as_bad_input(error))


_BAD_INPUT_RULES = {
    ValuesOfCorrectTypeRule: _ValuesOfCorrectType,
    UniqueInputFieldNamesRule: _UniqueInputFieldNames,
}


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
    ) -> None:
        """`credential_fields`, such as Mutation.signUp, take a credential: one of them an operation, by itself."""
        _check_coordinates(credential_fields, schema)
        self._schema = schema
        self._limits = DocumentLimits(limits or Limits(), paged_fields(schema), credential_fields)
        self._timeout_seconds = timeout_seconds
        self._hide_suggestions = not introspection
        rules = [_BAD_INPUT_RULES.get(rule, rule) for rule in specified_rules]
        self._rules = rules if introspection else [*rules, NoSchemaIntrospectionCustomRule]
        self._documents: OrderedDict[str, DocumentNode] = OrderedDict()

    def prepare(self, text: str, *, operation_name: str | None, variables: Mapping[str, Any]) -> Prepared:
        """Never raises: what is wrong with the document is among the errors."""
        document, operation = None, None
        try:
            document = self._documents.get(text) or self._limits.parse(text)
            operation = self._describe(_choose(document, operation_name), document)
            self._limits.check(document, variables)
            errors = self._validate(text, document)
        except GraphQLError as error:
            errors = [error]
        except Refusal as refusal:
            errors = [GraphQLError(refusal.message, original_error=refusal)]
        return Prepared(operation, document, operation_name, variables, tuple(errors))

    async def run(self, prepared: Prepared, *, context: Any, request_id: str) -> Outcome:
        """The answer; `context` is what resolvers see, and may have errors `appended` beside the values.

        Past the time limit, what still runs is cancelled.
        """
        if prepared.errors or prepared.document is None or prepared.operation is None:
            return self.refuse(prepared, request_id=request_id)
        if prepared.operation.type == "subscription":
            return self.refuse(_served_elsewhere(prepared), request_id=request_id)
        try:
            async with asyncio.timeout(self._timeout_seconds):
                result = await self._execute(prepared.document, prepared, context)
        except TimeoutError:
            late = Timeout(f"The operation took longer than {self._timeout_seconds:g} seconds and was stopped.")
            result = ExecutionResult(None, [GraphQLError(late.message, original_error=late)])
            return _outcome(result, Presenter(request_id, {}), BAD_USER_INPUT, began=True)
        presenter = Presenter(request_id, fragments_of(prepared.document))
        # Without a path it is about the variables, and no field was run.
        began = not any(error.path is None for error in result.errors or ())
        result.errors = [*(result.errors or ()), *getattr(context, "appended", ())]
        return _outcome(result, presenter, BAD_USER_INPUT, began=began)

    def refuse(self, prepared: Prepared, *, request_id: str) -> Outcome:
        result = ExecutionResult(None, list(prepared.errors))
        return _outcome(result, Presenter(request_id, {}), VALIDATION_FAILED, began=False)

    async def _execute(self, document: DocumentNode, prepared: Prepared, context: Any) -> ExecutionResult:
        result = execute(
            self._schema,
            document,
            context_value=context,
            variable_values=dict(prepared.variables),
            operation_name=prepared.operation_name,
            max_coercion_errors=_MAX_ERRORS,
            hide_suggestions=self._hide_suggestions,
        )
        return await result if isawaitable(result) else result

    def _validate(self, text: str, document: DocumentNode) -> list[GraphQLError]:
        if text in self._documents:
            self._documents.move_to_end(text)
            return []
        errors = validate(
            self._schema, document, self._rules, max_errors=_MAX_ERRORS, hide_suggestions=self._hide_suggestions
        )
        if not errors and len(text) <= _LONGEST_CACHED:
            self._documents[text] = document
            if len(self._documents) > _CACHED_DOCUMENTS:
                self._documents.popitem(last=False)
        return errors

    def _describe(self, node: OperationDefinitionNode, document: DocumentNode) -> Operation:
        root = self._schema.get_root_type(node.operation)
        root_type = root.name if root else node.operation.value.capitalize()
        names = frozenset(f"{root_type}.{each}" for each in root_field_names(node, fragments_of(document)))
        return Operation(node.operation.value, node.name.value if node.name else None, names)


def _check_coordinates(coordinates: Collection[str], schema: GraphQLSchema) -> None:
    """A misspelt one would leave its field open to guessing."""
    for type_name, _, name in (each.partition(".") for each in coordinates):
        if name not in getattr(schema.get_type(type_name), "fields", ()):
            raise ValueError(f"The schema has no field {type_name}.{name}.")


def _choose(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if name:
        operations = [each for each in operations if each.name and each.name.value == name]
    match operations:
        case [operation]:
            return operation
        case []:
            raise ResolverError("The document has no such operation.", "BadRequestException")
    raise ResolverError("Missing operation name.", "BadRequestException")


def _served_elsewhere(prepared: Prepared) -> Prepared:
    refusal = ResolverError(
        "A subscription is not answered over HTTP; connect to the same path with a WebSocket.",
        "OperationNotSupported",
    )
    error = GraphQLError(refusal.message, original_error=refusal)
    return Prepared(prepared.operation, prepared.document, errors=(error,))


def _as_bad_input(error: GraphQLError) -> GraphQLError:
    error.extensions = {**(error.extensions or {}), "code": BAD_USER_INPUT}
    return error


def _outcome(result: ExecutionResult, presenter: Presenter, otherwise: str, *, began: bool) -> Outcome:
    if not result.errors:
        return Outcome({"data": result.data}, began)
    errors = [presenter.present(error, otherwise=otherwise) for error in result.errors]
    return Outcome({"data": result.data, "errors": errors}, began)
