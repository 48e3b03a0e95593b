"""A token bucket: a request takes a token, and tokens come back at a steady rate."""


class TokenBucket:
    """Full at first, and never fuller than one second's tokens. The rate is given with each request: it may change."""

    __slots__ = ("_at", "_tokens")

    def __init__(self, now: float) -> None:
        self._at = now
        self._tokens = float("inf")

    def take(self, now: float, rate: int) -> float:
        """How long to wait until there is a token; 0 if one was there, which is taken."""
        if now > self._at:
            self._tokens += (now - self._at) * rate
            self._at = now
        self._tokens = min(self._tokens, rate)
        if self._tokens < 1:
            return (1 - self._tokens) / rate
        self._tokens -= 1
        return 0.0

    def left(self, rate: int) -> int:
        """Whole tokens after the last request."""
        return int(min(self._tokens, rate))
