"""What requests use, gathered in the process: a few look-ups in dictionaries, and never a call of the table."""

from datastore.access_patterns import AccessPattern, PrimaryKey
from datastore.metering.account import Account, Change, Stored
from datastore.metering.totals import Totals

_NAMESPACE = AccessPattern.GET_NAMESPACE.partition.split("{")[0]


class Meter:
    """Told and asked by requests, emptied by the flush. `in_doubt`: namespaces of which a write's end is unknown."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}
        self.in_doubt: set[str] = set()

    def count_request(self, user_id: str) -> None:
        self._account(user_id).requests.gathered += 1

    def count_change(self, owner_id: str, namespace: str, change: Change) -> None:
        self._account(owner_id).count(namespace, change)

    def doubt(self, key: PrimaryKey) -> None:
        """A write to this item may have happened or not, or what it changed is not known."""
        if key.pk.startswith(_NAMESPACE):
            self.in_doubt.add(key.pk)

    def partition_of(self, namespace: str) -> str:
        """As it stands in `in_doubt`."""
        return _NAMESPACE + namespace

    def requests(self, user_id: str, month: str) -> int | None:
        """How many the month has had; None where this is not known yet."""
        account = self._accounts.get(user_id)
        return account.requests_in(month) if account else None

    def stored(self, owner_id: str, namespace: str) -> Stored | None:
        """None where it is not known yet."""
        account = self._accounts.get(owner_id)
        return account.stored(namespace) if account else None

    def known(self, user_id: str) -> Totals | None:
        """What the table was last seen to hold."""
        account = self._accounts.get(user_id)
        return account.known if account else None

    def accounts(self) -> tuple[Account, ...]:
        return tuple(self._accounts.values())

    def forget(self, account: Account) -> None:
        """Nothing may be pending in it."""
        self._accounts.pop(account.user_id, None)

    def _account(self, user_id: str) -> Account:
        if (account := self._accounts.get(user_id)) is None:
            account = self._accounts[user_id] = Account(user_id)
        return account
