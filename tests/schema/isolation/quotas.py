"""Quotas: fields, and what a tenant has of them."""

from collections.abc import Mapping
from typing import Any

from tests.api import Api
from tests.schema.isolation.row import Row, row

VARIABLES: Mapping[str, str] = {}
LIMITS = """maxNamespaces: 9, maxKeysPerNamespace: 9, maxStorageBytes: 9000, maxValueBytes: 900, requestsPerMonth: 900,
    requestsPerSecond: 900"""


async def make(caller: Api, objects: Mapping[str, Any]) -> Mapping[str, Any]:
    return {}


def nobodys() -> Mapping[str, Any]:
    return {}


ROWS: Mapping[str, Row] = {
    "Query.tiers": row("query { tiers { tier maxNamespaces } }"),
    "Mutation.putTier": row(f"mutation {{ putTier(input: {{tier: SCALE, {LIMITS}}}) {{ tier }} }}", admin=True),
    "Mutation.setUserPlan": row(
        "mutation { setUserPlan(userId: $user, plan: PRO) { plan } }", names="userId", admin=True
    ),
}
