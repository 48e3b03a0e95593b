"""Nothing that these tests leave behind is found in another."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """graphql-core leaves coroutines that are never awaited, in cycles: they go while their warning is expected."""
    yield
    gc.collect()
