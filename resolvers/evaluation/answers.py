"""What a data source answered, from JSON: for each operation what its response takes, and what a failure is told."""

from collections.abc import Callable, Mapping
from types import NoneType
from typing import Any

from datastore.access_patterns import PrimaryKey
from datastore.errors import CancellationReason, ConditionFailed, TransactionCancelled
from datastore.exact_numbers import to_decimal
from datastore.oidc.values import SignOn, Subject
from datastore.operations import (
    BatchGetItem,
    BatchWriteItem,
    BeginSignOn,
    Deferred,
    ExchangeCode,
    HashPassword,
    Nothing,
    Operation,
    Page,
    PasswordVerdict,
    Query,
    TransactWriteItems,
    VerifyPassword,
)
from resolvers.evaluation.arguments import read_value
from resolvers.evaluation.naming import BadContext, choose


def read_answer(operation: Operation[Any], result: Any) -> Any:
    """Raises BadContext where an operation of this kind answers something else."""
    kind, wanted, read = _ANSWERS.get(type(operation), _AN_ITEM)
    if not isinstance(result, kind):
        raise BadContext(f"A {type(operation).__name__} answers {wanted}: give that as its result.")
    return read(stored(result))


def read_failure(given: Mapping[str, Any]) -> ConditionFailed | TransactionCancelled:
    """As AppSync has it: `error.type` says what it was, `result` has the item as it stands, or the reasons."""
    error = given.get("error")
    if not isinstance(error, dict) or "type" not in error:
        raise BadContext(f'A failure needs an error: {{"type": …}}, one of {", ".join(_FAILURES)}.')
    return _FAILURES[choose(error["type"], _FAILURES, "error type")](stored(given.get("result")))


def stored(value: Any) -> Any:
    """Numbers as the store answers them: whole ones as int, fractions as exact Decimals."""
    match value:
        case dict():
            return {name: stored(member) for name, member in value.items()}
        case list():
            return [stored(element) for element in value]
        case float():
            return to_decimal(value)
    return value


def _page(result: Any) -> Page:
    """`nextToken`, of whatever value, says that the list goes on."""
    return Page(tuple(result.get("items", ())), more=bool(result.get("nextToken")))


def _keys(result: Any) -> tuple[PrimaryKey, ...]:
    return tuple(PrimaryKey(each["PK"], each["SK"]) for each in result)


def _verdict(result: Any) -> PasswordVerdict:
    verdict: PasswordVerdict = read_value(PasswordVerdict, result, "result")
    return verdict


def _sign_on(result: Any) -> SignOn:
    sign_on: SignOn = read_value(SignOn, result, "result")
    return sign_on


def _subject(result: Any) -> Subject:
    subject: Subject = read_value(Subject, result, "result")
    return subject


def _same(result: Any) -> Any:
    return result


_Answer = tuple[type | tuple[type, ...], str, Callable[[Any], Any]]
_AN_ITEM: _Answer = ((dict, NoneType), "an item, or null", _same)
_ANSWERS: Mapping[type, _Answer] = {
    BatchGetItem: (list, "a list with an item, or null, for each key", tuple),
    BatchWriteItem: (list, "a list of the keys that could not be written, each with PK and SK", _keys),
    BeginSignOn: (dict, "an object: issuer, authorizationEndpoint, clientId, scope, redirectUris", _sign_on),
    Deferred: (NoneType, "null", _same),
    ExchangeCode: (dict, "an object: issuer, subject, email, emailLinks", _subject),
    HashPassword: (str, "the hash, a string", _same),
    Query: (dict, "an object with items, and a nextToken if the list goes on", _page),
    Nothing: (NoneType, "null", _same),
    TransactWriteItems: (NoneType, "null", _same),
    VerifyPassword: (dict, "an object: matches, outdated, last, waitSeconds", _verdict),
}


def _condition_failed(result: Any) -> ConditionFailed:
    return ConditionFailed(item=result)


def _transaction_cancelled(result: Any) -> TransactionCancelled:
    reasons = result.get("cancellationReasons") if isinstance(result, dict) else None
    if not reasons:
        raise BadContext('A cancelled transaction has reasons: "result": {"cancellationReasons": [{"type": "None"}]}.')
    return TransactionCancelled([_reason(reason) for reason in reasons])


def _reason(reason: Mapping[str, Any]) -> CancellationReason:
    """AppSync says ConditionCheckFailed where DynamoDB says ConditionalCheckFailed."""
    code = str(reason.get("type", "None")).replace("ConditionCheck", "ConditionalCheck")
    return CancellationReason(code, reason.get("message"), reason.get("item"))


_FAILURES: Mapping[str, Callable[[Any], ConditionFailed | TransactionCancelled]] = {
    ConditionFailed.type: _condition_failed,
    TransactionCancelled.type: _transaction_cancelled,
}
