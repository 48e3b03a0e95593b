"""Permissions: how they are spelled, and which of them a role has."""

import re

import pytest

from datastore.entities.role import RoleEntity
from datastore.policies import BUILT_IN, Policies
from resolvers.permissions import Permission, permissions_of
from tests.resolvers.contexts import EARLIER

EVERY = frozenset(Permission)


def policies(*permissions: str, role: str = "support") -> Policies:
    return Policies.of(None, (), [RoleEntity.new(role, EARLIER, permissions=permissions).to_item()])


@pytest.mark.parametrize("permission", Permission)
def test_a_permission_is_a_noun_and_what_may_be_done(permission: Permission) -> None:
    assert re.fullmatch(r"[a-z]+:(read|write)", permission)
    assert permission.name == permission.replace(":", "_").upper()


def test_they_stand_in_the_order_of_their_nouns() -> None:
    assert list(Permission) == sorted(Permission)


def test_the_built_in_roles_are_for_all_and_for_none() -> None:
    assert permissions_of(BUILT_IN, "admin") == EVERY
    assert permissions_of(BUILT_IN, "member") == frozenset()


def test_a_role_has_what_its_item_says() -> None:
    assert permissions_of(policies("users:read", "tiers:write"), "support") == {"users:read", "tiers:write"}
    assert permissions_of(policies("*"), "support") == EVERY


def test_a_built_in_role_can_be_given_less() -> None:
    assert permissions_of(policies("users:read", role="admin"), "admin") == {"users:read"}


@pytest.mark.parametrize("word", ["users:delete", "USERS:READ", "", "users", "**"])
def test_a_word_of_another_version_opens_nothing(word: str) -> None:
    assert permissions_of(policies(word), "support") == frozenset()


def test_a_role_that_does_not_exist_may_do_nothing() -> None:
    assert permissions_of(BUILT_IN, "gone") == frozenset()
