"""The configuration: fields; no tenant has anything of it."""

from collections.abc import Mapping
from typing import Any

from tests.api import Api
from tests.schema.isolation.row import Row, row

VARIABLES: Mapping[str, str] = {}


async def make(caller: Api, objects: Mapping[str, Any]) -> Mapping[str, Any]:
    return {}


def nobodys() -> Mapping[str, Any]:
    return {}


ROWS: Mapping[str, Row] = {
    "Query.config": row("query { config { signUpOpen defaultPlan readOnly } }"),
    "Mutation.updateConfig": row("mutation { updateConfig(input: {readOnly: false}) { readOnly } }", admin=True),
}
