"""One user in the meter: what the table was last seen to hold, and what was counted here since."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from datastore.metering.outbox import Outbox, Parcel
from datastore.metering.totals import Totals


@dataclass(frozen=True, slots=True)
class Change:
    """What writes do to a namespace: keys and bytes more or less. `expiring`: some of it will go without us."""

    keys: int = 0
    storage_bytes: int = 0
    expiring: bool = False

    def __add__(self, other: "Change") -> "Change":
        return Change(self.keys + other.keys, self.storage_bytes + other.storage_bytes, self.expiring or other.expiring)


NO_CHANGE = Change()


@dataclass(frozen=True, slots=True)
class Stored:
    """Keys in one namespace, and bytes in all of its owner's."""

    keys: int
    storage_bytes: int


@dataclass(frozen=True)
class Shipment:
    """What one flush sends of one user."""

    requests: Parcel[int] | None
    changes: Mapping[str, Parcel[Change]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.requests is not None or bool(self.changes)


class Account:
    """`known` is None until the table has been asked; `told` is what the user's own item has, since `told_at`.

    `notices` are the thresholds, and their months, of which the user has been told.
    """

    def __init__(self, user_id: str) -> None:
        self.user_id = user_id
        self.requests = Outbox(0)
        self.known: Totals | None = None
        self.told: tuple[str, int, int] | None = None
        self.told_at = float("-inf")
        self.active_at = float("-inf")
        self.notices: set[tuple[str, str]] = set()
        self._changes: dict[str, Outbox[Change]] = {}
        self._pending_bytes = 0

    def count(self, namespace: str, change: Change) -> None:
        if (outbox := self._changes.get(namespace)) is None:
            outbox = self._changes[namespace] = Outbox(NO_CHANGE)
        outbox.gathered += change
        self._pending_bytes += change.storage_bytes

    def requests_in(self, month: str) -> int | None:
        if self.known is None:
            return None
        return (self.known.requests if self.known.month == month else 0) + self.requests.total

    def stored(self, namespace: str) -> Stored | None:
        if self.known is None:
            return None
        there, outbox = self.known.storage.get(namespace), self._changes.get(namespace)
        keys = (there.keys if there else 0) + (outbox.total.keys if outbox else 0)
        return Stored(keys, self.known.storage_bytes + self._pending_bytes)

    def take(self, number: int) -> Shipment:
        taken = {name: outbox.take(number) for name, outbox in self._changes.items()}
        parcels = {name: parcel for name, parcel in taken.items() if parcel}
        for name in taken.keys() - parcels.keys():  # what was put and deleted again
            del self._changes[name]
        return Shipment(self.requests.take(number), parcels)

    def settle(self, shipment: Shipment, totals: Totals) -> None:
        """It has arrived, and the totals were read after it."""
        self.known = totals
        if shipment.requests:
            self.requests.arrived(shipment.requests)
        for name, parcel in shipment.changes.items():
            outbox = self._changes[name]
            outbox.arrived(parcel)
            self._pending_bytes -= parcel.amount.storage_bytes
            if outbox.total == NO_CHANGE:
                del self._changes[name]

    @property
    def empty(self) -> bool:
        """Nothing is pending."""
        return not self.requests.total and not self._changes
