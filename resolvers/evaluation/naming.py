"""Names as GraphQL spells them, and what is wrong with a context that does not."""

from collections.abc import Collection
from difflib import get_close_matches


class BadContext(Exception):  # noqa: N818 - exceptions here say what went wrong, without "Error"
    """The field, the step or the context does not fit; nothing has been evaluated."""


def camel(name: str) -> str:
    """next_token as nextToken."""
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


def choose(name: str, known: Collection[str], what: str) -> str:
    """The name, if it is known. Raises BadContext, naming those that are near."""
    if name in known:
        return name
    folded = {each.casefold(): each for each in known}
    near = [folded[each] for each in get_close_matches(name.casefold(), folded, cutoff=0.5)]
    raise BadContext(f"There is no {what} {name!r}. {'Near it' if near else 'There are'}: {', '.join(near or known)}.")
