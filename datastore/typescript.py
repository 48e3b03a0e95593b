"""The entities as TypeScript interfaces, for Lambda functions and front ends that read the table: `make types`."""

import re
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from datastore.entities.api_key import ApiKeyEntity
from datastore.entities.audit_event import AuditEventEntity
from datastore.entities.config import ConfigEntity
from datastore.entities.entity import Entity, attribute_name
from datastore.entities.key import KeyEntity
from datastore.entities.message import MessageEntity
from datastore.entities.namespace import GrantEntity, MemberEntity, NamespaceEntity
from datastore.entities.quota import AssignmentEntity, StorageEntity, UsageEntity
from datastore.entities.quota_event import QuotaEventEntity
from datastore.entities.replay import ReplayEntity
from datastore.entities.role import RoleEntity
from datastore.entities.session import SessionEntity
from datastore.entities.sign_on import SignOnEntity
from datastore.entities.subject import LinkEntity, SubjectEntity
from datastore.entities.tier import TierEntity
from datastore.entities.user import UserEntity

ENTITIES: tuple[type[Entity], ...] = (
    UserEntity,
    ApiKeyEntity,
    GrantEntity,
    NamespaceEntity,
    MemberEntity,
    KeyEntity,
    ReplayEntity,
    SessionEntity,
    AssignmentEntity,
    UsageEntity,
    StorageEntity,
    MessageEntity,
    AuditEventEntity,
    QuotaEventEntity,
    ConfigEntity,
    RoleEntity,
    TierEntity,
    SignOnEntity,
    SubjectEntity,
    LinkEntity,
)

_HEADER = """\
// The items of the tables, one interface for each kind. Made by `make types`: do not edit.
// An attribute that can be absent is optional; times are ISO 8601, except ttl and what ends in epoch seconds.
"""
_PLACEHOLDER = re.compile(r"\{\w+\}")
_NAMES: dict[Any, str] = {str: "string", int: "number", float: "number", bool: "boolean", Any: "any"}


def render(entities: Iterable[type[Entity]] = ENTITIES) -> str:
    """The whole file."""
    entities = tuple(entities)
    union = " | ".join(entity.__name__ for entity in entities)
    interfaces = "\n".join(_interface(entity) for entity in entities)
    return f"{_HEADER}\n{interfaces}\nexport type Item = {union};\n"


def _interface(entity: type[Entity]) -> str:
    lines = [_attribute(entity, name, field) for name, field in entity.model_fields.items()]
    return "\n".join([f"export interface {entity.__name__} {{", *lines, "}", ""])


def _attribute(entity: type[Entity], name: str, field: FieldInfo) -> str:
    optional = "" if field.is_required() else "?"
    found = _literals(entity.entity_types) if name == "entity_type" else _type(field)
    return f"  {attribute_name(name)}{optional}: {found};"


def _type(field: FieldInfo) -> str:
    """A key is written as its template, anything else as its annotation says."""
    if field.examples:
        return " | ".join(_template(str(example)) for example in field.examples)
    return _annotation(field.annotation)


def _template(stored: str) -> str:
    filled = _PLACEHOLDER.sub("${string}", stored)
    return f"`{filled}`" if filled != stored else f"'{stored}'"


def _annotation(annotation: Any) -> str:
    """TypeScript's name for a type; None is left out, since an attribute without a value is absent."""
    arguments = [argument for argument in get_args(annotation) if argument is not NoneType]
    match get_origin(annotation):
        case origin if origin is Literal:
            return _literals(arguments)
        case origin if origin in (Union, UnionType):
            return " | ".join(_annotation(argument) for argument in arguments)
        case origin if origin is list:
            return f"{_annotation(arguments[0])}[]"
        case None if isinstance(annotation, type) and issubclass(annotation, StrEnum):
            return _literals(annotation)
        case None:
            return _NAMES[annotation]
    return _annotation(arguments[0])  # Annotated[X, ...]


def _literals(values: Iterable[str]) -> str:
    return " | ".join(f"'{value}'" for value in values)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(render(), encoding="utf-8")
