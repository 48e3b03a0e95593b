"""The time as DynamoDB has it: a request that is signed too early or too late is refused."""

from collections.abc import Callable
from email.utils import parsedate_to_datetime
from time import time

from datastore.wire.answer import Answer

TOLERANCE_SECONDS = 240  # AWS allows five minutes
_ABOUT_TIME = {"RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed"}
_MAYBE_ABOUT_TIME = {"AuthFailure", "InvalidSignatureException", "SignatureDoesNotMatch"}


class Clock:
    """This machine's, corrected after a refusal that was about time."""

    def __init__(self, now: Callable[[], float] = time) -> None:
        self._now = now
        self._offset = 0.0

    def second(self) -> int:
        return int(self._now() + self._offset)

    def correct(self, code: str, answer: Answer, *, signed_at: int) -> bool:
        """Whether the refusal was for a wrong clock that has now been put right."""
        if code not in _ABOUT_TIME | _MAYBE_ABOUT_TIME:
            return False
        try:
            theirs = parsedate_to_datetime(answer.headers.get(b"date", b"").decode("latin-1")).timestamp()
        except ValueError:
            return False
        if code in _MAYBE_ABOUT_TIME and abs(theirs - signed_at) < TOLERANCE_SECONDS:
            return False
        self._offset = theirs - self._now()
        return True
