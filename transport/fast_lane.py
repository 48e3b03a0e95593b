"""The short way for a POST that comes in one piece, over an idle connection, with a head that has been seen before.

It answers what the long way would, through httptools, ASGI and its layers, or leaves the request to that: whatever is
unusual about a request goes there, and only heads that came through there are known here.
"""

from asyncio import Task
from time import perf_counter
from typing import Any, Final, TypeAlias

from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT

from datastore.uuids import make_uuid
from transport.access_log import RequestLog
from transport.answer_bytes import answer_bytes, closes
from transport.answers import Answer, Refused, refused_answer
from transport.client_address import client_ip
from transport.connection_limits import LimitedHTTP
from transport.failures import masked
from transport.graphql_endpoint import EXPECTED, Asked, GraphQLEndpoint, refused_by
from transport.head_plans import HeadPlan, HeadPlans, header_lines, offer_head, part
from transport.request_parameters import from_body
from transport.request_record import RequestRecord

Peer: TypeAlias = tuple[str, int] | None

_FORWARDED_FOR: Final = "x-forwarded-for"


class FastLane:
    """What all connections share."""

    def __init__(self, endpoint: GraphQLEndpoint, log: RequestLog, plans: HeadPlans, path: str) -> None:
        self.plans = plans
        self.max_body_bytes = endpoint.max_body_bytes
        self._endpoint = endpoint
        self.log = log
        self._path = path
        self._defaults: tuple[object, bytes] = None, b""

    def defaults(self, headers: list[tuple[bytes, bytes]]) -> bytes:
        """As lines, made once for each list: uvicorn has a new one each second."""
        if self._defaults[0] is not headers:
            self._defaults = headers, header_lines(headers)
        return self._defaults[1]

    async def answer(self, plan: HeadPlan, body: bytes, peer: Peer, record: RequestRecord) -> Answer:
        answered = await masked(self._answer(plan, body, peer, record), record.request_id)
        return refused_answer(answered, record) if isinstance(answered, Refused) else answered

    def start_record(self) -> RequestRecord:
        return RequestRecord(make_uuid())

    def note(self, record: RequestRecord, status: int, seconds: float) -> None:
        self.log.note(record, self._path, status, seconds)

    async def _answer(self, plan: HeadPlan, body: bytes, peer: Peer, record: RequestRecord) -> Answer:
        forwarded_for = (plan.headers[_FORWARDED_FOR],) if _FORWARDED_FOR in plan.headers else ()
        address = client_ip(forwarded_for, peer, proxies=self._endpoint.proxies)
        try:
            asked = Asked(from_body(body), plan.headers, "POST", plan.media_type, address)
            return await self._endpoint.answer(asked, record)
        except EXPECTED as error:
            return refused_answer(refused_by(error), record)


class FastHTTP(LimitedHTTP):
    """Pass it as `http=partial(FastHTTP, lane=lane)`."""

    def __init__(self, *args: Any, lane: FastLane, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lane = lane
        self._task: Task[None] | None = None  # answers a request that came the short way
        self._waiting = bytearray()  # what came meanwhile
        self._ends = False  # with that answer, as the server is stopping
        self._answered_at = 0.0

    def data_received(self, data: bytes) -> None:
        if self._task is not None:
            self._waiting += data
            if len(self._waiting) > HIGH_WATER_LIMIT:
                self.flow.pause_reading()
            return
        parted = part(data) if self._is_between_requests() else None
        if parted is None:
            super().data_received(data)
        elif (plan := self._lane.plans.get(parted.head)) and len(parted.body) <= self._lane.max_body_bytes:
            self._stop_deadline()
            self._task = self.loop.create_task(self._serve(plan, parted.body))
            self.tasks.add(self._task)
        else:
            super().data_received(data)
            if self.cycle is not None and not self.cycle.response_complete:
                offer_head(self.cycle.scope, parted.head)  # type: ignore[arg-type] # uvicorn's names for ASGI's

    def shutdown(self) -> None:
        if self._task is None:
            super().shutdown()
        else:
            self._ends = True

    def timeout_keep_alive_handler(self) -> None:
        """One timer for many requests: it may have been set long before the last one."""
        self.timeout_keep_alive_task = None
        left = self._answered_at + self.timeout_keep_alive - self.loop.time()
        if self._task is not None or left > 0:
            self._keep_alive(left if self._task is None else self.timeout_keep_alive)
        else:
            super().timeout_keep_alive_handler()

    def _is_between_requests(self) -> bool:
        return not (self._has_head or self._head_bytes or super()._is_answering() or self.transport.is_closing())

    def _is_answering(self) -> bool:
        return self._task is not None or super()._is_answering()

    def _keep_alive(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    async def _serve(self, plan: HeadPlan, body: bytes) -> None:
        record, started, status, sent = self._lane.start_record(), perf_counter(), 0, False
        try:
            answered = await self._lane.answer(plan, body, self.client, record)
            status = answered.status
            if self.flow.write_paused:
                await self.flow.drain()
            self._send(answered, plan, record.request_id)
            sent = True
        finally:
            self._lane.note(record, status, perf_counter() - started)
            self._ends |= not sent
            self._finish()

    def _send(self, answered: Answer, plan: HeadPlan, request_id: str) -> None:
        if self.transport.is_closing():  # the caller has hung up
            return
        self._ends |= closes(answered)
        defaults = self._lane.defaults(self.server_state.default_headers)
        self.transport.write(answer_bytes(answered, plan, request_id, defaults=defaults, ends=self._ends))

    def _finish(self) -> None:
        """As on_response_complete, and then whatever has come meanwhile."""
        self.server_state.total_requests += 1
        self.tasks.discard(self._task)
        self._task = None
        if self._ends:
            self.transport.close()
        if self.transport.is_closing():
            return
        self._answered_at = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._keep_alive(self.timeout_keep_alive)
        if self._waiting:
            waiting, self._waiting = bytes(self._waiting), bytearray()
            self.flow.resume_reading()
            self.data_received(waiting)
