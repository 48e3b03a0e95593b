"""Each thing that DynamoDB or the way to it can refuse has one meaning here."""

from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    ReadTimeoutError,
)

from datastore.errors import (
    BadRequest,
    CancellationReason,
    ConditionFailed,
    LimitExceeded,
    OutcomeUnknown,
    Refusal,
    StoreFault,
    TransactionCancelled,
    Unavailable,
)
from datastore.faults import translate_answer, translate_transport

URL = {"endpoint_url": "http://127.0.0.1:1"}


def answered(code: str, message: str = "", *, repeatable: bool = True, status: int = 400, **more: Any) -> Exception:
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}, **more}
    return translate_answer(response, repeatable=repeatable)


@pytest.mark.parametrize("repeatable", [True, False])
@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ProvisionedThroughputExceededException", 400),
        ("RequestLimitExceeded", 400),
        ("ThrottlingException", 400),
        ("LimitExceededException", 400),
        ("TransactionInProgressException", 400),
    ],
)
def test_a_busy_table_may_be_asked_again(code: str, status: int, repeatable: bool) -> None:
    fault = answered(code, status=status, repeatable=repeatable)
    assert type(fault) is Unavailable
    assert fault.retryable
    assert "more requests than it can serve" in fault.message


@pytest.mark.parametrize(
    ("code", "status"), [("InternalServerError", 500), ("ServiceUnavailable", 503), ("502", 502), ("504", 504)]
)
def test_a_failing_table_may_be_asked_again_where_a_repeat_does_no_harm(code: str, status: int) -> None:
    assert type(answered(code, status=status)) is Unavailable
    assert type(answered(code, status=status, repeatable=False)) is OutcomeUnknown


def test_a_failed_condition_carries_the_item_that_did_not_hold_it() -> None:
    fault = answered("ConditionalCheckFailedException", Item={"PK": {"S": "a"}, "version": {"N": "3"}})
    assert isinstance(fault, ConditionFailed)
    assert fault.item == {"PK": "a", "version": 3}


def test_a_condition_that_failed_for_want_of_an_item_carries_none() -> None:
    for more in ({}, {"Item": {}}):
        fault = answered("ConditionalCheckFailedException", **more)
        assert isinstance(fault, ConditionFailed)
        assert fault.item is None


def test_a_cancelled_transaction_has_a_reason_for_each_write_in_their_order() -> None:
    reasons = [
        {"Code": "None"},
        {"Code": "ConditionalCheckFailed", "Message": "no", "Item": {"version": {"N": "2"}}},
        {"Code": "TransactionConflict", "Message": "busy"},
    ]
    fault = answered("TransactionCanceledException", CancellationReasons=reasons)
    assert isinstance(fault, TransactionCancelled)
    assert fault.reasons == (
        CancellationReason("None"),
        CancellationReason("ConditionalCheckFailed", "no", {"version": 2}),
        CancellationReason("TransactionConflict", "busy"),
    )
    assert [reason.failed_condition for reason in fault.reasons] == [False, True, False]
    assert fault.message == "The transaction was cancelled: [None, ConditionalCheckFailed, TransactionConflict]."
    assert fault.info == {
        "cancellationReasons": [
            {"type": "None", "message": "None"},
            {"type": "ConditionalCheckFailed", "message": "no"},
            {"type": "TransactionConflict", "message": "busy"},
        ]
    }


def test_a_single_write_that_met_a_transaction_was_cancelled_by_it() -> None:
    fault = answered("TransactionConflictException", "Transaction is ongoing for the item")
    assert isinstance(fault, TransactionCancelled)
    assert [reason.code for reason in fault.reasons] == ["TransactionConflict"]


@pytest.mark.parametrize(
    "message",
    [
        "Item size has exceeded the maximum allowed size",
        "Item size to update has exceeded the maximum allowed size",
        "One or more parameter values were invalid: Item size has exceeded the maximum allowed size",
    ],
)
def test_an_item_that_is_too_big_is_refused_with_the_limit(message: str) -> None:
    fault = answered("ValidationException", message)
    assert isinstance(fault, LimitExceeded)
    assert "409600 bytes" in fault.message


@pytest.mark.parametrize(
    "message",
    [
        "Number overflow. Attempting to store a number with magnitude larger than supported range",
        "Attempting to store more than 38 significant digits in a Number",
    ],
)
def test_a_number_that_does_not_fit_is_the_caller_s(message: str) -> None:
    fault = answered("ValidationException", message)
    assert type(fault) is BadRequest
    assert message in fault.message


@pytest.mark.parametrize(
    "code",
    [
        "ValidationException",
        "ResourceNotFoundException",
        "AccessDeniedException",
        "UnrecognizedClientException",
        "InvalidSignatureException",
        "SerializationException",
        "IdempotentParameterMismatch",
    ],
)
def test_what_a_correct_server_would_not_cause_is_a_fault_of_the_store_and_not_for_the_caller(code: str) -> None:
    fault = answered(code, "details for the log", repeatable=False)
    assert isinstance(fault, StoreFault)
    assert not isinstance(fault, Refusal)
    assert (fault.code, str(fault)) == (code, f"{code}: details for the log")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ExpiredTokenException", "The security token included in the request is expired"),
        ("RequestExpired", ""),
        ("InvalidSignatureException", "Signature expired: 20260101T000000Z is now earlier than 20260101T000500Z"),
    ],
)
def test_stale_credentials_and_a_wrong_clock_are_said_to_be_that(code: str, message: str) -> None:
    fault = answered(code, message, repeatable=False)
    assert isinstance(fault, Unavailable)
    assert "credentials or its clock" in fault.message


def test_an_answer_without_an_error_code_is_a_fault_of_the_store() -> None:
    fault = translate_answer({}, repeatable=True)
    assert isinstance(fault, StoreFault)
    assert fault.code == "Unknown"


@pytest.mark.parametrize(
    "error",
    [NoCredentialsError(), PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY")],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("repeatable", [True, False])
def test_missing_credentials_are_said_to_be_missing(error: BotoCoreError, repeatable: bool) -> None:
    fault = translate_transport(error, repeatable=repeatable)
    assert isinstance(fault, Unavailable)
    assert "no AWS credentials" in fault.message


@pytest.mark.parametrize(
    ("error", "repeatable", "meaning"),
    [
        (EndpointConnectionError(**URL), True, Unavailable),
        (EndpointConnectionError(**URL), False, Unavailable),
        (ConnectTimeoutError(**URL), False, Unavailable),
        (ReadTimeoutError(**URL), True, Unavailable),
        (ReadTimeoutError(**URL), False, OutcomeUnknown),
        (ConnectionClosedError(**URL), True, Unavailable),
        (ConnectionClosedError(**URL), False, OutcomeUnknown),
        (BotoCoreError(), False, OutcomeUnknown),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
def test_what_was_sent_once_and_not_answered_has_an_unknown_outcome(
    error: BotoCoreError, repeatable: bool, meaning: type[Exception]
) -> None:
    assert type(translate_transport(error, repeatable=repeatable)) is meaning
