"""What the mutations on keys take, as values."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from datastore.entities.user import Plan
from datastore.errors import BadRequest


@dataclass(frozen=True)
class PutKey:
    """`ttl` is epoch seconds, `expires_in` seconds from now; `if_version` 0 means only if absent."""

    namespace: str
    key: str
    value: Any
    ttl: int | None = None
    expires_in: int | None = None
    if_version: int | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True)
class DeleteKey:
    namespace: str
    key: str
    if_version: int | None = None


@dataclass(frozen=True)
class CheckKey:
    namespace: str
    key: str
    if_version: int


@dataclass(frozen=True)
class IncrementKey:
    namespace: str
    key: str
    by: Decimal
    idempotency_key: str | None = None


@dataclass(frozen=True)
class KeyWrite:
    """Exactly one of the three."""

    put: PutKey | None = None
    delete: DeleteKey | None = None
    check: CheckKey | None = None

    @property
    def one(self) -> PutKey | DeleteKey | CheckKey:
        given = [write for write in (self.put, self.delete, self.check) if write is not None]
        if len(given) != 1:
            raise BadRequest(f"Each write is exactly one of put, delete and check; this one has {len(given)}.")
        return given[0]

    @property
    def namespace(self) -> str:
        return self.one.namespace

    @property
    def key(self) -> str:
        return self.one.key


@dataclass(frozen=True)
class PutTier:
    """What a plan lets its users use; `max_keys_per_namespace` None means any number."""

    tier: Plan
    max_namespaces: int
    max_keys_per_namespace: float | None
    max_storage_bytes: float
    max_value_bytes: int
    requests_per_month: float
    requests_per_second: int
