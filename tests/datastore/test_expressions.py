"""Conditions and updates as text: a placeholder for every name and value."""

import pytest

from datastore.expressions import (
    Condition,
    Expression,
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
    written,
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


@pytest.mark.parametrize(
    "expressions",
    [
        (equals("size", 1),),
        (Update({"size": 1, "version": Increment(1), "name": IfMissing("x")}, remove=("ttl",)), missing("ttl")),
        (Update({"size": Increment(2, start=3)}), (exists("size") | between("name", 1, 2)) & one_of("ttl", [1, 2])),
        (Update({"flushed-0a?": 1}), missing("flushed-0a?") | at_most("flushed-0a?", 2)),
        (begins_with("SK", "a") & equals("SK", "b"), equals("name", "?") | differs("name", "[SK]")),
    ],
)
def test_texts_written_once_for_all_values_are_those_written_for_each(expressions: tuple[Expression, ...]) -> None:
    placeholders = Placeholders()
    texts = tuple(expression.write(placeholders) for expression in expressions)
    once = written(*(expression.parts[0] for expression in expressions))
    assert (once.texts, once.names, once.values) == (texts, placeholders.names, tuple(placeholders.values))
    assert [value for expression in expressions for value in expression.parts[1]] == list(placeholders.values.values())


def test_updates_of_the_same_names_differ_by_what_is_done_with_them() -> None:
    texts = [Update({"a": value}).write(Placeholders()) for value in (1, Increment(1), IfMissing(1), "x", None)]
    plain, count, keep = "SET #0 = :0", "SET #0 = if_not_exists(#0, :0) + :1", "SET #0 = if_not_exists(#0, :0)"
    assert texts == [plain, count, keep, plain, plain]


def test_a_condition_of_its_own_making_must_say_how_it_is_written() -> None:
    with pytest.raises(NotImplementedError):
        Condition().write(Placeholders())
