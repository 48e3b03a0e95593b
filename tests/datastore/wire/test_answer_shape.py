"""The short cut for answers like the ones before reads what the parser reads, or leaves it to the parser."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datastore.wire.answer import CHECKSUM
from datastore.wire.answer_reader import AnswerReader
from datastore.wire.answer_shape import shape_of
from datastore.wire.failures import NotAnswered
from tests.datastore.wire.scripted_server import answer

LINES = st.sampled_from(
    [
        "Server: Server\r\n",
        "Date: Tue, 24 Nov 2026 12:00:00 GMT\r\n",
        "Content-Type: application/x-amz-json-1.0\r\n",
        "x-amzn-RequestId: QJ2EKD9\r\n",
        "Connection: keep-alive\r\n",
        "Connection: Keep-Alive\r\n",
        "Connection: close\r\n",
        "Content-Length: 3\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Upgrade: h2c\r\n",
        "empty:\r\n",
        "padded:  a b \r\n",
        "nonsense\r\n",
        " folded\r\n",
    ]
)
HEADERS = st.lists(LINES, max_size=4).map("".join)
SPLICES = st.tuples(st.integers(min_value=0), st.integers(0, 3), st.binary(max_size=4))


def outcome(reader: AnswerReader, data: bytes) -> object:
    try:
        found = reader.feed(data)
    except NotAnswered:
        return "refused"
    return (found and (found.status, found.body, found.headers.get(CHECKSUM)), reader.keeps_alive)


def like(body: bytes) -> bytes:
    """An answer as DynamoDB gives it."""
    return answer(body, headers="Server: Server\r\nConnection: keep-alive\r\nx-amzn-RequestId: QJ2EKD9\r\n")


@settings(deadline=None, max_examples=1000, print_blob=True)
@given(before=HEADERS, after=st.none() | HEADERS, body=st.binary(max_size=40), splice=st.none() | SPLICES)
def test_an_answer_is_read_after_others_as_it_is_on_a_new_connection(
    before: str, after: str | None, body: bytes, splice: tuple[int, int, bytes] | None
) -> None:
    practised = AnswerReader()
    data = answer(body, headers=before if after is None else after)
    if splice:
        place, removed, junk = splice[0] % len(data), *splice[1:]
        data = data[:place] + junk + data[place + removed :]
    outcome(practised, answer(b"{}", headers=before))
    if practised.keeps_alive:
        assert outcome(practised, data) == outcome(AnswerReader(), data)


@pytest.mark.parametrize(
    "data",
    [
        like(b"{}") + like(b"{}"),
        like(b"{}")[:-1],
        like(b"{}") + b"x",
        like(b"{}").replace(b"200 OK", b"400 Bad Request"),
        like(b"{}").replace(b"HTTP/1.1", b"HTTP/1.0"),
        like(b"{}").replace(b"keep-alive", b"close"),
        like(b"{}").replace(b"QJ2EKD9", b"QJ2\x01KD9"),
        like(b"{}").replace(b"\r\nx-amzn", b"\nx-amzn"),
    ],
)
def test_what_is_not_as_usual_is_left_to_the_parser(data: bytes) -> None:
    reader = AnswerReader()
    reader.feed(like(b"{}"))
    assert outcome(reader, data) == outcome(AnswerReader(), data)


def test_the_rest_of_an_answer_that_began_in_pieces_is_not_taken_for_one() -> None:
    """Its body looks like an answer of the usual shape."""
    reader, inner = AnswerReader(), like(b"{}")
    assert reader.feed(like(b"{}")) is not None
    outer = like(inner)
    cut = len(outer) - len(inner)
    assert reader.feed(outer[:cut]) is None
    found = reader.feed(outer[cut:])
    assert found is not None
    assert found.body == inner


@pytest.mark.parametrize(
    "names",
    [
        (b"content-length",),
        (b"x-amz-crc32",),
        (b"content-length", b"x-amz-crc32", b"Transfer-Encoding"),
        (b"content-length", b"x-amz-crc32", b"upgrade"),
        (b"content-length", b"x-amz-crc32", b"Content-Length"),
    ],
)
def test_heads_that_leave_a_doubt_have_no_shape(names: tuple[bytes, ...]) -> None:
    assert shape_of(names) is None
    assert shape_of((b"Content-Length", b"x-amz-crc32")) is not None
