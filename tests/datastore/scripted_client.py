"""A client that answers from a script: for answers that a real engine can't be made to give."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from datastore.reads import Reads
from tests.recording_client import Sent


@dataclass
class ScriptedClient:
    """`answer` gets each call, and the number of calls before it; it may raise."""

    answer: Callable[[Sent, int], Mapping[str, Any]]
    sent: list[Sent] = field(default_factory=list)
    repeatable: list[bool] = field(default_factory=list)

    async def call(
        self, action: str, parameters: Mapping[str, Any], *, repeatable: bool = True, reads: Reads | None = None
    ) -> Mapping[str, Any]:
        sent = Sent(action, parameters)
        self.sent.append(sent)
        self.repeatable.append(repeatable)
        return self.answer(sent, len(self.sent) - 1)

    async def close(self) -> None:
        pass


def failing(refusal: Exception, *, times: int) -> ScriptedClient:
    """Refuses the first calls, and answers all others with nothing."""

    def answer(_: Sent, number: int) -> Mapping[str, Any]:
        if number < times:
            raise refusal
        return {}

    return ScriptedClient(answer)
