"""A client whose calls are counted by what came of them."""

from collections.abc import Callable, Mapping
from typing import Any

from datastore.client import Client
from datastore.errors import OutcomeUnknown, Refusal, StoreFault, Unavailable
from datastore.reads import Reads


class ObservedClient:
    """`observe` is called with DynamoDB's name of each call, and ok, refused (by a condition or a limit) or failed."""

    def __init__(self, client: Client, observe: Callable[[str, str], None]) -> None:
        self._client = client
        self._observe = observe

    async def call(
        self, action: str, parameters: Mapping[str, Any], *, repeatable: bool = True, reads: Reads | None = None
    ) -> Mapping[str, Any]:
        try:
            answer = await self._client.call(action, parameters, repeatable=repeatable, reads=reads)
        except (Refusal, StoreFault) as fault:
            self._observe(action, "refused" if _is_refusal(fault) else "failed")
            raise
        self._observe(action, "ok")
        return answer

    async def close(self) -> None:
        await self._client.close()


def _is_refusal(fault: Refusal | StoreFault) -> bool:
    return not isinstance(fault, StoreFault | OutcomeUnknown | Unavailable)
