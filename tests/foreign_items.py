"""Items as other programs put them."""

from typing import Any


def foreign_key(namespace: str, key: str, **attributes: Any) -> dict[str, Any]:
    """A key in DynamoDB's own JSON with what the table's layout requires and no more: no version, no writeId."""
    return {
        "PK": {"S": f"NS#{namespace}"},
        "SK": {"S": f"KEY#{key}"},
        "GSI1PK": {"S": f"NS#{namespace}"},
        "GSI1SK": {"S": f"KEY#{key}"},
        "entityType": {"S": "KEY"},
        "value": {"M": {"name": {"S": "John"}, "email": {"S": "john@example.com"}}},
        "createdAt": {"S": "2024-01-01T00:00:00Z"},
        "updatedAt": {"S": "2024-01-01T00:00:00Z"},
        **attributes,
    }
