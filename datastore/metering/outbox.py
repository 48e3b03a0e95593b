"""Amounts on their way to the table, each of which arrives once, whatever becomes of the answers."""

from dataclasses import dataclass
from typing import Generic, Protocol, Self, TypeVar


class Amount(Protocol):
    """An int, or what can be added like one."""

    def __add__(self, other: Self, /) -> Self: ...


A = TypeVar("A", bound=Amount)


@dataclass(frozen=True)
class Parcel(Generic[A]):
    """An amount under the number of its flush, by which the table knows it when it comes again."""

    number: int
    amount: A


class Outbox(Generic[A]):
    """`gathered` since the last parcel was made up. One parcel at a time is under way, until it has `arrived`."""

    __slots__ = ("_nothing", "gathered", "parcel")

    def __init__(self, nothing: A) -> None:
        self._nothing = nothing
        self.gathered = nothing
        self.parcel: Parcel[A] | None = None

    @property
    def total(self) -> A:
        """All that is not known to be in the table."""
        return self.gathered + self.parcel.amount if self.parcel else self.gathered

    def take(self, number: int) -> Parcel[A] | None:
        """The parcel that is to be sent: the last one again, with its own number, if nobody knows what became of it."""
        if self.parcel is None and self.gathered != self._nothing:
            self.parcel = Parcel(number, self.gathered)
            self.gathered = self._nothing
        return self.parcel

    def arrived(self, parcel: Parcel[A]) -> None:
        if self.parcel is parcel:
            self.parcel = None
