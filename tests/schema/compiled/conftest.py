"""What the comparisons of the two executions share."""

import gc
import sys
from collections.abc import Iterator

import pytest


@pytest.fixture
def untraced() -> Iterator[None]:
    """Without coverage, which makes thousands of requests three times as long; pytest-cov's mark fails on workers."""
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)


@pytest.fixture(scope="module")
def leftovers() -> Iterator[None]:
    """Coroutines that a module's tests leave end with it, where that is expected, and not in some later test."""
    yield
    gc.collect()
