"""Whether a condition holds for an item, as DynamoDB would say: for tables of what a condition lets through."""

import operator
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from datastore.expressions import Condition

_COMPARISONS = {"=": operator.eq, "<>": operator.ne, ">": operator.gt, "<=": operator.le}


def holds(condition: Condition, item: Mapping[str, Any] | None) -> bool:
    """None is an item that is not there. A comparison with an attribute that is missing fails, but for <>."""
    return _evaluate(condition, item or {})


def _evaluate(condition: Any, item: Mapping[str, Any]) -> bool:
    kind = type(condition).__name__
    if kind == "_Joined":
        left, right = (_evaluate(each, item) for each in (condition.left, condition.right))
        return (left and right) if condition.word == "AND" else (left or right)
    if kind == "_Compare":
        if condition.attribute not in item:
            return condition.operator == "<>"
        return bool(_COMPARISONS[condition.operator](item[condition.attribute], condition.value))
    assert kind == "_Call", kind
    match condition.function:
        case "attribute_exists":
            return condition.attribute in item
        case "attribute_not_exists":
            return condition.attribute not in item
        case "attribute_type":
            assert condition.arguments == ("N",)
            return isinstance(item.get(condition.attribute), int | Decimal)
    raise AssertionError(f"these tests don't know {condition.function}")
