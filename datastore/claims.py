"""Which claims to a namespace have held: whether what lies under one may be read before it is known to hold."""

from collections import OrderedDict

from datastore.access_patterns import PrimaryKey


class Claims:
    """By the grant's key, at most `size`, the longest unasked let go first.

    A claim of which nothing is known may be read ahead for once, and again only if it held: whoever names another's
    namespace puts no more load on it than that, however often and with however many keys he does.
    """

    def __init__(self, *, size: int = 10_000) -> None:
        self._size = size
        self._held: OrderedDict[PrimaryKey, bool] = OrderedDict()

    def may_read_ahead(self, key: PrimaryKey) -> bool:
        """Until `settle` is told otherwise, the next one may not."""
        held = self._held.get(key)
        if held is None:
            self.settle(key, held=False)
        return held is not False

    def settle(self, key: PrimaryKey, *, held: bool) -> None:
        self._held[key] = held
        self._held.move_to_end(key)
        if len(self._held) > self._size:
            self._held.popitem(last=False)
