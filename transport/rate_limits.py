"""How often callers may ask: by the second for each API key or session, by the month for each user.

The headers are those of draft-ietf-httpapi-ratelimit-headers-10. All is decided from memory: nothing is awaited.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from math import ceil
from typing import Protocol

from datastore.entities.tier import TierEntity
from datastore.entities.user import Plan
from datastore.metering.meter import Meter
from datastore.metering.months import end_of_month, month_of
from datastore.policies import Policies
from transport.answers import Refused
from transport.token_bucket import TokenBucket

MOST_BUCKETS = 10_000
_TOO_MANY = 429


class Limited(Protocol):
    """What this module reads of an identity."""

    @property
    def user_id(self) -> str: ...

    @property
    def api_key_id(self) -> str | None: ...

    @property
    def session_id(self) -> str | None: ...

    @property
    def plan(self) -> Plan: ...


@dataclass(frozen=True)
class _Month:
    name: str
    begins_at: float
    ends_at: float


class RateLimits:
    """`clock` gives epoch seconds."""

    def __init__(self, meter: Meter, *, clock: Callable[[], float]) -> None:
        self._meter = meter
        self._clock = clock
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()
        self._month = _Month("", 0, 0)

    def admit(self, caller: Limited, policies: Policies) -> Mapping[str, str]:
        """Counts the request, and gives the headers of its answer. Raises Refused (HTTP 429)."""
        now = self._clock()
        tier, month = policies.tiers[caller.plan], self._month_at(now)
        used = self._meter.requests(caller.user_id, month.name) or 0
        bucket = self._bucket(caller.api_key_id or caller.session_id or caller.user_id, now)
        if used >= tier.requests_per_month:
            raise self._refused(tier, bucket, used, now, wait=ceil(month.ends_at - now), what="month")
        if wait := bucket.take(now, tier.requests_per_second):
            raise self._refused(tier, bucket, used, now, wait=ceil(wait), what="second")
        self._meter.count_request(caller.user_id)
        return self._headers(tier, bucket, used + 1, now)

    def _bucket(self, name: str, now: float) -> TokenBucket:
        """Beyond the most that are kept, the one that has been idle longest goes: it is full by then."""
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._buckets[name] = TokenBucket(now)
            if len(self._buckets) > MOST_BUCKETS:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(name)
        return bucket

    def _month_at(self, now: float) -> _Month:
        if not self._month.begins_at <= now < self._month.ends_at:
            moment = datetime.fromtimestamp(now, UTC)
            begin = moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
            self._month = _Month(month_of(moment), begin.timestamp(), end_of_month(moment).timestamp())
        return self._month

    def _headers(self, tier: TierEntity, bucket: TokenBucket, used: int, now: float) -> dict[str, str]:
        month = self._month
        length, rest = int(month.ends_at - month.begins_at), ceil(month.ends_at - now)
        left = max(0, tier.requests_per_month - used)
        return {
            "RateLimit-Policy": _policy(tier.requests_per_second, tier.requests_per_month, length),
            "RateLimit": f'"second";r={bucket.left(tier.requests_per_second)};t=1, "month";r={left};t={rest}',
        }

    def _refused(
        self, tier: TierEntity, bucket: TokenBucket, used: int, now: float, *, wait: int, what: str
    ) -> Refused:
        allowed = tier.requests_per_second if what == "second" else tier.requests_per_month
        found = "they have been used up" if what == "second" else f"{used} have been made"
        message = f"The tier {tier.tier} has {allowed} requests a {what}, and {found}; try again in {wait} s."
        headers = {"Retry-After": str(wait), **self._headers(tier, bucket, used, now)}
        return Refused(_TOO_MANY, "TooManyRequests", message, "TOO_MANY_REQUESTS", headers)


@lru_cache(100)
def _policy(second: int, month: int, seconds: int) -> str:
    """The same for all of a tier, as long as the month lasts."""
    return f'"second";q={second};w=1, "month";q={month};w={seconds}'
