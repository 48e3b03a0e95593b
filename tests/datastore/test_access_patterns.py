"""Keys: built as the templates say, never two things under one key, never under NS# without a Grant."""

import string
import unicodedata
from datetime import datetime
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from datastore.access_patterns import AccessPattern, PrimaryKey
from datastore.entities.key import KeyEntity
from datastore.errors import BadRequest, LimitExceeded
from datastore.grants import Grant, NamespaceRole
from datastore.key_templates import MAX_KEY_BYTES, PARTS, check_key, fill, last_part

SAMPLES = {
    "user_id": "alice",
    "namespace": "fruit",
    "digest": "ab" * 32,
    "domain": "example.com",
    "month": "2026-01",
    "created_at": "2026-01-01T00:00:00.000Z",
    "status": "DELETING",
    "ulid": "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "role": "support",
    "tier": "pro",
    "shard": "0a1b2c3d",
    "email": "a#b@example.com",
    "key": "an#y/k%ey",
}
GRANT = Grant("alice", "fruit", NamespaceRole.VIEWER)
ROWS = list(AccessPattern)
UNDER_NAMESPACES = [row for row in ROWS if row.partition.startswith("NS#")]
INDEXED = [row for row in ROWS if row.index]

_LOWER = string.ascii_lowercase + string.digits
namespaces = st.builds(str.__add__, st.sampled_from(_LOWER), st.text(_LOWER + "._-", min_size=1, max_size=20))
user_ids = st.text(string.ascii_letters + string.digits + "_-", min_size=1, max_size=64)
keys = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    st.text("#%/\0\U0001f600NSKEYMTADUR:", min_size=1, max_size=20),
    st.sampled_from(["METADATA", "KEY#METADATA", "x#NS#y", "#KEY#", "%23", "\0", "é", "e\u0301"]),
)


def stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds") + "Z"


def written(template: str) -> str:
    return template.format(**SAMPLES)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_key_is_the_row_s_templates_filled_in(row: AccessPattern) -> None:
    assert row.key(GRANT, **SAMPLES) == PrimaryKey(written(row.partition), written(row.sort), row.table)


@pytest.mark.parametrize("row", INDEXED, ids=lambda row: row.name)
def test_an_entry_is_the_index_s_two_attributes_filled_in(row: AccessPattern) -> None:
    assert row.index is not None
    expected = {
        row.index.partition_key: written(row.partition),
        row.index.sort_key: written(row.sort),
    }
    assert row.entry(GRANT, **SAMPLES) == expected


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_range_is_the_sort_key_up_to_its_first_placeholder_and_the_prefix(row: AccessPattern) -> None:
    asked = row.range(GRANT, prefix="x#", **SAMPLES)
    assert (asked.table, asked.index, asked.pk) == (row.table, row.index, written(row.partition))
    assert asked.prefix == row.sort.partition("{")[0] + "x#"


@pytest.mark.parametrize("row", INDEXED, ids=lambda row: row.name)
def test_an_index_is_one_of_its_row_s_table(row: AccessPattern) -> None:
    assert row.index in row.table.indexes


@settings(deadline=None)
@given(moments=st.tuples(*[st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1))] * 3), user_id=user_ids)
def test_a_range_between_two_moments_holds_them_and_what_lies_between(
    moments: tuple[datetime, datetime, datetime], user_id: str
) -> None:
    low, high = sorted(moments[:2])
    asked = AccessPattern.LIST_BY_CREATED_AT.between(month="2026-01", low=stamp(low), high=stamp(high))
    for moment in moments:
        entry = AccessPattern.LIST_BY_CREATED_AT.entry(month="2026-01", created_at=stamp(moment), user_id=user_id)
        assert asked.holds(entry["GSI3SK"]) == (stamp(low) <= stamp(moment) <= stamp(high))


@pytest.mark.parametrize("text", ["", "2026-01-01#", "yesterday", "2026-01-01$"])
def test_an_end_that_is_no_moment_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadRequest, match="created at"):
        AccessPattern.LIST_BY_CREATED_AT.between(month="2026-01", low="2026-01-01T00:00", high=text)


