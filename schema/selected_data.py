"""An error's data, cut down to what the field's selection set asked for, as AppSync does it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, Node, SelectionSetNode

_Fragments = Mapping[str, FragmentDefinitionNode]


def select(data: Any, nodes: Collection[Node], fragments: _Fragments) -> Any:
    """`nodes` are the field's; one without a selection set (a scalar) takes its data whole."""
    sets = [each.selection_set for each in nodes if isinstance(each, FieldNode) and each.selection_set]
    return _filter(data, sets, fragments) if sets else data


def _filter(data: Any, selection_sets: Sequence[SelectionSetNode], fragments: _Fragments) -> Any:
    match data:
        case Mapping():
            fields = [node for each in selection_sets for node in _fields(each, fragments)]
            return {_key(node): _below(data, node, fields, fragments) for node in fields if _name(node) in data}
        case list() | tuple():
            return [_filter(element, selection_sets, fragments) for element in data]
    return data


def _below(data: Mapping[str, Any], node: FieldNode, fields: Sequence[FieldNode], fragments: _Fragments) -> Any:
    """The same key may be selected more than once, each time with other fields below."""
    return select(data[_name(node)], [each for each in fields if _key(each) == _key(node)], fragments)


def _fields(selection_set: SelectionSetNode, fragments: _Fragments) -> Iterator[FieldNode]:
    for node in selection_set.selections:
        match node:
            case FieldNode():
                yield node
            case FragmentSpreadNode():
                yield from _fields(fragments[node.name.value].selection_set, fragments)
            case _:
                yield from _fields(node.selection_set, fragments)  # type: ignore[attr-defined]


def _name(node: FieldNode) -> str:
    return node.name.value


def _key(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value
