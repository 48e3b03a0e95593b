"""What a field's selection asks for, as AppSync's selectionSetList has it."""

from collections.abc import Iterator
from typing import Any

from graphql import FieldNode, FragmentSpreadNode, GraphQLResolveInfo, InlineFragmentNode, SelectionSetNode


def selection_paths(info: GraphQLResolveInfo[Any]) -> list[str]:
    """Paths such as "items/author/name", aliases in place of names, fragments flattened, each path once."""
    sets = (node.selection_set for node in info.field_nodes if node.selection_set)
    return list(dict.fromkeys(path for each in sets for path in _paths(each, info, "")))


def _paths(selection_set: SelectionSetNode, info: GraphQLResolveInfo[Any], before: str) -> Iterator[str]:
    for selection in selection_set.selections:
        match selection:
            case FieldNode():
                path = before + (selection.alias or selection.name).value
                yield path
                if selection.selection_set:
                    yield from _paths(selection.selection_set, info, f"{path}/")
            case InlineFragmentNode():
                yield from _paths(selection.selection_set, info, before)
            case FragmentSpreadNode():
                yield from _paths(info.fragments[selection.name.value].selection_set, info, before)
