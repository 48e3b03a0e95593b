"""How one attempt at a call can fail, and whether another may follow it.

Failed
├── NotSent       DynamoDB has seen nothing of the request
├── NotAnswered   it was sent, and no answer came that can be read
└── Refused       DynamoDB's own answer is an error
"""

from collections.abc import Mapping
from typing import Any

RETRY_COST = 5
TIMEOUT_COST = 10

_TRANSIENT_STATUSES = {429, 500, 502, 503, 504}
_TRANSIENT_CODES = {  # as botocore's standard mode has them
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestTimeout",
    "RequestTimeoutException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
}


class Failed(Exception):  # noqa: N818 - exceptions here say what went wrong, without "Error"
    """`cost`: what another attempt takes from the budget of retries."""

    cost = RETRY_COST

    def may_repeat(self, repeatable: bool) -> bool:
        """Whether the same request may be sent again, given whether doing it twice does no harm."""
        return repeatable


class NotSent(Failed):
    def may_repeat(self, repeatable: bool) -> bool:
        return True


class NotAnswered(Failed):
    pass


class TimedOut(NotAnswered):
    cost = TIMEOUT_COST


class Refused(Failed):
    """`response` as boto3 gives it with a ClientError; `curable`: what was wrong has been put right since."""

    def __init__(self, response: Mapping[str, Any], *, curable: bool = False) -> None:
        super().__init__(f"{response['Error']['Code']}: {response['Error']['Message']}")
        self.response = response
        self.curable = curable

    def may_repeat(self, repeatable: bool) -> bool:
        status: int = self.response["ResponseMetadata"]["HTTPStatusCode"]
        transient = status in _TRANSIENT_STATUSES or self.response["Error"]["Code"] in _TRANSIENT_CODES
        return repeatable and (transient or self.curable)
