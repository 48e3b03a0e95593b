"""The DynamoDB client that the store uses: asyncio all the way, a fraction of the SDK's work for each call."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import botocore.session
from botocore.exceptions import BotoCoreError

from datastore.backoff import pause
from datastore.client import LOOPBACK
from datastore.faults import translate_answer, translate_lost, translate_transport
from datastore.reads import Reads
from datastore.wire.answer import OK, Answer
from datastore.wire.clock import Clock
from datastore.wire.codec import decode, encode, refusal
from datastore.wire.credentials import LOCAL, FixedCredentials, ProvidedCredentials
from datastore.wire.endpoint import resolve
from datastore.wire.failures import Failed, NotSent, Refused
from datastore.wire.limits import Limits
from datastore.wire.pool import Pool
from datastore.wire.retry_budget import RetryBudget
from datastore.wire.signer import Signer


class NativeClient:
    """Belongs to the event loop of its first call. An engine on this machine gets none of the user's credentials."""

    def __init__(self, *, region: str, endpoint_url: str | None = None, limits: Limits | None = None) -> None:
        session = botocore.session.Session()
        on_this_machine = endpoint_url is not None and urlsplit(endpoint_url).hostname in LOOPBACK
        self._credentials: FixedCredentials | ProvidedCredentials = (
            FixedCredentials(LOCAL) if on_this_machine else ProvidedCredentials(session)
        )
        self._endpoint = resolve(session, region, endpoint_url)
        self._signer = Signer(self._endpoint)
        self._clock = Clock()
        self._budget = RetryBudget()
        self._limits = limits or Limits()
        self._pool: Pool | None = None

    async def call(
        self, action: str, parameters: Mapping[str, Any], *, repeatable: bool = True, reads: Reads | None = None
    ) -> Mapping[str, Any]:
        """Raises a Refusal: what DynamoDB refused, or Unavailable, or OutcomeUnknown where it was sent only once."""
        body = encode(action, parameters)
        for attempt in range(self._limits.attempts):
            try:
                credentials = self._credentials.known() or await self._credentials.load()
                second = self._clock.second()
                request = self._signer.request(action, body, credentials=credentials, second=second)
                answer = await (self._pool or self._open()).exchange(request, fresh=attempt > 0 or not repeatable)
                content = self._read(answer, reads, signed_at=second)
            except Failed as failure:
                last = attempt == self._limits.attempts - 1
                if last or not failure.may_repeat(repeatable) or not self._budget.spend(failure.cost):
                    raise _translate(failure, repeatable=repeatable) from failure
            except BotoCoreError as error:
                raise translate_transport(error, repeatable=True) from error  # no credentials: nothing was sent
            else:
                self._budget.earn()
                return {**content, **_repeated(attempt)} if attempt and action == "DeleteItem" else content
            await pause(attempt)
        raise AssertionError("the last attempt either answers or raises")

    async def close(self) -> None:
        if self._pool:
            await self._pool.close()

    def _open(self) -> Pool:
        self._pool = Pool(self._endpoint, self._limits)
        return self._pool

    def _read(self, answer: Answer, reads: Reads | None, *, signed_at: int) -> Mapping[str, Any]:
        if answer.status != OK:
            response = refusal(answer)
            curable = self._clock.correct(response["Error"]["Code"], answer, signed_at=signed_at)
            raise Refused(response, curable=curable)
        content: Mapping[str, Any] = decode(answer, reads)
        return content


def _repeated(attempt: int) -> dict[str, Any]:
    """As boto3 has it: what a delete answers is not all if an earlier attempt, unanswered, has deleted."""
    return {"ResponseMetadata": {"RetryAttempts": attempt}}


def _translate(failure: Failed, *, repeatable: bool) -> Exception:
    if isinstance(failure, Refused):
        return translate_answer(failure.response, repeatable=repeatable)
    return translate_lost(sent=not isinstance(failure, NotSent), repeatable=repeatable)
