"""Calls are counted by what came of them."""

from collections.abc import Mapping
from typing import Any

import pytest

from datastore.errors import ConditionFailed, OutcomeUnknown, Refusal, StoreFault, Unavailable
from datastore.observed_client import ObservedClient
from datastore.reads import Reads


class _Answering:
    """A client that answers, or raises what it was given."""

    def __init__(self, fault: Exception | None) -> None:
        self._fault = fault
        self.closed = False

    async def call(
        self, action: str, parameters: Mapping[str, Any], *, repeatable: bool = True, reads: Reads | None = None
    ) -> Mapping[str, Any]:
        if self._fault:
            raise self._fault
        return {"Item": {}}

    async def close(self) -> None:
        self.closed = True


async def test_an_answer_is_counted_as_ok_and_passed_on() -> None:
    seen: list[tuple[str, str]] = []
    client = ObservedClient(_Answering(None), lambda *call: seen.append(call))
    assert await client.call("GetItem", {}) == {"Item": {}}
    assert seen == [("GetItem", "ok")]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (ConditionFailed(), "refused"),
        (Unavailable("later"), "failed"),
        (OutcomeUnknown("who knows"), "failed"),
        (StoreFault("AccessDenied", "no"), "failed"),
    ],
)
async def test_a_fault_is_counted_and_raised(fault: Refusal | StoreFault, outcome: str) -> None:
    seen: list[tuple[str, str]] = []
    client = ObservedClient(_Answering(fault), lambda *call: seen.append(call))
    with pytest.raises(type(fault)):
        await client.call("PutItem", {})
    assert seen == [("PutItem", outcome)]


async def test_closing_it_closes_the_client() -> None:
    inner = _Answering(None)
    await ObservedClient(inner, lambda *call: None).close()
    assert inner.closed
