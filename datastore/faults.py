"""What DynamoDB, or the way to it, refused: read in this one place, and told as one of our own errors."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
)

from datastore.attribute_values import untag_item
from datastore.errors import (
    BadRequest,
    CancellationReason,
    ConditionFailed,
    LimitExceeded,
    OutcomeUnknown,
    StoreFault,
    TransactionCancelled,
    Unavailable,
)

_TRY_AGAIN = "The table is not answering at the moment; try again."
_THROTTLED = "The table is taking more requests than it can serve. Try again in a moment."
_UNKNOWN = (
    "The write was sent but not answered: it may have happened or not. Give an idempotencyKey to repeat it safely."
)

_BUSY = {
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "TransactionInProgressException",
}
_FAILED = {"InternalServerError", "ServiceUnavailable"}  # in the middle of it, perhaps
_STALE = {"ExpiredTokenException", "RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed"}
NEVER_SENT = (EndpointConnectionError, ConnectTimeoutError)


def translate_answer(response: Mapping[str, Any], *, repeatable: bool) -> Exception:
    """A refusal that DynamoDB itself answered."""
    error = response.get("Error", {})
    code, message = error.get("Code", "Unknown"), error.get("Message", "")
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", HTTPStatus.BAD_REQUEST)
    match code:
        case "ConditionalCheckFailedException":
            return ConditionFailed(item=_item(response))
        case "TransactionCanceledException":
            return TransactionCancelled([_reason(reason) for reason in response.get("CancellationReasons", ())])
        case "TransactionConflictException":  # a single write that met a transaction: nothing happened
            return TransactionCancelled([CancellationReason("TransactionConflict", message)])
        case "ValidationException" if "size has exceeded" in message or "Item size to update" in message:
            return LimitExceeded("The item would be larger than DynamoDB's limit of 409600 bytes.")
        case "ValidationException" if "overflow" in message or "Number" in message or "precision" in message:
            return BadRequest(f"DynamoDB can't hold the number: {message}")
        case _ if code in _FAILED or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return translate_lost(sent=True, repeatable=repeatable)
        case _ if code in _BUSY:
            return Unavailable(_THROTTLED)
        case _ if code in _STALE or "Signature expired" in message or "Signature not yet current" in message:
            return Unavailable("The server's AWS credentials or its clock are out of date; try again.")
    return StoreFault(code, message)


def translate_transport(error: BotoCoreError, *, repeatable: bool) -> Exception:
    """No answer, or none that could be read."""
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return Unavailable("The server has no AWS credentials: set them, or start it on its local engine.")
    return translate_lost(sent=not isinstance(error, NEVER_SENT), repeatable=repeatable)


def translate_lost(*, sent: bool, repeatable: bool) -> Exception:
    """No answer to a call, which DynamoDB may have seen if it was `sent`."""
    return OutcomeUnknown(_UNKNOWN) if sent and not repeatable else Unavailable(_TRY_AGAIN)


def _item(response: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return untag_item(response["Item"]) if response.get("Item") else None


def _reason(reason: Mapping[str, Any]) -> CancellationReason:
    return CancellationReason(reason.get("Code", "None"), reason.get("Message"), _item(reason))
