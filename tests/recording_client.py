"""A client that keeps what went out, and can be told to fail or to lose an answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from datastore.client import Client
from datastore.reads import Reads


@dataclass(frozen=True)
class Sent:
    """One call of DynamoDB's API."""

    action: str
    parameters: Mapping[str, Any]

    def condition(self) -> str:
        """The key condition with its placeholders filled in, as the access-pattern table writes it."""
        text: str = self.parameters["KeyConditionExpression"]
        tagged = self.parameters["ExpressionAttributeValues"]
        values = {name: str(value) for name, each in tagged.items() for value in each.values()}
        for placeholder, filling in [*self.parameters["ExpressionAttributeNames"].items(), *values.items()]:
            text = text.replace(placeholder, filling)
        return text


@dataclass
class RecordingClient:
    """`before` is called with each call first, and may raise; `after` with its answer, which it may replace or lose.

    Of the calls for which `repeats` is true the first answer is lost, and the SDK sends the call again by itself.
    """

    client: Client
    sent: list[Sent] = field(default_factory=list)
    before: Callable[[Sent], None] = lambda sent: None
    after: Callable[[Sent, Mapping[str, Any]], Mapping[str, Any]] = lambda sent, answer: answer
    repeats: Callable[[Sent], bool] = lambda sent: False

    async def call(
        self, action: str, parameters: Mapping[str, Any], *, repeatable: bool = True, reads: Reads | None = None
    ) -> Mapping[str, Any]:
        sent = Sent(action, parameters)
        self.sent.append(sent)
        self.before(sent)
        if repeatable and self.repeats(sent):
            parameters = _as_the_sdk_sends(sent)
            await self.client.call(action, parameters)
            answer = await self.client.call(action, parameters, repeatable=repeatable, reads=reads)
            return self.after(sent, {**answer, **_REPEATED} if action == "DeleteItem" else answer)
        return self.after(sent, await self.client.call(action, parameters, repeatable=repeatable, reads=reads))

    def asked(self) -> list[Sent]:
        """What requests have asked for: all but what the server does now and then, whoever asks.

        That is the looks of the deletion job once a second, and the reading of the policies every few seconds.
        """
        return [sent for sent in self.sent if not _is_of_the_server(sent)]

    def actions(self) -> list[str]:
        return [sent.action for sent in self.asked()]

    async def close(self) -> None:
        """The engine's client outlives an application in a test."""


def _is_of_the_server(sent: Sent) -> bool:
    if _is_of_the_flush(sent):
        return True
    return sent.parameters.get("IndexName") == "OwnerStatusIndex" or any(
        name in str(sent.parameters) for name in ("'ROLES'", "'CONFIG'") if sent.action in ("Query", "BatchGetItem")
    )


def _is_of_the_flush(sent: Sent) -> bool:
    """Usage on its way to user-quotas and to the users' own items."""
    names = sent.parameters.get("ExpressionAttributeNames", {}).values()
    return sent.action == "UpdateItem" and bool({"requestCount", "storageBytes"} & set(names))


_REPEATED = {"ResponseMetadata": {"RetryAttempts": 1}}  # as our client and boto3 tell it


def _as_the_sdk_sends(sent: Sent) -> Mapping[str, Any]:
    """The SDK gives a transaction one token for all its attempts, of which DynamoDB executes one."""
    token = {"ClientRequestToken": str(uuid4())} if sent.action == "TransactWriteItems" else {}
    return {**sent.parameters, **token}
