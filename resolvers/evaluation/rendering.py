"""Operations, entities and refusals as JSON: operations as they read best, entities as the API shows them."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

import orjson

from datastore.access_patterns import KeyRange, PrimaryKey
from datastore.entities.entity import Entity
from datastore.entities.key import KeyEntity
from datastore.entities.namespace import NamespaceEntity
from datastore.errors import Refusal
from datastore.exact_numbers import number_text
from datastore.expressions import Condition, Placeholders, Update
from datastore.json_text import render
from datastore.native_values import Null
from datastore.operations import Operation
from datastore.tables import Index, Table
from resolvers.evaluation.naming import camel
from resolvers.namespaces import NamespaceView
from resolvers.paging import Listing

_NEVER_SHOWN = {
    *("pk", "sk", "entity_type", "password_hash", "api_key", "session_epoch", "epoch"),
    *("write_id", "lease_until", "deleting_since"),
}
_BEYOND_ORJSON = 2**63


class _Readable(Placeholders):
    """Expressions with names and values in their places."""

    def name(self, attribute: str) -> str:
        return attribute

    def value(self, value: Any) -> str:
        return render(value)


def dump(value: Any) -> str:
    """Indented JSON text with exact numbers."""
    return orjson.dumps(plain(value), default=_number, option=orjson.OPT_INDENT_2).decode()


def plain(value: Any) -> Any:
    """Made of what JSON knows, and Decimals."""
    match value:
        case Entity():
            return _entity(value)
        case NamespaceView():
            return _entity(value.entity) | {"role": value.grant.role}
        case Listing():
            return {"items": plain(value.entities), "nextToken": value.next_token}
        case Refusal():
            return plain(
                {"message": value.message, "type": value.type, "data": value.data, "info": value.info},
            )
        case Condition() | Update():
            return value.write(_Readable())
        case PrimaryKey():
            return value.attributes()
        case KeyRange():
            sort_keys = {"between": plain(value.between)} if value.between else {"beginsWith": value.prefix}
            return {"index": plain(value.index), "partitionKey": value.pk} | sort_keys
        case Table() | Index():
            return value.name
        case Null():
            return None
        case Mapping():
            return {str(name): plain(member) for name, member in value.items()}
        case list() | tuple():
            return [plain(element) for element in value]
        case set() | frozenset():
            return sorted(value)
        case int() if abs(value) >= _BEYOND_ORJSON:
            return Decimal(value)
    return _record(value) if is_dataclass(value) and not isinstance(value, type) else value


def _record(value: Any) -> dict[str, Any]:
    """Fields that a dataclass keeps out of its repr are secrets."""
    kind = {"operation": type(value).__name__} if isinstance(value, Operation) else {}
    table = {"table": value.table.name} if hasattr(value, "table") else {}
    return kind | {camel(each.name): plain(getattr(value, each.name)) for each in fields(value) if each.repr} | table


def _entity(entity: Entity) -> dict[str, Any]:
    names = [name for name in type(entity).model_fields if name not in _NEVER_SHOWN and not name.startswith("gsi")]
    shown = {camel(name): getattr(entity, name) for name in names}
    match entity:
        case KeyEntity():
            value = {"value": render(entity.value) if entity.has_value else None}
            return {"namespace": entity.namespace, "key": entity.name} | shown | value | {"size": entity.size}
        case NamespaceEntity():
            return {"id": shown.pop("namespace")} | shown
    return shown


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return orjson.Fragment(number_text(value))
    raise TypeError(f"A {type(value).__name__} has no JSON.")
