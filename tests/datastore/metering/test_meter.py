"""The meter: what is counted, what is known, and parcels that arrive once."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from datastore.access_patterns import PrimaryKey
from datastore.entities.quota import StorageEntity
from datastore.metering.account import NO_CHANGE, Account, Change, Stored
from datastore.metering.meter import Meter
from datastore.metering.outbox import Outbox
from datastore.metering.totals import Totals

MOMENT = "2026-01-01T00:00:00.000Z"


def storage(namespace: str, keys: int, size: int) -> StorageEntity:
    return StorageEntity.from_item(
        {
            "PK": "USER#alice",
            "SK": f"QUOTA#storage#{namespace}",
            "entityType": "STORAGE",
            "userId": "alice",
            "namespace": namespace,
            "keys": keys,
            "storageBytes": size,
            "createdAt": MOMENT,
            "updatedAt": MOMENT,
        }
    )


def test_a_parcel_is_sent_again_with_its_own_number_until_it_has_arrived() -> None:
    outbox = Outbox(0)
    outbox.gathered += 3
    first = outbox.take(1)
    outbox.gathered += 4
    assert first is not None
    assert (first.number, first.amount) == (1, 3)
    assert outbox.take(2) is first
    assert outbox.total == 7
    outbox.arrived(first)
    second = outbox.take(3)
    assert second is not None
    assert (second.number, second.amount) == (3, 4)


def test_nothing_gathered_is_nothing_to_send() -> None:
    assert Outbox(0).take(1) is None


@given(st.lists(st.one_of(st.integers(1, 9), st.sampled_from(["sent", "lost"])), max_size=60))
def test_whatever_is_lost_on_the_way_what_arrives_is_what_was_gathered(steps: list[Any]) -> None:
    """The other end takes no number again that is not higher, as the condition of a flush has it."""
    outbox, there, last, gathered = Outbox(0), 0, 0, 0
    for number, step in enumerate([*steps, "sent", "sent"], start=1):
        if isinstance(step, int):
            outbox.gathered += step
            gathered += step
        elif parcel := outbox.take(number):
            if parcel.number > last:
                there, last = there + parcel.amount, parcel.number
            if step == "sent":
                outbox.arrived(parcel)
    assert there == gathered
    assert outbox.total == 0


def test_nothing_is_known_before_the_table_was_asked() -> None:
    meter = Meter()
    assert meter.requests("alice", "2026-01") is None
    meter.count_request("alice")
    meter.count_change("alice", "fruit", Change(1, 10))
    assert meter.requests("alice", "2026-01") is None
    assert meter.stored("alice", "fruit") is None
    assert meter.known("alice") is None


def test_what_is_pending_adds_to_what_is_known() -> None:
    account = Account("alice")
    account.known = Totals(
        "2026-01", requests=5, storage={"fruit": storage("fruit", 2, 70), "xx": storage("xx", 1, 30)}
    )
    account.requests.gathered += 2
    account.count("fruit", Change(1, 9))
    account.count("xx", Change(-1, -30))
    assert account.requests_in("2026-01") == 7
    assert account.requests_in("2026-02") == 2
    assert account.stored("fruit") == Stored(3, 79)
    assert account.stored("xx") == Stored(0, 79)
    assert account.stored("new") == Stored(0, 79)


def test_a_settled_shipment_counts_once_and_what_came_meanwhile_stays() -> None:
    account = Account("alice")
    account.count("fruit", Change(1, 9))
    shipment = account.take(1)
    account.count("fruit", Change(1, 5))
    account.settle(shipment, Totals("2026-01", storage={"fruit": storage("fruit", 1, 9)}))
    assert account.stored("fruit") == Stored(2, 14)
    second = account.take(2)
    assert second.changes["fruit"].amount == Change(1, 5)
    account.settle(second, Totals("2026-01", storage={"fruit": storage("fruit", 2, 14)}))
    assert account.stored("fruit") == Stored(2, 14)
    assert account.empty


def test_what_was_put_and_deleted_again_needs_no_flush() -> None:
    account = Account("alice")
    account.count("fruit", Change(1, 9))
    account.count("fruit", Change(-1, -9))
    assert not account.take(1)
    assert account.empty


def test_changes_add_up() -> None:
    assert NO_CHANGE + Change(1, 2) + Change(-1, 3, expiring=True) == Change(0, 5, expiring=True)
    assert replace(NO_CHANGE) == NO_CHANGE


def test_doubts_are_of_namespaces() -> None:
    meter = Meter()
    meter.doubt(PrimaryKey("NS#fruit", "KEY#a"))
    meter.doubt(PrimaryKey("NS#fruit", "METADATA"))
    meter.doubt(PrimaryKey("USER#alice", "METADATA"))
    assert meter.in_doubt == {"NS#fruit"}
