"""Answers are read from bytes, whatever the pieces they come in and whatever the bytes."""

import zlib

from hypothesis import given, settings
from hypothesis import strategies as st

from datastore.wire.answer import Answer
from datastore.wire.answer_reader import AnswerReader
from datastore.wire.failures import NotAnswered
from tests.datastore.wire.scripted_server import answer

BODIES = st.binary(max_size=200)
CUTS = st.lists(st.integers(1, 40), max_size=60)


def chunked(body: bytes, sizes: list[int]) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Amz-Crc32: {zlib.crc32(body)}\r\n\r\n".encode()
    chunks = (b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces(body, sizes))
    return head + b"".join(chunks) + b"0\r\n\r\n"


def pieces(data: bytes, sizes: list[int]) -> list[bytes]:
    cut = []
    for size in sizes:
        cut.append(data[:size])
        data = data[size:]
    return [piece for piece in [*cut, data] if piece]


def read(reader: AnswerReader, data: list[bytes]) -> list[Answer]:
    found = (reader.feed(piece) for piece in data)
    return [each for each in found if each is not None]


@settings(deadline=None, print_blob=True)
@given(bodies=st.lists(BODIES, min_size=1, max_size=4), cuts=CUTS, sizes=CUTS, in_chunks=st.booleans())
def test_answers_that_follow_one_another_on_a_connection_are_each_read_whole(
    bodies: list[bytes], cuts: list[int], sizes: list[int], in_chunks: bool
) -> None:
    reader = AnswerReader()
    for body in bodies:
        (found,) = read(reader, pieces(chunked(body, sizes) if in_chunks else answer(body), cuts))
        assert (found.status, found.body) == (200, body)
        assert found.headers[b"x-amz-crc32"] == b"%d" % zlib.crc32(body)
        assert reader.keeps_alive


@settings(deadline=None, max_examples=500, print_blob=True)
@given(
    body=BODIES, cuts=CUTS, position=st.integers(min_value=0), junk=st.binary(max_size=8), shortened=st.integers(0, 9)
)
def test_bytes_gone_wrong_are_an_answer_no_answer_or_a_refusal_and_nothing_else(
    body: bytes, cuts: list[int], position: int, junk: bytes, shortened: int
) -> None:
    whole = answer(body)
    place = position % len(whole)
    spoilt = whole[:place] + junk + whole[place + shortened :]
    reader = AnswerReader()
    try:
        found = read(reader, pieces(spoilt, cuts)) or [reader.end()]
    except NotAnswered:
        assert not reader.keeps_alive
    else:
        assert all(each is None or isinstance(each, Answer) for each in found)


def test_names_of_headers_are_in_lower_case() -> None:
    found = AnswerReader().feed(answer(b"{}", headers="X-AMZN-RequestId: Ab\r\n"))
    assert found is not None
    assert found.headers[b"x-amzn-requestid"] == b"Ab"


def test_an_end_without_an_answer_is_none() -> None:
    reader = AnswerReader()
    assert reader.end() is None
    assert reader.feed(b"HTTP/1.1 200 OK\r\n") is None
    assert reader.end() is None