@pytest.mark.parametrize("row", [row for row in ROWS if not row.index], ids=lambda row: row.name)
def test_a_row_of_the_table_itself_has_no_entry(row: AccessPattern) -> None:
    with pytest.raises(AssertionError, match=row.name):
        row.entry(GRANT, **SAMPLES)


@pytest.mark.parametrize("instead", [None, "fruit", ("alice", "fruit"), {"namespace": "fruit"}], ids=repr)
@pytest.mark.parametrize("row", UNDER_NAMESPACES, ids=lambda row: row.name)
def test_nothing_under_ns_is_built_without_a_grant(row: AccessPattern, instead: Any) -> None:
    builders = [row.key, row.range] + ([row.entry] if row.index else [])
    for build in builders:
        with pytest.raises(TypeError, match="takes a Grant"):
            build(instead, **SAMPLES)


@pytest.mark.parametrize("row", UNDER_NAMESPACES, ids=lambda row: row.name)
def test_the_namespace_is_the_grant_s_whatever_else_is_said(row: AccessPattern) -> None:
    assert row.key(GRANT, **{**SAMPLES, "namespace": "other"}).pk == "NS#fruit"
    assert row.range(GRANT, **{**SAMPLES, "namespace": "other"}).pk == "NS#fruit"


def test_every_partition_of_the_table_is_closed_by_a_part_that_cannot_hold_the_separator() -> None:
    """Only a template's last part may hold '#': with it anywhere else, two things could share a key."""
    free = {name for name, alphabet in PARTS.items() if alphabet.fullmatch("a#b@c")}
    assert free == {"email", "key"}
    for row in ROWS:
        for template in (row.partition, row.sort):
            for name in free:
                _, found, tail = template.partition(f"{{{name}}}")
                assert not found or not tail, f"{row.name}: {template}"


@settings(deadline=None)
@given(first=st.tuples(namespaces, keys), second=st.tuples(namespaces, keys))
def test_two_keys_share_an_item_only_if_they_are_the_same(first: tuple[str, str], second: tuple[str, str]) -> None:
    built = [
        AccessPattern.GET_KEY.key(Grant("alice", namespace, NamespaceRole.VIEWER), key=key)
        for namespace, key in (first, second)
    ]
    assert (built[0] == built[1]) == (first == second)


@settings(deadline=None)
@given(namespace=namespaces, key=keys)
def test_a_key_reads_back_from_its_item_as_it_was(namespace: str, key: str) -> None:
    grant = Grant("alice", namespace, NamespaceRole.VIEWER)
    stored = AccessPattern.GET_KEY.key(grant, key=key).attributes()
    stored |= AccessPattern.LIST_KEYS.entry(grant, key=key)
    moment = SAMPLES["created_at"]
    entity = KeyEntity.from_item({**stored, "entityType": "KEY", "createdAt": moment, "updatedAt": moment})
    assert (entity.namespace, entity.name) == (namespace, key)


@settings(deadline=None)
@given(mine=namespaces, theirs=namespaces, key=keys, prefix=keys, user_id=user_ids)
def test_no_range_of_a_namespace_holds_an_item_of_another(
    mine: str, theirs: str, key: str, prefix: str, user_id: str
) -> None:
    assume(mine != theirs)
    asking = Grant("alice", mine, NamespaceRole.VIEWER)
    other = Grant("bob", theirs, NamespaceRole.OWNER)
    partitions = {row.key(other, **{**SAMPLES, "key": key, "user_id": user_id}).pk for row in UNDER_NAMESPACES}
    for row in UNDER_NAMESPACES:
        assert row.range(asking, prefix=prefix).pk not in partitions


@settings(deadline=None)
@given(user_id=user_ids, namespace=namespaces, digest=st.text("0123456789abcdef", min_size=64, max_size=64))
def test_the_items_of_a_user_are_told_apart_by_their_sort_keys(user_id: str, namespace: str, digest: str) -> None:
    parts = {"user_id": user_id, "namespace": namespace, "digest": digest}
    built = [row.key(**parts) for row in (AccessPattern.GET_USER, AccessPattern.GET_GRANT, AccessPattern.GET_REPLAY)]
    assert len(set(built)) == 3
    grants = AccessPattern.LIST_NAMESPACES.range(user_id=user_id)
    assert [key.sk.startswith(grants.prefix) for key in built] == [False, True, False]


