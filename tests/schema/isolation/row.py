"""One row of the table of test_tenant_isolation: how a field is asked for, and which arguments name something."""

from dataclasses import dataclass, field

PAGE = "{ pageInfo { endCursor } }"


@dataclass(frozen=True)
class Row:
    """`names` are arguments that name an object of somebody's, or a cursor; `plain` are texts that name nothing.

    `claims`: taken names are answered as taken, because they are shared by all. `finds`: addresses by which
    somebody is found. `admin`: the owner is refused too. `guarded`: open to all who know a secret.
    """

    documents: tuple[str, ...]
    names: frozenset[str] = frozenset()
    plain: frozenset[str] = frozenset()
    claims: frozenset[str] = frozenset()
    finds: frozenset[str] = frozenset()
    is_open: bool = False
    guarded: bool = False
    admin: bool = False
    arguments: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "arguments", self.names | self.plain | self.claims | self.finds)


def row(*documents: str, names: str = "", plain: str = "", claims: str = "", finds: str = "", **flags: bool) -> Row:
    return Row(documents, *(frozenset(each.split()) for each in (names, plain, claims, finds)), **flags)
