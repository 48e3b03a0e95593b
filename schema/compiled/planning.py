"""Makes the plan of an operation, from what graphql-core collects of it."""

from collections.abc import Iterator
from typing import Any, Final

from graphql import (
    DirectiveNode,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    get_named_type,
    is_leaf_type,
    is_object_type,
)
from graphql.execution.collect_fields import (
    CollectedFields,
    FieldDetails,
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues
from graphql.pyutils import Path
from strawberry.types.base import StrawberryObjectDefinition

from schema.compiled.arguments import argument_reader
from schema.compiled.completion import completer
from schema.compiled.conversion import BACKREF
from schema.compiled.coroutines import coroutine_resolver
from schema.compiled.object_completion import StandIn, object_completer
from schema.compiled.plain_fields import plain_field
from schema.compiled.plan import Complete, NotPlanned, OnlyField, Plan, PlannedField

_CONDITIONS: Final = frozenset({"skip", "include"})
_INTROSPECTION: Final = frozenset({"__schema", "__type"})


def condition_variables(document: DocumentNode) -> tuple[str, ...]:
    """The variables on which it depends which fields are asked for. Raises NotPlanned for other directives."""
    names: dict[str, None] = {}
    for directive in _directives(document):
        if directive.name.value not in _CONDITIONS:
            raise NotPlanned
        values = [argument.value for argument in directive.arguments or ()]
        names |= {value.name.value: None for value in values if isinstance(value, VariableNode)}
    return tuple(names)


class Planner:
    """Plans one operation of a valid document."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        *,
        hide_suggestions: bool,
    ) -> None:
        """Raises NotPlanned for subscriptions."""
        root_type = schema.get_root_type(operation.operation)
        if root_type is None or operation.operation is OperationType.SUBSCRIPTION:
            raise NotPlanned
        definitions = [each for each in document.definitions if isinstance(each, FragmentDefinitionNode)]
        self._schema = schema
        self._operation = operation
        self._root_type = root_type
        self._definitions = {each.name.value: each for each in definitions}
        self._fragments = {name: FragmentDetails(each) for name, each in self._definitions.items()}
        self._hide_suggestions = hide_suggestions

    def plan(self, variables: VariableValues) -> Plan:
        """For these values of the variables that the conditions name. Raises NotPlanned."""
        collected = collect_fields(
            self._schema, self._fragments, variables, self._root_type, self._operation, self._hide_suggestions
        )
        selection = self._selection(self._root_type, collected, variables)
        return Plan(
            self._operation,
            self._root_type,
            selection,
            self._fragments,
            self._definitions,
            _only_field(self._root_type, selection),
        )

    def _selection(
        self, parent: GraphQLObjectType, collected: CollectedFields, variables: VariableValues
    ) -> dict[str, list[FieldDetails]]:
        return {key: self._field(parent, each, variables) for key, each in collected.grouped_field_set.items()}

    def _field(self, parent: GraphQLObjectType, details: list[FieldDetails], variables: VariableValues) -> PlannedField:
        node = details[0].node
        name = node.name.value
        definition = self._schema.get_field(parent, name)
        if definition is None or name in _INTROSPECTION:
            raise NotPlanned
        arguments = argument_reader(definition, node)
        field = PlannedField(details, definition, arguments)
        field.coroutine = coroutine_resolver(definition)
        field.complete = completer(definition.type, self._objects(field, variables))
        field.plain = plain_field(definition, name, field.complete, type_name=parent.name)
        return field

    def _objects(self, field: PlannedField, variables: VariableValues) -> Complete | None:
        """Completes the field's objects; None where it has none, or there are resolvers below."""
        type_ = get_named_type(field.return_type)
        if is_leaf_type(type_):
            return None
        if not is_object_type(type_):
            raise NotPlanned
        collected = collect_subfields(
            self._schema, self._fragments, variables, self._operation, type_, field, self._hide_suggestions
        )
        selection = self._selection(type_, collected, variables)
        field.subfields = collected._replace(grouped_field_set=selection)
        plain = {key: each.plain for key, each in selection.items() if isinstance(each, PlannedField) and each.plain}
        if len(plain) < len(selection) or type_.is_type_of:
            return None
        return object_completer(plain, _stand_in(type_))


def _stand_in(type_: GraphQLObjectType) -> type[StandIn] | None:
    definition = type_.extensions.get(BACKREF)
    return getattr(definition.origin, "STAND_IN", None) if isinstance(definition, StrawberryObjectDefinition) else None


def _only_field(root_type: GraphQLObjectType, selection: dict[str, list[FieldDetails]]) -> OnlyField | None:
    if len(selection) != 1:
        return None
    ((key, field),) = selection.items()
    if not isinstance(field, PlannedField) or not field.coroutine or not field.complete:
        return None
    return OnlyField(key, Path(None, key, root_type.name), field, field.coroutine, field.complete)


def _directives(document: DocumentNode) -> Iterator[DirectiveNode]:
    """All that stand on operations, their variables, fragments and what these select."""
    pending: list[Any] = [*document.definitions]
    while pending:
        node = pending.pop()
        yield from node.directives or ()
        pending += getattr(node, "variable_definitions", None) or ()
        if selection_set := getattr(node, "selection_set", None):
            pending += selection_set.selections
