"""What a GraphQL document holds, measured in one pass that no document makes slow."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    IntValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    is_interface_type,
    is_object_type,
)

PAGE_ARGUMENTS = frozenset({"limit", "first"})
DEFAULT_PAGE = 50
LARGEST_PAGE = 100  # what resolvers allow; also what a variable counts whose value is not given
# graphql-core guards these with a rule of its own, and GraphiQL asks 13 levels deep.
INTROSPECTION_FIELDS = frozenset({"__schema", "__type"})
MAX_NESTING = 100  # selection sets in one another, fragments included: bounds the interpreter's stack
_SATURATED = 10**9


class NestedTooDeep(Exception):  # noqa: N818 - exceptions here say what went wrong, without "Error"
    """More than MAX_NESTING selection sets stand in one another."""


class Size(NamedTuple):
    """What a selection set holds, its fragments expanded."""

    depth: int = 0
    aliases: int = 0
    root_fields: int = 0
    directives: int = 0
    fields: int = 0
    list_cost: int = 0

    def beside(self, other: "Size") -> "Size":
        return Size(
            max(self.depth, other.depth),
            self.aliases + other.aliases,
            self.root_fields + other.root_fields,
            self.directives + other.directives,
            self.fields + other.fields,
            self.list_cost + other.list_cost,
        )

    def with_directives(self, count: int) -> "Size":
        return self._replace(directives=self.directives + count) if count else self

    def saturated(self) -> "Size":
        """Fragments that double grow without end; no limit is as high as this."""
        return Size(*(min(each, _SATURATED) for each in self))


_NOTHING = Size()


class Measurer:
    """Measures each fragment of a document once, however often it is spread.

    It runs before validation: a fragment may be unknown, and may spread itself; both then add nothing.
    """

    def __init__(self, document: DocumentNode, paged: Collection[str], variables: Mapping[str, Any]) -> None:
        self.fragments = fragments_of(document)
        self._paged = paged
        self._variables = variables
        self._sizes: dict[str, Size] = {}

    def operation(self, node: OperationDefinitionNode) -> Size:
        directives = len(node.directives or ())
        directives += sum(len(each.directives or ()) for each in node.variable_definitions or ())
        return self._selection(node.selection_set, 0).with_directives(directives)

    def fragment(self, name: str, nesting: int = 0) -> Size:
        if name not in self._sizes:
            self._sizes[name] = Size()
            if node := self.fragments.get(name):
                size = self._selection(node.selection_set, nesting)
                self._sizes[name] = size.with_directives(len(node.directives or ())).saturated()
        return self._sizes[name]

    def _selection(self, selection_set: SelectionSetNode | None, nesting: int) -> Size:
        if nesting > MAX_NESTING:
            raise NestedTooDeep
        size = Size()
        for node in selection_set.selections if selection_set else ():
            size = size.beside(self._node(node, nesting + 1))
        return size

    def _node(self, node: SelectionNode, nesting: int) -> Size:
        match node:
            case FieldNode():
                size = self._field(node, nesting)
            case FragmentSpreadNode():
                size = self.fragment(node.name.value, nesting)
            case _:
                size = self._selection(getattr(node, "selection_set", None), nesting)
        return size.with_directives(len(node.directives or ()))

    def _field(self, node: FieldNode, nesting: int) -> Size:
        inside = self._selection(node.selection_set, nesting) if node.selection_set else _NOTHING
        page = self._page(node.arguments or ()) if node.name.value in self._paged else 1
        return Size(
            depth=1 + (0 if node.name.value in INTROSPECTION_FIELDS else inside.depth),
            aliases=inside.aliases + (1 if node.alias else 0),
            root_fields=1,
            directives=inside.directives,
            fields=1 + inside.fields,
            list_cost=1 + page * inside.list_cost,
        )

    def _page(self, arguments: Collection[ArgumentNode]) -> int:
        sizes = [self._page_size(each.value) for each in arguments if each.name.value in PAGE_ARGUMENTS]
        return max(sizes, default=DEFAULT_PAGE)

    def _page_size(self, value: Any) -> int:
        match value:
            case IntValueNode():
                digits = value.value
                return min(max(int(digits), 1), LARGEST_PAGE) if len(digits) < 10 else LARGEST_PAGE
            case VariableNode() if value.name.value in self._variables:
                given = self._variables[value.name.value]
                return min(max(given, 1), LARGEST_PAGE) if isinstance(given, int) else DEFAULT_PAGE
            case VariableNode():
                return LARGEST_PAGE
        return DEFAULT_PAGE


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    definitions = document.definitions
    return {each.name.value: each for each in definitions if isinstance(each, FragmentDefinitionNode)}


def root_field_names(
    operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> Iterator[str]:
    """Names of the operation's root fields, looking into each fragment once."""
    pending, seen = [operation.selection_set], set[str]()
    while pending:
        for node in pending.pop().selections:
            match node:
                case FieldNode():
                    yield node.name.value
                case FragmentSpreadNode():
                    if (name := node.name.value) in fragments and name not in seen:
                        seen.add(name)
                        pending.append(fragments[name].selection_set)
                case _:
                    pending.append(node.selection_set)  # type: ignore[attr-defined]


def paged_fields(schema: GraphQLSchema) -> frozenset[str]:
    """Names of the fields that answer a page; by name, so that measuring needs no types."""
    types = [each for each in schema.type_map.values() if is_object_type(each) or is_interface_type(each)]
    fields = [item for each in types for item in each.fields.items()]
    return frozenset(name for name, field in fields if PAGE_ARGUMENTS & set(field.args))
