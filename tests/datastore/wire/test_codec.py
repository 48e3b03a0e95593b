"""DynamoDB's JSON in and out."""

import zlib
from base64 import b64encode
from types import MappingProxyType
from typing import Any

import orjson
import pytest

from datastore.errors import StoreFault
from datastore.wire.answer import Answer
from datastore.wire.codec import decode, encode, refusal
from datastore.wire.failures import NotAnswered


def answered(content: Any, *, status: int = 200, **headers: bytes) -> Answer:
    body = content if isinstance(content, bytes) else orjson.dumps(content)
    return Answer(status, {name.replace("_", "-").encode(): value for name, value in headers.items()}, body)


def test_bytes_go_out_as_base64() -> None:
    for data in (b"\0\xff", bytearray(b"\0\xff")):
        assert encode("PutItem", {"Item": {"a": {"B": data}}}) == b'{"Item":{"a":{"B":"AP8="}}}'


def test_mappings_and_tuples_go_out_as_what_they_are() -> None:
    assert encode("GetItem", MappingProxyType({"Keys": ({"a": MappingProxyType({"S": "é"})},)})) == (
        '{"Keys":[{"a":{"S":"é"}}]}'.encode()
    )


def test_numbers_come_in_as_the_text_they_were() -> None:
    numbers = ["1E-130", "9.9999999999999999999999999999999999999E+125", "0.10", "-0"]
    content = {"Item": {"list": {"L": [{"N": number} for number in numbers]}, "set": {"NS": numbers}}}
    assert decode(answered(content)) == content


ENCODED = b64encode(b"\0\xff").decode()


@pytest.mark.parametrize(
    ("wire", "read"),
    [
        ({"a": {"B": ENCODED}}, {"a": {"B": b"\0\xff"}}),
        ({"a": {"B": ""}}, {"a": {"B": b""}}),
        ({"a": {"BS": [ENCODED, ""]}}, {"a": {"BS": [b"\0\xff", b""]}}),
        ({"a": {"L": [{"B": ENCODED}, {"S": ENCODED}]}}, {"a": {"L": [{"B": b"\0\xff"}, {"S": ENCODED}]}}),
        # an attribute, and a member of a map, that are called B or BS
        ({"B": {"S": ENCODED}}, {"B": {"S": ENCODED}}),
        ({"B": {"B": ENCODED}}, {"B": {"B": b"\0\xff"}}),
        ({"a": {"M": {"B": {"S": "x"}}}}, {"a": {"M": {"B": {"S": "x"}}}}),
        ({"a": {"M": {"BS": {"L": [{"S": "x"}]}}}}, {"a": {"M": {"BS": {"L": [{"S": "x"}]}}}}),
        ({"a": {"S": '{"B":"AP8="}'}}, {"a": {"S": '{"B":"AP8="}'}}),
        ({"a": {"SS": ["B", "BS"]}}, {"a": {"SS": ["B", "BS"]}}),
    ],
    ids=str,
)
def test_base64_comes_in_as_bytes_and_nothing_else_does(wire: Any, read: Any) -> None:
    assert decode(answered({"Item": wire})) == {"Item": read}
    assert decode(answered(orjson.dumps({"Item": wire}, option=orjson.OPT_INDENT_2))) == {"Item": read}


def test_a_checksum_is_checked_where_there_is_one() -> None:
    body = b'{"a":1}'
    assert decode(answered(body, x_amz_crc32=b"%d" % zlib.crc32(body))) == {"a": 1}
    for wrong in (b"1", b"", b"x"):
        with pytest.raises(NotAnswered, match="CRC-32"):
            decode(answered(body, x_amz_crc32=wrong))


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"null", b"\xff", b'{"a":NaN}', b"[" * 100_000])
def test_what_is_no_json_object_is_no_answer(body: bytes) -> None:
    with pytest.raises(NotAnswered):
        decode(answered(body))


@pytest.mark.parametrize(
    ("content", "headers", "code", "message"),
    [
        ({"__type": "com.amazonaws.dynamodb.v20120810#Busy", "message": "m"}, {}, "Busy", "m"),
        ({"__type": "Busy", "Message": "M"}, {}, "Busy", "M"),
        ({"__type": "Busy:http://internal/"}, {}, "Busy", ""),
        ({}, {"x_amzn_errortype": b"a.b#Busy:more"}, "Busy", ""),
        ({}, {}, "503", ""),
        (b"<html>", {}, "503", ""),
        ({"__type": None, "message": None}, {}, "503", ""),
    ],
    ids=str,
)
def test_an_error_has_its_code_and_message_wherever_they_stand(
    content: Any, headers: dict[str, bytes], code: str, message: str
) -> None:
    response = refusal(answered(content, status=503, **headers))
    assert response["Error"] == {"Code": code, "Message": message}
    assert response["ResponseMetadata"] == {"HTTPStatusCode": 503}


def test_an_error_brings_items_with_their_bytes() -> None:
    response = refusal(answered({"__type": "#C", "Item": {"a": {"B": ENCODED}}}, status=400))
    assert response["Item"] == {"a": {"B": b"\0\xff"}}


def test_what_is_not_of_the_api_is_named() -> None:
    with pytest.raises(StoreFault, match="GetItem can't be written as JSON"):
        encode("GetItem", {"Key": object()})
