"""Counts again what users have, and puts their quotas right: `make recount`. Stopped, it goes on from there."""

import asyncio
import sys
from datetime import UTC, datetime

from pydantic import ValidationError
from tqdm import tqdm

from application import open_store
from datastore.errors import Refusal, StartFailed, StoreFault
from datastore.metering.flush import FLUSH_SECONDS
from datastore.metering.recount import Found, Recount
from datastore.metering.storage_count import StorageCount
from datastore.store import Store
from server import dynamodb_endpoint, table_names
from settings import Settings, explain, read_settings
from transport.metrics import Metrics

SETTLE_SECONDS = 2 * FLUSH_SECONDS


def main() -> None:
    """With the settings of the server, which may be running meanwhile."""
    try:
        settings = read_settings(program="recount.py", description=__doc__)
    except ValidationError as error:
        sys.exit(explain(error))
    try:
        with dynamodb_endpoint(settings) as endpoint_url:
            store = open_store(settings, endpoint_url, Metrics(), table_names(settings, endpoint_url))
            asyncio.run(_recount(settings, store))
    except KeyboardInterrupt:
        sys.exit("Stopped; the next recount goes on from here.")
    except (StartFailed, Refusal, StoreFault) as error:
        sys.exit(f"The recount could not go on: {_told(error, settings)}")


async def _recount(settings: Settings, store: Store) -> None:
    count = StorageCount(store, _now, settle_seconds=SETTLE_SECONDS)
    users = wrong = 0
    try:
        with tqdm(desc="Users", unit="", disable=None) as bar:  # None: only where somebody watches
            async for found in Recount(store, count, _now, settings.data_dir / "recount").run():
                users, wrong = users + 1, wrong + bool(found)
                bar.update()
                if found:
                    bar.write(_line(found))
    finally:
        await store.close()
    print(f"Users counted: {users}; put right: {wrong}.")


def _told(error: Exception, settings: Settings) -> str:
    if not isinstance(error, StoreFault) or error.code != "ResourceNotFoundException":
        return str(error)
    return (
        f"The table {settings.table_name}, or one beside it, is not there. "
        "A server makes them when it starts (make run); on AWS, cdk/ does."
    )


def _line(found: Found) -> str:
    drifts = [
        f"{drift.namespace} keys {drift.keys:+} bytes {drift.storage_bytes:+}"
        + ("" if drift.exact else " (written to meanwhile: count again)")
        for drift in found.drifts
        if drift
    ]
    return f"{found.user_id}: " + "; ".join([f"namespaces {found.namespaces:+}", *drifts])


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
