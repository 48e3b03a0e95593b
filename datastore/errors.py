"""Every refusal and failure, and the errorType under which it goes out.

Refusal                      our own answer to a request; its message is for the caller
├── BadRequest               an argument that can't be accepted
│   ├── LimitExceeded        names the limit and the size found
│   └── InvalidCursor        a page token that is not ours, or not for this list
├── Unauthorized             the caller may not see this field
├── Unauthenticated          no valid credentials (HTTP 401)
├── SignInRefused            single sign-on that did not come to an end: a code, a state or an ID token is not good
├── NoIssuer                 single sign-on is not set up on this server
├── SignUpClosed             an administrator has closed the signing up of new users
├── ReadOnly                 an administrator has stopped all changes for a while
├── NotFound                 absent, or somebody else's: the answer is the same
├── AlreadyExists            a name or an email that is taken
├── NamespaceDeleting        writes are refused while a namespace goes
├── IdempotencyMismatch      an idempotencyKey used again with another payload
├── ConditionFailed          ifVersion, or another condition, did not hold; carries the current item
├── TransactionCancelled     all or nothing was nothing; a reason for each write
├── OutcomeUnknown           sent once, no answer: it may or may not have happened
├── TooManyRequests          asked too often; info says after how many seconds to come back
├── Unavailable              the table throttles or can't be reached; safe to try again
├── ResolverError            raised by a resolver with a type, data and info of its own
└── CorruptItem              an item in the table that does not fit its entity

StoreFault                   DynamoDB refused what a correct server would not send: masked, logged, never shown
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class Refusal(Exception):  # noqa: N818 - exceptions here say what went wrong, without "Error"
    """A failure with a public type.

    `data` is what the caller may want to look at (a current item), `info` a small map on how to go on,
    both as AppSync's util.error takes them. `retryable`: the same request may succeed later.
    """

    type = "InternalFailure"
    retryable = False

    def __init__(self, message: str, *, data: Any = None, info: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.data = data
        self.info = info


class StartFailed(Exception):  # noqa: N818 - as above
    """Never reaches a caller: whoever starts the server reads the message."""


class EngineFailed(StartFailed):
    pass


class TableDiffers(StartFailed):
    pass


class BadRequest(Refusal):
    type = "BadRequest"


class LimitExceeded(BadRequest):
    type = "LimitExceeded"


class InvalidCursor(BadRequest):
    type = "InvalidCursor"


class Unauthorized(Refusal):
    type = "Unauthorized"


class Unauthenticated(Refusal):
    type = "UnauthorizedException"


class SignInRefused(Refusal):
    type = "SignInRefused"


class NoIssuer(Refusal):
    type = "NoIssuer"


class SignUpClosed(Refusal):
    type = "SignUpClosed"


class ReadOnly(Refusal):
    type = "ReadOnly"
    retryable = True


class NotFound(Refusal):
    type = "NotFound"


class AlreadyExists(Refusal):
    type = "AlreadyExists"


class NamespaceDeleting(Refusal):
    type = "NamespaceDeleting"


class IdempotencyMismatch(Refusal):
    type = "IdempotentParameterMismatch"


class OutcomeUnknown(Refusal):
    type = "OutcomeUnknown"


class TooManyRequests(Refusal):
    """`info` is {"retryAfter": seconds}, as the header Retry-After has it."""

    type = "TooManyRequests"
    retryable = True


class Unavailable(Refusal):
    """`partly`: the table answered for some of the items asked for, but not for others."""

    type = "ServiceUnavailable"
    retryable = True

    def __init__(
        self, message: str, *, data: Any = None, info: Mapping[str, Any] | None = None, partly: bool = False
    ) -> None:
        super().__init__(message, data=data, info=info)
        self.partly = partly


class CorruptItem(Refusal):
    type = "CorruptItem"


class ResolverError(Refusal):
    """What a resolver raises to name its own type; AppSync's util.error(message, type, data, info)."""

    def __init__(
        self,
        message: str,
        error_type: str,
        *,
        data: Any = None,
        info: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message, data=data, info=info)
        self.type = error_type


class StoreFault(Exception):  # noqa: N818
    """Wrong set-up (a missing table, a denied action) or a fault of ours; what it says is for the log."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class ConditionFailed(Refusal):
    """A conditional write met an item for which the condition does not hold; `item` as it stands."""

    type = "DynamoDB:ConditionalCheckFailedException"

    def __init__(
        self,
        message: str = "The conditional request failed.",
        *,
        item: Mapping[str, Any] | None = None,
        data: Any = None,
    ) -> None:
        super().__init__(message, data=data)
        self.item = item


@dataclass(frozen=True)
class CancellationReason:
    """Why one write of a transaction did not happen; code "None" where it was not the cause."""

    code: str
    message: str | None = None
    item: Mapping[str, Any] | None = None

    @property
    def failed_condition(self) -> bool:
        return self.code == "ConditionalCheckFailed"

    def as_info(self) -> dict[str, str]:
        return {"type": self.code, "message": self.message or self.code}


class TransactionCancelled(Refusal):
    """`reasons` has one entry for each write, in the order of the writes."""

    type = "DynamoDB:TransactionCanceledException"

    def __init__(self, reasons: Sequence[CancellationReason], *, message: str = "", data: Any = None) -> None:
        codes = ", ".join(reason.code for reason in reasons)
        info = {"cancellationReasons": [reason.as_info() for reason in reasons]}
        super().__init__(message or f"The transaction was cancelled: [{codes}].", data=data, info=info)
        self.reasons = tuple(reasons)
