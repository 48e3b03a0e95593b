"""Scopes of API keys: what is one, what it opens, and that no key makes a stronger one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datastore.errors import BadRequest, LimitExceeded
from resolvers.context import Identity
from resolvers.scopes import (
    ALL_SCOPES,
    MOST_SCOPES,
    Scope,
    check_scopes,
    in_namespace,
    is_scope,
    namespaces_opened,
    opens,
)

NAMESPACES = ("shop", "shop2", "a.b_c-d", "00")
narrow = st.builds(in_namespace, st.sampled_from([Scope.READ, Scope.WRITE]), st.sampled_from(NAMESPACES))
scopes = st.sampled_from(ALL_SCOPES) | narrow
sets = st.frozensets(scopes, max_size=MOST_SCOPES)


def opened(given_scopes: frozenset[str]) -> set[tuple[Scope, str]]:
    """All that a key may be used for; "" stands for fields that are about no namespace."""
    found = {(power, name) for power in Scope for name in NAMESPACES if opens(given_scopes, power, name)}
    return found | {(power, "") for power in Scope if power in given_scopes}


def test_scopes_are_kept_in_their_order_and_once() -> None:
    owner = Identity("alice", frozenset({"read", "write"}))
    assert check_scopes(["write", "read:shop", "write"], owner) == ("write", "read:shop")


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ([], "not none"),
        (["all"], "not all"),
        (["read", "Read"], "not Read"),
        (["read:"], "not read:"),
        (["read:a"], "not read:a"),
        (["read:a b"], "not read:a b"),
        (["read:shop:x"], "not read:shop:x"),
        (["read:shop\n"], "not read:shop"),
        (["read:*"], r"not read:\*"),
        (["admin:shop"], "not admin:shop"),
        ([":shop"], "not :shop"),
        (["read:\ud800"], r"not read:\?"),
        (["admin"], "not have itself: admin"),
        (["write:shop"], "not have itself: write:shop"),
    ],
)
def test_a_key_gives_known_scopes_that_it_has_itself(wanted: list[str], message: str) -> None:
    with pytest.raises(BadRequest, match=message):
        check_scopes(wanted, Identity("alice", frozenset({"read", "write:shop2"})))


def test_a_key_has_at_most_50() -> None:
    everything = Identity("alice", frozenset(ALL_SCOPES))
    wanted = [f"read:shop{number}" for number in range(MOST_SCOPES + 1)]
    assert len(check_scopes(wanted[:-1], everything)) == MOST_SCOPES
    with pytest.raises(LimitExceeded, match="1 to 50 scopes; 51 were given"):
        check_scopes(wanted, everything)


@given(scopes)
def test_every_scope_of_the_grammar_is_one(scope: str) -> None:
    assert is_scope(scope)


@given(st.text() | st.builds("{}{}{}".format, scopes, st.sampled_from(":#* \n"), st.text()))
def test_nothing_else_is(text: str) -> None:
    grammar = r"read|write|admin|(read|write):[a-z0-9][a-z0-9._-]{1,62}"
    assert is_scope(text) is (re.fullmatch(grammar, text) is not None)


@given(sets, st.lists(scopes, min_size=1, max_size=6))
def test_a_key_never_opens_what_is_closed_to_the_one_that_made_it(owned: frozenset[str], wanted: list[str]) -> None:
    try:
        made = frozenset(check_scopes(wanted, Identity("alice", owned)))
    except BadRequest:
        assert not opened(frozenset(wanted)) <= opened(owned)
    else:
        assert opened(made) == opened(frozenset(wanted)) <= opened(owned)


@given(sets, st.sampled_from([Scope.READ, Scope.WRITE]))
def test_the_namespaces_opened_are_those_that_a_scope_opens(owned: frozenset[str], power: Scope) -> None:
    names = namespaces_opened(owned, power)
    assert {name for name in NAMESPACES if opens(owned, power, name)} == set(NAMESPACES if names is None else names)
