"""DynamoDB's JSON: parameters and answers as boto3 has them, with bytes where the wire has base64."""

import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import orjson

from datastore.errors import StoreFault
from datastore.reads import Reads
from datastore.wire.answer import Answer
from datastore.wire.failures import NotAnswered


def encode(action: str, parameters: Mapping[str, Any]) -> bytes:
    """A transaction without a token gets one here, before the first attempt, so that all attempts are one."""
    if action == "TransactWriteItems" and "ClientRequestToken" not in parameters:
        parameters = {**parameters, "ClientRequestToken": str(uuid4())}
    try:
        return orjson.dumps(parameters, default=_encode_other)
    except TypeError as error:
        raise StoreFault("ValidationException", f"{action} can't be written as JSON: {error}") from error


def decode(answer: Answer, reads: Reads | None = None) -> Any:
    """The answer's JSON, as `reads` has it if that can. Raises NotAnswered where the body is not what DynamoDB sent."""
    body = answer.body
    checksum = answer.headers.get(b"x-amz-crc32")
    if checksum is not None and checksum != b"%d" % zlib.crc32(body):
        raise NotAnswered(f"The answer is not what was sent: its CRC-32 is {zlib.crc32(body)}, not {checksum!r}.")
    if reads and (read := reads(body)) is not None:
        return read
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise NotAnswered(f"The answer of {len(body)} bytes is not JSON.") from error
    if not isinstance(content, dict):
        raise NotAnswered("The answer is not a JSON object.")
    return with_bytes(content) if b'"B"' in body or b'"BS"' in body else content


def refusal(answer: Answer) -> dict[str, Any]:
    """An error as boto3 gives it. One without JSON, from a proxy most likely, has its status for a code."""
    try:
        content = decode(answer)
    except NotAnswered:
        content = {}
    kind = content.get("__type") or answer.headers.get(b"x-amzn-errortype", b"").decode("latin-1")
    code = str(kind).rpartition("#")[2].partition(":")[0] or str(answer.status)
    message = content.get("message") or content.get("Message") or ""
    return {
        **content,
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": answer.status},
    }


def _encode_other(value: Any) -> Any:
    match value:
        case bytes() | bytearray():
            return b64encode(value).decode()
        case Mapping():
            return dict(value)
    raise TypeError(f"{type(value).__name__} is not part of DynamoDB's API")


def with_bytes(content: Any) -> Any:
    """A map whose one member is B and a string is a tagged value: members of DynamoDB's maps are tagged themselves."""
    match content:
        case {"B": str(text)} if len(content) == 1:
            return {"B": b64decode(text)}
        case {"BS": [str(), *_] as texts} if len(content) == 1:
            return {"BS": [b64decode(text) for text in texts]}
        case dict():
            return {name: with_bytes(member) for name, member in content.items()}
        case list():
            return [with_bytes(element) for element in content]
    return content
