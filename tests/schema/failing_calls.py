"""An application that is cut off from the table in the middle of a request (T5)."""

from collections.abc import Mapping
from typing import Any

from datastore.errors import Unavailable
from tests.api import Api
from tests.recording_client import Sent


def fail_from(api: Api, number: int, *, lost: bool) -> None:
    """From its call of this number on; where the answer is `lost`, what was called for happens, unseen."""
    calls = 0

    def count(*_: Any) -> bool:
        nonlocal calls
        calls += 1
        return calls >= number

    def before(sent: Sent) -> None:
        if not lost and count():
            raise Unavailable("out of reach")

    def after(sent: Sent, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        if lost and count():
            raise Unavailable("out of reach")
        return answer

    api.client.before, api.client.after = before, after
