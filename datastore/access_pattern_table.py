"""The access patterns as an aligned Markdown table, for people who read."""

from collections.abc import Sequence

from datastore.access_patterns import AccessPattern

_HEAD = ("pattern", "serves", "table", "index", "partition key", "sort key", "actions")


def render_access_patterns() -> str:
    """One line a row, in the order of the code."""
    return render_table(_HEAD, [_cells(pattern) for pattern in AccessPattern])


def render_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Aligned, so that it reads well before it is rendered too."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    ruled = [head, ["-" * width for width in widths], *rows]
    return "\n".join(f"| {' | '.join(map(str.ljust, line, widths))} |" for line in ruled)


def _cells(pattern: AccessPattern) -> list[str]:
    index = pattern.index.name if pattern.index else "the table"
    key = [f"`{pattern.partition}`", _sort_key(pattern)]
    return [pattern.name, pattern.serves, pattern.table.name, index, *key, pattern.actions]


def _sort_key(pattern: AccessPattern) -> str:
    """A Query goes by a part of the sort key, unless all of it is known."""
    if not pattern.sort:
        return "any"
    ranged = pattern.actions == "Query" and "{" in pattern.sort
    return f"{pattern.narrowed} `{pattern.sort}`" if ranged else f"`{pattern.sort}`"
