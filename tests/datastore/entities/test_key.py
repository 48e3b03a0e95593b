"""A key's item: what it is called, when it has expired, how big it is, whether it has a value."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from datastore.entities.key import KeyEntity
from datastore.item_size import item_size
from datastore.json_text import parse
from datastore.native_values import to_native
from tests.datastore.json_values import texts
from tests.datastore.stores import item_of


@pytest.mark.parametrize(("now", "live"), [(999, True), (1000, False), (1001, False)])
def test_a_key_has_expired_from_the_second_of_its_ttl_on(now: int, live: bool) -> None:
    assert KeyEntity.from_item(item_of("apple", ttl=1000)).is_live(now) is live


def test_a_key_without_ttl_never_expires() -> None:
    assert KeyEntity.from_item(item_of("apple")).is_live(2**60)


def test_json_null_is_a_value_and_is_kept() -> None:
    entity = KeyEntity.from_item(item_of("apple", value=None))
    assert entity.has_value
    assert entity.to_item() == item_of("apple", value=None)


def test_an_item_of_another_program_may_have_no_value() -> None:
    entity = KeyEntity.from_item(item_of("apple"))
    assert not entity.has_value
    assert "value" not in entity.to_item()


def test_any_other_attribute_that_is_none_is_left_out() -> None:
    entity = KeyEntity.from_item(item_of("apple", ttl=1)).model_copy(update={"ttl": None})
    assert "ttl" not in entity.to_item()


def test_an_item_of_another_program_without_version_reads_as_version_1() -> None:
    item = item_of("apple")
    del item["version"]
    entity = KeyEntity.from_item(item)
    assert entity.version == 1
    assert "version" not in entity.to_item()


def test_a_key_has_the_name_that_stands_behind_the_first_separator() -> None:
    entity = KeyEntity.from_item(item_of("a#b\nKEY#c"))
    assert (entity.namespace, entity.name) == ("fruit", "a#b\nKEY#c")


def test_its_size_is_that_of_the_stored_item() -> None:
    item = item_of("apple", value={"é": [1, None]})
    assert KeyEntity.from_item(item).size == item_size(item)


def test_a_later_version_has_a_size_of_its_own() -> None:
    entity = KeyEntity.from_item(item_of("apple", value="red"))
    for version, created_at in ((1234567, "2024-01-01T00:00:00Z"), (2, "2024-01-01T00:00:00.000+01:00")):
        later = entity.as_version(version, created_at)
        item = item_of("apple", value="red", version=version, createdAt=created_at)
        assert (later.version, later.created_at) == (version, created_at)
        assert later.size == item_size(item)
        assert later.to_item() == item


@given(
    some.integers(-(10**6), 10**12),
    some.integers(-(10**6), 10**12),
    some.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=some.just(UTC)),
)
def test_a_later_version_is_what_the_changed_item_is_read_as(version: int, later: int, moment: datetime) -> None:
    entity = KeyEntity.from_item(item_of("apple", value="red", version=version))
    created_at = moment.isoformat()
    read = KeyEntity.from_item(item_of("apple", value="red", version=later, createdAt=created_at))
    made = entity.as_version(later, created_at)
    assert (made, made.size, made.to_item()) == (read, read.size, read.to_item())
    assert made == entity.model_copy(update={"version": later, "created_at": created_at})


def test_changes_count_as_given() -> None:
    item = item_of("apple", value="red")
    del item["version"]
    changed = KeyEntity.from_item(item).with_changes({"version": 2})
    assert changed.to_item() == item | {"version": 2}
    assert changed.model_dump() == changed.model_copy().model_dump()


@given(texts, some.none() | some.integers(1, 2**31))
def test_a_key_that_is_to_be_written_has_the_size_that_it_is_read_with(text: str, ttl: int | None) -> None:
    item = item_of("äpfel", value=to_native(parse(text))) | ({} if ttl is None else {"ttl": ttl})
    written, read = KeyEntity.to_write(item, item_size(item)), KeyEntity.from_item(item)
    assert (written, written.size, written.to_item()) == (read, read.size, read.to_item())


def test_a_copy_with_another_value_is_rendered_and_counted_anew() -> None:
    entity = KeyEntity.from_item(item_of("apple", value="red"))
    assert entity.rendered() == ('"red"', item_size(item_of("apple", value="red")))
    copied = entity.model_copy(update={"value": "green"})
    assert copied.rendered() == ('"green"', item_size(item_of("apple", value="green")))


def test_a_later_version_shows_the_same_value() -> None:
    entity = KeyEntity.from_item(item_of("apple", value="red"))
    assert entity.rendered()[0] == entity.as_version(5, entity.created_at).rendered()[0] == '"red"'
