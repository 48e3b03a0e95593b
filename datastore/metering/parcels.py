"""A flush's parcels as updates that may come any number of times, and count once.

The number of a process's last flush stands in the item, which takes no number again that is not higher. The number is
the millisecond in which the parcel was made up: the month that its requests count towards follows from it, and a
parcel that is sent again after the month's end goes to the same item.
"""

from datetime import UTC, datetime

from datastore.access_patterns import AccessPattern
from datastore.expressions import Condition, IfMissing, Increment, Update, at_most, missing
from datastore.metering.account import Change
from datastore.metering.months import month_of, timestamp
from datastore.metering.outbox import Parcel
from datastore.operations import UpdateItem


def moment_of(number: int) -> datetime:
    return datetime.fromtimestamp(number / 1000, UTC)


def usage_update(user_id: str, shard: str, parcel: Parcel[int]) -> UpdateItem:
    """Requests of one month, in this process's own item: no two processes contend for it."""
    moment = moment_of(parcel.number)
    key = AccessPattern.ADD_USAGE.key(user_id=user_id, month=month_of(moment), shard=shard)
    update = _common("USAGE", user_id, moment) | {
        "requestCount": Increment(parcel.amount),
        "flushed": parcel.number,
    }
    return UpdateItem(key, Update(update), _not_yet("flushed", parcel.number))


def storage_update(user_id: str, namespace: str, shard: str, parcel: Parcel[Change]) -> UpdateItem:
    """Keys and bytes of a namespace, in one item for all processes, each of which leaves its number there."""
    key = AccessPattern.ADD_STORAGE.key(user_id=user_id, namespace=namespace)
    flushed = flushed_by(shard)
    update = _common("STORAGE", user_id, moment_of(parcel.number)) | {
        "namespace": namespace,
        "keys": Increment(parcel.amount.keys),
        "storageBytes": Increment(parcel.amount.storage_bytes),
        flushed: parcel.number,
    }
    expiring = {"expiring": True} if parcel.amount.expiring else {}
    return UpdateItem(key, Update(update | expiring), _not_yet(flushed, parcel.number))


def flushed_by(shard: str) -> str:
    """The attribute in which a process leaves the number of its last flush."""
    return f"flushed-{shard}"


def _common(entity_type: str, user_id: str, moment: datetime) -> dict[str, object]:
    return {
        "entityType": entity_type,
        "userId": user_id,
        "createdAt": IfMissing(timestamp(moment)),
        "updatedAt": timestamp(moment),
    }


def _not_yet(attribute: str, number: int) -> Condition:
    return missing(attribute) | at_most(attribute, number - 1)
