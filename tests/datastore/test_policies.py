"""What is in force: what the table holds, and for the rest what is built in."""

import pytest

from datastore.entities.config import ConfigEntity
from datastore.entities.role import RoleEntity
from datastore.entities.tier import TierEntity
from datastore.entities.user import Plan
from datastore.errors import CorruptItem
from datastore.policies import BUILT_IN, Policies
from tests.datastore.stores import MOMENT

CLOSED = {**ConfigEntity.new(MOMENT).to_item(), "signUpOpen": False}
PRO = {**BUILT_IN.tiers[Plan.PRO].to_item(), "maxNamespaces": 7}
SUPPORT = RoleEntity.new("support", MOMENT, permissions=["users:read"], description="Reads.").to_item()


def test_an_empty_table_means_what_is_built_in() -> None:
    found = Policies.of(None, (None, None, None), ())
    assert (found.config, found.tiers, found.roles) == (BUILT_IN.config, BUILT_IN.tiers, BUILT_IN.roles)
    assert (found.config.sign_up_open, found.config.default_plan, found.config.read_only) == (True, Plan.FREE, False)
    assert set(found.tiers) == set(Plan)
    assert {name: role.permissions for name, role in found.roles.items()} == {"admin": ["*"], "member": []}


def test_what_is_stored_takes_the_place_of_what_is_built_in() -> None:
    found = Policies.of(CLOSED, (None, PRO, None), (SUPPORT,))
    assert found.config.sign_up_open is False
    assert [found.tiers[plan].max_namespaces for plan in (Plan.FREE, Plan.PRO)] == [
        BUILT_IN.tiers[Plan.FREE].max_namespaces,
        7,
    ]
    assert set(found.roles) == {"admin", "member", "support"}


@pytest.mark.parametrize(
    "parts",
    [
        ({**CLOSED, "readOnly": "no"}, (), ()),
        (None, ({**PRO, "maxNamespaces": "many"},), ()),
        (None, (), ({**SUPPORT, "PK": "ROLE#"},)),
    ],
)
def test_an_item_that_is_no_policy_is_reported(parts: tuple[object, ...]) -> None:
    with pytest.raises(CorruptItem):
        Policies.of(*parts)  # type: ignore[arg-type]


def test_a_larger_plan_gives_no_less_of_anything() -> None:
    free, pro, scale = (BUILT_IN.tiers[plan] for plan in Plan)
    for smaller, larger in ((free, pro), (pro, scale)):
        assert _limits(smaller) <= _limits(larger)
        assert all(less <= more for less, more in zip(_limits(smaller), _limits(larger), strict=True))


def _limits(tier: TierEntity) -> list[float]:
    keys = float("inf") if tier.max_keys_per_namespace is None else tier.max_keys_per_namespace
    rates = [tier.requests_per_month, tier.requests_per_second]
    return [tier.max_namespaces, keys, tier.max_storage_bytes, tier.max_value_bytes, *rates]
