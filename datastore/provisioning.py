"""Makes the declared tables on a DynamoDB-compatible endpoint, and checks the ones that are there."""

import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from datastore.errors import EngineFailed, TableDiffers
from datastore.tables import TABLES, Index, Table

Description = Mapping[str, Any]

_DEADLINE_SECONDS = 120.0  # DynamoDB takes about ten seconds for a table, longer to add an index to one
_FIRST_POLL_SECONDS, _LONGEST_POLL_SECONDS = 0.05, 2.0


def create_tables(
    client: BaseClient, names: Mapping[str, str] | None = None, *, tables: Iterable[Table] = TABLES
) -> None:
    """Create what is missing; raise TableDiffers for what exists and is not as declared.

    `names` maps declared names to actual ones. Nothing is ever removed: an index that is not declared stays.
    Point-in-time recovery is not set here but by cdk/, since engines other than DynamoDB don't have it.
    """
    actual = [(table, (names or {}).get(table.name, table.name)) for table in tables]
    try:
        for table, name in actual:
            if _describe(client, name) is None:
                _create(client, table, name)
        for table, name in actual:
            _complete(client, table, name)
    except (BotoCoreError, ClientError) as error:
        raise EngineFailed(f"can't make the tables at {client.meta.endpoint_url}: {error}") from error


def creation_request(table: Table, name: str) -> dict[str, Any]:
    """CreateTable's parameters."""
    indexes = {"GlobalSecondaryIndexes": [_index_request(index) for index in table.indexes]} if table.indexes else {}
    stream = {"StreamSpecification": _stream_request(table)} if table.stream else {}
    return {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": _key_schema(table),
        "AttributeDefinitions": _attributes(table, *table.indexes),
        **indexes,
        **stream,
    }


def _describe(client: BaseClient, name: str) -> Description | None:
    try:
        description: Description = client.describe_table(TableName=name)["Table"]
    except client.exceptions.ResourceNotFoundException:
        return None
    return description


def _create(client: BaseClient, table: Table, name: str) -> None:
    # Another server may start at the same moment; what it made is checked like any other.
    with suppress(client.exceptions.ResourceInUseException):
        client.create_table(**creation_request(table, name))


def _complete(client: BaseClient, table: Table, name: str) -> None:
    description = _await_active(client, name)
    _check(table, description)
    existing = {index["IndexName"] for index in description.get("GlobalSecondaryIndexes", ())}
    for index in table.indexes:
        if index.name not in existing:
            _add_index(client, table, name, index)
    if table.stream and not description.get("StreamSpecification", {}).get("StreamEnabled"):
        client.update_table(TableName=name, StreamSpecification=_stream_request(table))
        _await_active(client, name)
    if table.ttl_attribute:
        _set_ttl(client, name, table.ttl_attribute)


def _await_active(client: BaseClient, name: str) -> Description:
    deadline = time.monotonic() + _DEADLINE_SECONDS
    delay = _FIRST_POLL_SECONDS
    while time.monotonic() < deadline:
        description = _describe(client, name)
        if description is not None and _is_active(description):
            return description
        time.sleep(delay)
        delay = min(delay * 2, _LONGEST_POLL_SECONDS)
    raise TableDiffers(
        f"Table {name} is not active after {_DEADLINE_SECONDS:.0f} s; look at its status, then start again."
    )


def _is_active(description: Description) -> bool:
    indexes = description.get("GlobalSecondaryIndexes", ())
    return description["TableStatus"] == "ACTIVE" and all(index["IndexStatus"] == "ACTIVE" for index in indexes)


def _check(table: Table, description: Description) -> None:
    name = description["TableName"]
    _compare(f"Table {name} has the keys", _keys(description, description), _declared_keys(table))
    declared = {index.name: index for index in table.indexes}
    for found in description.get("GlobalSecondaryIndexes", ()):
        index = declared.get(found["IndexName"])
        if index:
            what = f"Index {index.name} of table {name} has"
            _compare(f"{what} the keys", _keys(description, found), _declared_keys(index))
            _compare(f"{what} the projection", found["Projection"]["ProjectionType"], "ALL")
    stream = description.get("StreamSpecification", {})
    if table.stream and stream.get("StreamEnabled"):
        _compare(f"The stream of table {name} carries", stream["StreamViewType"], table.stream.value)


def _compare(what: str, found: str, declared: str) -> None:
    if found != declared:
        raise TableDiffers(
            f"{what} {found}, but {declared} is declared in datastore/tables.py. "
            "Name another table, or move the data into one of that shape."
        )


def _keys(table: Description, keyed: Description) -> str:
    types = {entry["AttributeName"]: entry["AttributeType"] for entry in table["AttributeDefinitions"]}
    roles = {entry["KeyType"]: entry["AttributeName"] for entry in keyed["KeySchema"]}
    found = (roles.get("HASH"), roles.get("RANGE"))
    return " and ".join(f"{name} ({types.get(name)})" for name in found if name)


def _declared_keys(keyed: Table | Index) -> str:
    return f"{keyed.partition_key} (S) and {keyed.sort_key} (S)"


def _add_index(client: BaseClient, table: Table, name: str, index: Index) -> None:
    # DynamoDB adds one index at a time.
    update = {"Create": _index_request(index)}
    client.update_table(
        TableName=name, AttributeDefinitions=_attributes(table, index), GlobalSecondaryIndexUpdates=[update]
    )
    _await_active(client, name)


def _set_ttl(client: BaseClient, name: str, attribute: str) -> None:
    found = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    if found["TimeToLiveStatus"] in ("ENABLED", "ENABLING"):
        _compare(f"Table {name} expires items by", found["AttributeName"], attribute)
        return
    specification = {"Enabled": True, "AttributeName": attribute}
    client.update_time_to_live(TableName=name, TimeToLiveSpecification=specification)


def _index_request(index: Index) -> dict[str, Any]:
    return {"IndexName": index.name, "KeySchema": _key_schema(index), "Projection": {"ProjectionType": "ALL"}}


def _stream_request(table: Table) -> dict[str, Any]:
    return {"StreamEnabled": True, "StreamViewType": table.stream.value} if table.stream else {"StreamEnabled": False}


def _key_schema(keyed: Table | Index) -> list[dict[str, str]]:
    return [
        {"AttributeName": keyed.partition_key, "KeyType": "HASH"},
        {"AttributeName": keyed.sort_key, "KeyType": "RANGE"},
    ]


def _attributes(*keyed: Table | Index) -> list[dict[str, str]]:
    names = [name for entry in keyed for name in (entry.partition_key, entry.sort_key)]
    return [{"AttributeName": name, "AttributeType": "S"} for name in dict.fromkeys(names)]
