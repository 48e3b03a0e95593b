"""What administrators have set for everybody: the configuration, the tiers and the roles, as of one moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from datastore.entities.config import ConfigEntity
from datastore.entities.role import EVERY_PERMISSION, RoleEntity
from datastore.entities.tier import TierEntity
from datastore.entities.user import Plan
from datastore.item_size import MAX_ITEM_BYTES
from datastore.operations import Item

_LONG_AGO = "1970-01-01T00:00:00.000Z"  # since when the built-in ones hold
_GIB = 1024**3


@dataclass(frozen=True, eq=False)
class Policies:
    """A snapshot, whole: there is a tier for each plan, and the built-in roles. Equals itself alone."""

    config: ConfigEntity
    tiers: Mapping[Plan, TierEntity]
    roles: Mapping[str, RoleEntity]

    @classmethod
    def of(cls, config: Item | None, tiers: Iterable[Item | None], roles: Iterable[Item]) -> "Policies":
        """From what the table holds; what it does not hold is built in. Raises CorruptItem."""
        stored_tiers = [TierEntity.from_item(item) for item in tiers if item]
        stored_roles = [RoleEntity.from_item(item) for item in roles]
        return cls(
            ConfigEntity.from_item(config) if config else BUILT_IN.config,
            {**BUILT_IN.tiers, **{each.tier: each for each in stored_tiers}},
            {**BUILT_IN.roles, **{each.role: each for each in stored_roles}},
        )


def _tier(
    plan: Plan, namespaces: int, keys: int | None, storage: int, requests_per_month: int, requests_per_second: int
) -> TierEntity:
    return TierEntity.new(
        plan,
        _LONG_AGO,
        max_namespaces=namespaces,
        max_keys_per_namespace=keys,
        max_storage_bytes=storage,
        max_value_bytes=MAX_ITEM_BYTES,
        requests_per_month=requests_per_month,
        requests_per_second=requests_per_second,
    )


# fmt: off
_TIERS = (
    #           namespaces  keys in each  bytes       requests a month  a second
    _tier(Plan.FREE,   100,    1_000_000, 1 * _GIB,          1_000_000,    1_000),
    _tier(Plan.PRO,   1000,   10_000_000, 50 * _GIB,        50_000_000,    5_000),
    _tier(Plan.SCALE, 10_000,       None, 1024 * _GIB,   1_000_000_000,   20_000),
)
# fmt: on
_ROLES = (
    RoleEntity.new("admin", _LONG_AGO, permissions=[EVERY_PERMISSION], description="May do everything."),
    RoleEntity.new("member", _LONG_AGO, permissions=[], description="May do what is their own to do."),
)

BUILT_IN = Policies(
    ConfigEntity.new(_LONG_AGO), {tier.tier: tier for tier in _TIERS}, {role.role: role for role in _ROLES}
)
