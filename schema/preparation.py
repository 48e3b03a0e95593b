"""From the text of a GraphQL document to an operation that may run: parse, measure, validate."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    UniqueInputFieldNamesRule,
    ValuesOfCorrectTypeRule,
    specified_rules,
    validate,
)

from datastore.errors import Refusal, ResolverError
from schema.compiled.operation import CompiledOperation
from schema.compiled.plan import NotPlanned
from schema.document_limits import DocumentLimits
from schema.document_size import fragments_of, root_field_names
from schema.error_presentation import BAD_USER_INPUT
from schema.fair_cache import FairCache

# graphql-core adds one that says there were more: ten in all.
MAX_ERRORS: Final = 9
# What is remembered takes some 150 bytes for each character of a document, and as much as 500 of them for any: so
# 40 MB at most, in 500 short documents or 24 long ones. And so many operations of each document.
_CACHED_CHARACTERS: Final = 250_000
_CHARACTERS_OF_ANY: Final = 500
_LONGEST_CACHED: Final = 10_000
_CACHED_OPERATIONS: Final = 20
# Whether documents that are remembered are executed by plans: once they are asked again, at once, or never.
Mode: TypeAlias = Literal["adaptive", "compiled", "reference"]


@dataclass(frozen=True)
class Operation:
    """What an operation is before it runs; `root_fields` are coordinates such as Query.key."""

    type: str
    name: str | None
    root_fields: frozenset[str]


class Prepared(NamedTuple):
    """A document ready to run, unless it has errors; without an operation it could not even be read or chosen."""

    operation: Operation | None = None
    document: DocumentNode | None = None
    operation_name: str | None = None
    variables: Mapping[str, Any] = MappingProxyType({})
    errors: tuple[GraphQLError, ...] = ()
    compiled: CompiledOperation | None = None

    @property
    def names_no_operation(self) -> bool:
        """The document was read, but which of its operations to run was not said."""
        return self.document is not None and self.operation is None


@dataclass(frozen=True)
class _Known:
    """A valid document. `always_fits`: within the limits whatever its variables are."""

    document: DocumentNode
    always_fits: bool
    operations: dict[str | None, tuple[Operation, CompiledOperation | None]] = field(default_factory=dict)


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


class Preparation:
    """Prepares documents for one schema, and remembers the valid ones by their text."""

    def __init__(
        self, schema: GraphQLSchema, limits: DocumentLimits, *, introspection: bool, mode: Mode = "compiled"
    ) -> None:
        self._schema = schema
        self._limits = limits
        self._hide_suggestions = not introspection
        self._mode = mode
        rules = [_BAD_INPUT_RULES.get(rule, rule) for rule in specified_rules]
        self._rules = rules if introspection else [*rules, NoSchemaIntrospectionCustomRule]
        self._known: FairCache[str, _Known] = FairCache(_CACHED_CHARACTERS)

    def prepare(
        self, text: str, *, operation_name: str | None, variables: Mapping[str, Any], owner: str | None = None
    ) -> Prepared:
        """Never raises: what is wrong with the document is among the errors."""
        document, operation, compiled = None, None, None
        errors: list[GraphQLError] = []
        try:
            known = self._known.get(text)
            if known is None:
                document = self._limits.parse(text)
                operation = self._describe(_choose(document, operation_name), document)
                self._limits.check(document, variables)
                errors, known = self._validate(text, document, owner)
                compiled = self._choose(known, operation_name)[1] if known and self._mode == "compiled" else None
            else:
                document = known.document
                operation, compiled = self._choose(known, operation_name)
                if not known.always_fits:
                    self._limits.check(document, variables)
        except GraphQLError as error:
            errors = [error]
        except Refusal as refusal:
            errors = [GraphQLError(refusal.message, original_error=refusal)]
        return Prepared(operation, document, operation_name, variables, tuple(errors), compiled)

    def _choose(self, known: _Known, name: str | None) -> tuple[Operation, CompiledOperation | None]:
        found = known.operations.get(name)
        if found is None:
            node = _choose(known.document, name)
            found = self._describe(node, known.document), self._compile(node, known.document)
            if len(known.operations) < _CACHED_OPERATIONS:
                known.operations[name] = found
        return found

    def _compile(self, node: OperationDefinitionNode, document: DocumentNode) -> CompiledOperation | None:
        if self._mode == "reference":
            return None
        try:
            return CompiledOperation(self._schema, document, node, hide_suggestions=self._hide_suggestions)
        except NotPlanned:
            return None

    def _validate(
        self, text: str, document: DocumentNode, owner: str | None
    ) -> tuple[list[GraphQLError], _Known | None]:
        """What is wrong with it, or the document as it is remembered from now on, unless it is too long."""
        errors = validate(
            self._schema, document, self._rules, max_errors=MAX_ERRORS, hide_suggestions=self._hide_suggestions
        )
        if errors or len(text) > _LONGEST_CACHED:
            return errors, None
        known = _Known(document, self._limits.always_fits(document))
        self._known.put(text, known, owner=owner, weight=len(text) + _CHARACTERS_OF_ANY)
        return [], known

    def _describe(self, node: OperationDefinitionNode, document: DocumentNode) -> Operation:
        root = self._schema.get_root_type(node.operation)
        root_type = root.name if root else node.operation.value.capitalize()
        names = frozenset(f"{root_type}.{each}" for each in root_field_names(node, fragments_of(document)))
        return Operation(node.operation.value, node.name.value if node.name else None, names)


def check_coordinates(coordinates: Collection[str], schema: GraphQLSchema) -> None:
    """Raises ValueError for one that names nothing: misspelt, it would leave its field open to guessing."""
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


def _as_bad_input(error: GraphQLError) -> GraphQLError:
    error.extensions = {**(error.extensions or {}), "code": BAD_USER_INPUT}
    return error
