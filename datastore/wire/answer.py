"""An HTTP answer of DynamoDB's."""

from typing import NamedTuple

OK = 200
CHECKSUM = b"x-amz-crc32"


class Answer(NamedTuple):
    """Header names are in lower case."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes
