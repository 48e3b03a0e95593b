"""A property that is worked out once for each object."""

from datastore.once import once


class Counter:
    """Counts how often its total is worked out."""

    def __init__(self, first: int) -> None:
        self.asked = 0
        self.first = first

    @once
    def total(self) -> int:
        """What it comes to."""
        self.asked += 1
        return self.first + self.asked


def test_it_is_worked_out_when_it_is_first_asked_for_and_never_again() -> None:
    counter = Counter(10)
    assert counter.asked == 0
    assert (counter.total, counter.total, counter.asked) == (11, 11, 1)


def test_each_object_has_its_own() -> None:
    assert (Counter(1).total, Counter(2).total) == (2, 3)


def test_the_class_has_the_property_itself_with_its_documentation() -> None:
    assert isinstance(Counter.total, once)
    assert Counter.total.__doc__ == "What it comes to."
