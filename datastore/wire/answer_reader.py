"""HTTP answers, read from the bytes of one connection."""

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from datastore.wire.answer import Answer
from datastore.wire.answer_shape import AnswerShape, shape_of
from datastore.wire.failures import NotAnswered

# The largest answer is a BatchGetItem of 16 MB, in which each character may be spelled with six bytes.
MAX_BODY_BYTES = 128 * 1024 * 1024
MAX_HEADERS = 100
_LEAST_FINAL_STATUS = 200


class AnswerReader:
    """`keeps_alive`: whether another request may follow the last answer on its connection."""

    def __init__(self) -> None:
        self.keeps_alive = True
        self._parser = HttpResponseParser(self)
        self._answer: Answer | None = None
        self._headers: dict[bytes, bytes] = {}
        self._body: list[bytes] = []
        self._size = 0
        self._names: list[bytes] = []
        self._ends_with_connection = False
        self._shape: AnswerShape | None = None
        self._begun = False

    def feed(self, data: bytes) -> Answer | None:
        """The answer, if this is its end. Raises NotAnswered for what is not HTTP."""
        if self._shape and not self._begun and (answer := self._shape.read(data)):
            return answer
        return self._parse(data)

    def _parse(self, data: bytes) -> Answer | None:
        self._begun = True
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            self.keeps_alive = False
            if self._answer is None:
                raise NotAnswered(f"The answer is not HTTP as it should be: {error.__context__ or error}") from error
        answer, self._answer = self._answer, None
        if answer:
            self._begun = False
            self._shape = shape_of(tuple(self._names)) if self.keeps_alive else None
        return answer

    def end(self) -> Answer | None:
        """The connection is closed: the end of an answer that gave no length, if there is one."""
        if self._ends_with_connection:
            self.on_message_complete()
        return self._answer

    def on_message_begin(self) -> None:
        if self._answer is not None:
            raise ValueError("more than one answer to one request")
        self._headers = {}
        self._names = []
        self._body = []
        self._size = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.lower()] = value
        self._names.append(name)
        if len(self._headers) > MAX_HEADERS:
            raise ValueError(f"more than {MAX_HEADERS} headers")

    def on_headers_complete(self) -> None:
        length = self._headers.get(b"content-length")
        if length is None:
            self._ends_with_connection = b"transfer-encoding" not in self._headers and self._is_final()
        elif int(length) > MAX_BODY_BYTES:
            raise ValueError(f"a body of {int(length)} bytes, where at most {MAX_BODY_BYTES} are read")

    def on_body(self, part: bytes) -> None:
        self._body.append(part)
        self._size += len(part)
        if self._size > MAX_BODY_BYTES:
            raise ValueError(f"a body of more than {MAX_BODY_BYTES} bytes")

    def on_message_complete(self) -> None:
        if self._is_final():  # 100 Continue and its kin announce the answer
            self._ends_with_connection = False
            self.keeps_alive = self._parser.should_keep_alive()
            self._answer = Answer(self._parser.get_status_code(), self._headers, b"".join(self._body))

    def _is_final(self) -> bool:
        return self._parser.get_status_code() >= _LEAST_FINAL_STATUS
