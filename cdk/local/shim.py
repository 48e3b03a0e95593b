"""MiniStack with what its CloudFormation leaves out of a table: TTL, point-in-time recovery, encryption, index status.

A program of its own, run by the emulator's interpreter: it puts what a template says through the emulator's own
DynamoDB calls. It uses private names of MiniStack, whose version is therefore pinned exactly in requirements.txt.
"""

import sys
from collections.abc import Callable
from typing import Any

from ministack.app import main
from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

Properties = dict[str, Any]
_TABLE = "AWS::DynamoDB::Table"


def complete(name: str, properties: Properties) -> None:
    """Make the table `name` be all that the template says of it."""
    recovery = properties.get("PointInTimeRecoverySpecification", {"PointInTimeRecoveryEnabled": False})
    _call(dynamodb._update_continuous_backups, name, PointInTimeRecoverySpecification=recovery)
    if expiry := properties.get("TimeToLiveSpecification"):
        _call(dynamodb._update_ttl, name, TimeToLiveSpecification=expiry)
    encryption = properties.get("SSESpecification", {})
    _call(dynamodb._update_table, name, SSESpecification={"Enabled": encryption.get("SSEEnabled", False)})
    for index in dynamodb._tables[name]["GlobalSecondaryIndexes"] or []:
        index.setdefault("IndexStatus", "ACTIVE")


def _call(operation: Callable[[Properties], tuple[int, Any, Any]], name: str, **request: Any) -> None:
    status, _, body = operation({"TableName": name, **request})
    if status >= 400:
        raise ValueError(f"{name}: {body!r}")


def _completing(provision: Callable[..., Any], properties_at: int) -> Callable[..., Any]:
    """`provision`, which returns the table's name first, and then complete() with its newest properties."""

    def completed(*arguments: Any, **options: Any) -> Any:
        result = provision(*arguments, **options)
        complete(result[0], arguments[properties_at])
        return result

    return completed


def install() -> None:
    handler = provisioners._RESOURCE_HANDLERS[_TABLE]
    handler["create"] = _completing(handler["create"], properties_at=1)
    handler["update"] = _completing(handler["update"], properties_at=2)


if __name__ == "__main__":
    install()
    sys.exit(main())
