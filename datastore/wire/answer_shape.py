"""The head of an answer as its endpoint always writes it: once seen, the next one is read by a single match."""

import re
from collections.abc import Sequence
from functools import lru_cache

from datastore.wire.answer import CHECKSUM, OK, Answer

_STATUS_LINE = rb"HTTP/1\.1 200 OK\r\n"
_VALUES = {b"content-length": rb"(?P<length>[0-9]{1,9})", CHECKSUM: rb"(?P<crc>[0-9]+)", b"connection": rb"keep-alive"}
_ANY_VALUE = rb"[!-~](?:[ -~]*[!-~])?"
_LONG_WAY = {b"transfer-encoding", b"upgrade"}  # what else decides where an answer ends, and what comes behind it


class AnswerShape:
    """Reads a success with the same headers in the same order, if it is all that has arrived."""

    def __init__(self, names: Sequence[bytes]) -> None:
        lines = (re.escape(name) + b": " + _VALUES.get(name.lower(), _ANY_VALUE) + rb"\r\n" for name in names)
        pattern = re.compile(_STATUS_LINE + b"".join(lines) + rb"\r\n")
        self._match = pattern.match
        self._length = pattern.groupindex["length"]
        self._crc = pattern.groupindex["crc"]

    def read(self, data: bytes) -> Answer | None:
        """As the parser would, but with no header other than the checksum; None where the parser must say."""
        head = self._match(data)
        if head is None:
            return None
        body = data[head.end() :]
        return Answer(OK, {CHECKSUM: head[self._crc]}, body) if int(head[self._length]) == len(body) else None


@lru_cache(16)
def shape_of(names: tuple[bytes, ...]) -> AnswerShape | None:
    """The shape of answers with these headers, as they are spelled, where they leave no doubt of the answer's end."""
    lower = [name.lower() for name in names]
    plain = len(set(lower)) == len(lower) and _LONG_WAY.isdisjoint(lower)
    return AnswerShape(names) if plain and {b"content-length", CHECKSUM} <= set(lower) else None
