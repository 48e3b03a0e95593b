"""QUOTA#{tier} / METADATA of user-quotas: how much the users of one plan may use."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from datastore.access_patterns import AccessPattern
from datastore.entities.entity import Entity, Whole, partition_of
from datastore.entities.user import Plan
from datastore.tables import USER_QUOTAS, Table


class TierEntity(Entity):
    """Without `max_keys_per_namespace`, a namespace may have any number of keys."""

    table: ClassVar[Table] = USER_QUOTAS
    entity_types: ClassVar = ("TIER",)

    pk: Annotated[str, partition_of(AccessPattern.GET_TIER)]
    sk: Literal["METADATA"]
    tier: Annotated[Plan, Field(strict=False)]
    max_namespaces: Whole
    max_keys_per_namespace: Whole | None = None
    max_storage_bytes: Whole
    max_value_bytes: Whole
    requests_per_month: Whole
    requests_per_second: Whole
    write_id: str | None = None

    @classmethod
    def new(
        cls,
        tier: Plan,
        created_at: str,
        *,
        max_namespaces: int,
        max_keys_per_namespace: int | None,
        max_storage_bytes: int,
        max_value_bytes: int,
        requests_per_month: int,
        requests_per_second: int,
    ) -> "TierEntity":
        keys = {} if max_keys_per_namespace is None else {"maxKeysPerNamespace": max_keys_per_namespace}
        return cls.from_item(
            AccessPattern.GET_TIER.key(tier=tier).attributes()
            | {"entityType": "TIER", "tier": tier, "createdAt": created_at, "updatedAt": created_at}
            | {"maxNamespaces": max_namespaces, "maxStorageBytes": max_storage_bytes, "maxValueBytes": max_value_bytes}
            | {"requestsPerMonth": requests_per_month, "requestsPerSecond": requests_per_second}
            | keys
        )
