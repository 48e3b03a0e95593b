"""Conditions and updates as text: a placeholder for every name and value."""

import pytest

from datastore.expressions import (
    Condition,
    IfMissing,
    Increment,
    Placeholders,
    Update,
    at_most,
    begins_with,
    between,
    differs,
    equals,
    exists,
    greater,
    has_type,
    missing,
    one_of,
)


@pytest.mark.parametrize(
    ("condition", "text", "names", "values"),
    [
        (equals("size", 1), "#0 = :0", {"#0": "size"}, {":0": 1}),
        (differs("size", 1), "#0 <> :0", {"#0": "size"}, {":0": 1}),
        (one_of("role", ["a", "b"]), "#0 IN (:0, :1)", {"#0": "role"}, {":0": "a", ":1": "b"}),
        (greater("ttl", 1), "#0 > :0", {"#0": "ttl"}, {":0": 1}),
        (at_most("ttl", 1), "#0 <= :0", {"#0": "ttl"}, {":0": 1}),
        (exists("PK"), "attribute_exists(#0)", {"#0": "PK"}, {}),
        (missing("PK"), "attribute_not_exists(#0)", {"#0": "PK"}, {}),
        (has_type("value", "N"), "attribute_type(#0, :0)", {"#0": "value"}, {":0": "N"}),
        (between("SK", "a", "b"), "#0 BETWEEN :0 AND :1", {"#0": "SK"}, {":0": "a", ":1": "b"}),
        (begins_with("SK", "KEY#"), "begins_with(#0, :0)", {"#0": "SK"}, {":0": "KEY#"}),
        (
            missing("PK") | equals("version", 1) & equals("PK", "a"),
            "(attribute_not_exists(#0) OR (#1 = :0 AND #0 = :1))",
            {"#0": "PK", "#1": "version"},
            {":0": 1, ":1": "a"},
        ),
        (
            (missing("PK") | equals("version", 1)) & equals("version", 1),
            "((attribute_not_exists(#0) OR #1 = :0) AND #1 = :1)",
            {"#0": "PK", "#1": "version"},
            {":0": 1, ":1": 1},
        ),
    ],
)
def test_a_condition_is_written_with_placeholders(
    condition: Condition, text: str, names: dict[str, str], values: dict[str, object]
) -> None:
    placeholders = Placeholders()
    assert condition.write(placeholders) == text
    assert (placeholders.names, placeholders.values) == (names, values)


def test_an_update_sets_counts_keeps_and_removes() -> None:
    placeholders = Placeholders()
    changes = {"value": None, "version": Increment(1, start=5), "createdAt": IfMissing("now")}
    text = Update(changes, remove=("ttl", "lock")).write(placeholders)
    assert text == ("SET #0 = :0, #1 = if_not_exists(#1, :1) + :2, #2 = if_not_exists(#2, :3) REMOVE #3, #4")
    assert placeholders.names == {"#0": "value", "#1": "version", "#2": "createdAt", "#3": "ttl", "#4": "lock"}
    assert placeholders.values == {":0": None, ":1": 5, ":2": 1, ":3": "now"}


def test_an_update_that_removes_nothing_says_nothing_of_it() -> None:
    assert Update({"a": 1}).write(Placeholders()) == "SET #0 = :0"


def test_a_condition_of_its_own_making_must_say_how_it_is_written() -> None:
    with pytest.raises(NotImplementedError):
        Condition().write(Placeholders())
