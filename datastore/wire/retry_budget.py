"""What keeps retries from adding to an overload: they are paid for with successes."""

CAPACITY = 250  # 50 retries
SUCCESS_EARNS = 1


class RetryBudget:
    """With DynamoDB down it is spent within 50 calls, and from then on each request is one call."""

    def __init__(self) -> None:
        self._left = CAPACITY

    def spend(self, cost: int) -> bool:
        """Whether there was enough left."""
        if cost > self._left:
            return False
        self._left -= cost
        return True

    def earn(self) -> None:
        if self._left < CAPACITY:
            self._left += SUCCESS_EARNS
