"""All subjects of test_tenant_isolation; a new one is a module beside this, with the same names in it."""

from collections.abc import Mapping
from typing import Any, Protocol

from tests.api import Api
from tests.schema.isolation import (
    accounts,
    config,
    directory,
    inbox,
    keys,
    namespaces,
    quotas,
    roles,
    sessions,
    sharing,
    sign_on,
)
from tests.schema.isolation.row import Row


class Subject(Protocol):
    """`VARIABLES` are what its documents use, and their types; `ROWS` its fields.

    `make` gives a tenant objects of this subject, named by variable; it may use `objects`, those made before.
    `nobodys` gives well-formed names of nothing.
    """

    VARIABLES: Mapping[str, str]
    ROWS: Mapping[str, Row]

    async def make(self, caller: Api, objects: Mapping[str, Any], /) -> Mapping[str, Any]: ...

    def nobodys(self) -> Mapping[str, Any]: ...


SUBJECTS: tuple[Subject, ...] = (
    accounts,
    directory,
    inbox,
    config,
    quotas,
    namespaces,
    keys,
    sessions,
    sign_on,
    sharing,
    roles,
)

ROWS = {path: row for subject in SUBJECTS for path, row in subject.ROWS.items()}
VARIABLES = {name: kind for subject in SUBJECTS for name, kind in subject.VARIABLES.items()}


def nobodys() -> dict[str, Any]:
    return {name: value for subject in SUBJECTS for name, value in subject.nobodys().items()}
