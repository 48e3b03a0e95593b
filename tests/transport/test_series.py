"""Counting at places in an array, and what /metrics makes of it."""

from mmap import mmap

import pytest
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from transport.metrics import Metrics
from transport.series import MOST_NUMBERS, ROW_BYTES, Counts, Durations, Numbers

BUCKETS = (0.1, 1, 10)


def test_what_is_shown_is_what_prometheus_client_s_own_metrics_show() -> None:
    ours, theirs, numbers = CollectorRegistry(), CollectorRegistry(), Numbers()
    counts = Counts(numbers, "calls", "Calls.", kind=["a", "b"], code=["x", "y"])
    durations = Durations(numbers, "seconds", "Time.", buckets=BUCKETS, kind=["a", "b"])
    ours.register(counts)
    ours.register(durations)
    counter = Counter("calls", "Calls.", ["kind", "code"], registry=theirs)
    histogram = Histogram("seconds", "Time.", ["kind"], buckets=BUCKETS, registry=theirs)
    for kind, code, seconds in [("a", "x", 0.1), ("b", "y", 0.11), ("b", "y", 99.0), ("b", "x", 0.0)]:
        counts.add(kind, code)
        counter.labels(kind, code).inc()
        durations.add(seconds, kind)
        histogram.labels(kind).observe(seconds)
    assert _lines(ours) == _lines(theirs)


def test_processes_that_share_memory_show_one_sum() -> None:
    memory = mmap(-1, 2 * ROW_BYTES)
    first, second = (Metrics(numbers=Numbers(memory, row=row)) for row in (0, 1))
    first.count_request(200, 0.01, operation_type="query", codes=())
    second.count_request(200, 0.01, operation_type="query", codes=())
    second.count_store_call("GetItem", "ok")
    shown = generate_latest(first.registry)
    assert shown == generate_latest(second.registry)
    assert b'kv_http_requests_total{status="2xx"} 2.0' in shown
    assert b'kv_store_calls_total{operation="GetItem",outcome="ok"} 1.0' in shown


def test_more_numbers_than_there_is_room_for_are_refused() -> None:
    numbers = Numbers()
    numbers.take(MOST_NUMBERS)
    with pytest.raises(ValueError, match="room"):
        numbers.take(1)


def _lines(registry: CollectorRegistry) -> set[str]:
    """But for the times at which series began, which are another metric."""
    return {line for line in generate_latest(registry).decode().splitlines() if "_created" not in line}
