"""How often a password may be tried: by account and by the client's address, whatever the attempts are called."""

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address


@dataclass(frozen=True)
class Allowance:
    """So many attempts at once; then one more for each `seconds` that pass."""

    attempts: int
    seconds: float


@dataclass(frozen=True)
class Admission:
    """Whether an attempt may go on: it may if there is no wait. `left`: how many more the account has now."""

    wait_seconds: int = 0
    left: int = 0

    @property
    def refused(self) -> bool:
        return self.wait_seconds > 0


PER_ACCOUNT, PER_ADDRESS = Allowance(10, 60), Allowance(100, 6)


class LoginLimits:
    """Counts before a password is looked at, so that attempts side by side count too; success gives back."""

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        per_account: Allowance = PER_ACCOUNT,
        per_address: Allowance = PER_ADDRESS,
    ) -> None:
        self._accounts = _Buckets(per_account, clock)
        self._addresses = _Buckets(per_address, clock)

    def admit(self, account: str, address: str) -> Admission:
        """An address that is refused takes nothing from the account: it can't lock out whoever lives elsewhere."""
        if wait := self._addresses.take(_network(address)):
            return Admission(wait)
        if wait := self._accounts.take(account):
            return Admission(wait)
        return Admission(left=self._accounts.left(account))

    def forgive(self, account: str, address: str) -> None:
        """The password was right."""
        self._accounts.refill(account)
        self._addresses.give_back(_network(address))


class _Buckets:
    """A token bucket a name, kept as one number: when it would be full again (GCRA).

    Of more than `size` names the one that was tried longest ago is forgotten.
    """

    def __init__(self, allowance: Allowance, clock: Callable[[], float], *, size: int = 100_000) -> None:
        self._allowance = allowance
        self._clock = clock
        self._size = size
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, name: str) -> int:
        """Seconds to wait, or 0 and one token less."""
        now = self._clock()
        full_at = max(self._full_at.get(name, now), now)
        wait = full_at - now - (self._allowance.attempts - 1) * self._allowance.seconds
        if wait > 0:
            return math.ceil(wait)
        self._full_at[name] = full_at + self._allowance.seconds
        self._full_at.move_to_end(name)
        if len(self._full_at) > self._size:
            self._full_at.popitem(last=False)
        return 0

    def left(self, name: str) -> int:
        missing = max(0.0, self._full_at.get(name, 0.0) - self._clock()) / self._allowance.seconds
        return self._allowance.attempts - math.ceil(missing)

    def give_back(self, name: str) -> None:
        if name in self._full_at:
            self._full_at[name] -= self._allowance.seconds

    def refill(self, name: str) -> None:
        self._full_at.pop(name, None)


def _network(address: str) -> str:
    """Whoever has one IPv6 address has the 2^64 beside it."""
    try:
        parsed = ip_address(address)
    except ValueError:  # a Unix socket's peer has none
        return address
    return str(IPv6Address(int(parsed) >> 64 << 64)) if isinstance(parsed, IPv6Address) else address
