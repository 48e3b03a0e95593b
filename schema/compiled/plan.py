"""A plan: what one operation asks for, collected once, with short cuts beside each field.

Its parts are graphql-core's own structures with more to them, so that graphql-core can take over at any field.
"""

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    OperationDefinitionNode,
    OperationType,
)
from graphql.execution.collect_fields import CollectedFields, FieldDetails, FragmentDetails
from graphql.execution.values import VariableValues
from graphql.pyutils import Path

from schema.settled import Settled

Complete: TypeAlias = Callable[[Any], Any]
# None where graphql-core has to read them, because it will have something to say.
ReadArguments: TypeAlias = Callable[[VariableValues], dict[str, Any] | None]


class NotPlanned(Exception):  # noqa: N818 - exceptions here say what went wrong, without "Error"
    """The operation holds something that is left to graphql-core."""


class PlannedField(list[FieldDetails]):
    """One response key: its nodes, as graphql-core lists them, and what execution needs to know of it."""

    def __init__(self, details: Iterable[FieldDetails], definition: GraphQLField, arguments: ReadArguments) -> None:
        super().__init__(details)
        self.name: str = self[0].node.name.value
        self.nodes: list[FieldNode] = [each.node for each in self]
        self.definition = definition
        self.return_type: GraphQLOutputType = definition.type
        self.arguments = arguments
        self.coroutine: Callable[..., Coroutine[Any, Any, Any]] | None = None
        self.subfields: CollectedFields | None = None
        self.complete: Complete | None = None  # what a resolver gave, where no resolver stands below
        self.plain: PlainField | None = None


@dataclass(frozen=True)
class PlainField:
    """A field whose value stands in its source; `settled` says which values go out as they are.

    `python_name` is the field's in Python, where it has one: a stand-in may have an expression for it.
    """

    read: Callable[[Any], Any]
    complete: Complete
    attribute: str | None = None
    settled: Settled | None = None
    python_name: str | None = None

    def from_source(self, source: Any) -> Any:
        """What goes out. Raises anything where that takes graphql-core."""
        return self.complete(self.read(source))


class OnlyField(NamedTuple):
    """The root field of an operation that has one, with a resolver that is a coroutine and none below it."""

    key: str
    path: Path
    field: PlannedField
    coroutine: Callable[..., Coroutine[Any, Any, Any]]
    complete: Complete


@dataclass(frozen=True)
class Plan:
    """An operation with one set of answers to its @skip and @include."""

    operation: OperationDefinitionNode
    root_type: GraphQLObjectType
    selection: dict[str, list[FieldDetails]]
    fragments: dict[str, FragmentDetails]
    fragment_definitions: dict[str, FragmentDefinitionNode]
    only: "OnlyField | None" = None

    @property
    def is_serial(self) -> bool:
        return self.operation.operation is OperationType.MUTATION