@pytest.mark.parametrize(
    ("part", "text"),
    [
        *[("namespace", text) for text in ("", "a", "A1", "-a", ".a", "a#b", "a b", "é1", "a" * 64, "ab\n", "ab\0")],
        *[("user_id", text) for text in ("", "a#b", "a b", "a/b", "é", "a" * 65, "a\n")],
        *[("digest", text) for text in ("", "ab", "AB" * 32, "g" * 64, "a" * 65, "ab" * 32 + "\n")],
        *[("domain", text) for text in ("", "a#b", "a b", "a" * 256, "\ud800")],
        *[("month", text) for text in ("2026", "2026-1", "2026-001", "26-01", "\u0662\u0660\u0662\u0666-\u0660\u0661")],
        *[("created_at", text) for text in ("2026", "2026-01-01#00:00:00Z", "yesterday at noon")],
        *[("status", text) for text in ("", "deleting", "A#B", "A" * 33)],
        *[("ulid", text) for text in ("", "01ARZ3NDEKTSV4RRFFQ69G5FA", "01ARZ3NDEKTSV4RRFFQ69G5FAI", "a" * 26)],
        *[("role", text) for text in ("", "Admin", "a#b", "1a", "a" * 33, "a\n")],
        *[("tier", text) for text in ("", "Pro", "a#b", "a" * 33)],
        *[("email", text) for text in ("", "a@", "a b@c", "a" * 321, "a\ud800@b.c")],
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_a_part_outside_its_alphabet_is_refused_by_name(part: str, text: str) -> None:
    with pytest.raises(BadRequest, match=part.replace("_", " ")) as refused:
        fill(f"X#{{{part}}}", {part: text})
    refused.value.message.encode()


@pytest.mark.parametrize("text", ["x" * MAX_KEY_BYTES, "é" * 500, "\U0001f600" * 250, "\0", "#", " ", "\n"])
def test_a_key_of_1_to_1000_bytes_is_taken(text: str) -> None:
    check_key(text)
    assert len(AccessPattern.GET_KEY.key(GRANT, key=text).sk.encode()) <= 1024


@pytest.mark.parametrize(("text", "size"), [("", 0), ("x" * 1001, 1001), ("é" * 501, 1002), ("\U0001f600" * 251, 1004)])
def test_a_key_of_another_size_is_refused_with_both_sizes(text: str, size: int) -> None:
    with pytest.raises(LimitExceeded, match=f"1 to 1000 bytes of UTF-8; this one has {size}"):
        AccessPattern.GET_KEY.key(GRANT, key=text)


def test_a_prefix_of_1000_bytes_is_taken_and_a_longer_one_refused_with_both_sizes() -> None:
    assert AccessPattern.LIST_KEYS.range(GRANT, prefix="é" * 500).prefix == "KEY#" + "é" * 500
    with pytest.raises(LimitExceeded, match="at most 1000 bytes of UTF-8; this one has 1002"):
        AccessPattern.LIST_KEYS.range(GRANT, prefix="é" * 501)


@pytest.mark.parametrize("text", ["\ud800", "a\udfff", "\udc00b", "\ude00\ud83d"], ids=ascii)
def test_half_a_surrogate_pair_is_neither_key_nor_prefix(text: str) -> None:
    with pytest.raises(BadRequest, match="key has a lone surrogate"):
        AccessPattern.GET_KEY.key(GRANT, key=text)
    with pytest.raises(BadRequest, match="prefix has a lone surrogate"):
        AccessPattern.LIST_KEYS.range(GRANT, prefix=text)


def test_a_key_keeps_its_unicode_form_as_given() -> None:
    """NFC and NFD are two keys: text is stored as it came (T8)."""
    composed, decomposed = unicodedata.normalize("NFC", "é"), unicodedata.normalize("NFD", "é")
    built = [AccessPattern.GET_KEY.key(GRANT, key=key) for key in (composed, decomposed)]
    assert built[0] != built[1]
    assert [last_part("KEY#{key}", key.sk) for key in built] == [composed, decomposed]
