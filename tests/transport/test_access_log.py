"""The log: one JSON line for each request, and nothing in it that was not meant for it (A11, O3)."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
import structlog

from transport.access_log import configure

Make = Callable[..., httpx2.AsyncClient]
CANARY = "canary-7f3a9c"


class Log(io.StringIO):
    flush_lines: Callable[[], None]

    def lines(self) -> list[dict[str, Any]]:
        self.flush_lines()
        return [json.loads(line) for line in self.getvalue().splitlines()]

    def requests(self) -> list[dict[str, Any]]:
        return [line for line in self.lines() if line["event"] == "request"]


@pytest.fixture
def log() -> Iterator[Log]:
    stream = Log()
    handlers, level = logging.root.handlers[:], logging.root.level
    stream.flush_lines = configure("info", stream).flush
    yield stream
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


async def test_a_request_is_one_line(client: httpx2.AsyncClient, log: Log) -> None:
    query = 'query Find { hello boom2: refuse(how: "bad") { key } }'
    response = await client.post("/graphql", json={"query": query}, headers={"x-request-id": "r-1"})
    assert response.status_code == 200
    [line] = log.lines()
    assert line.pop("duration_ms") >= 0
    assert line.pop("ts").endswith("Z")
    assert line == {
        "event": "request",
        "level": "info",
        "request_id": "r-1",
        "user_id": "user-1",
        "operation": "query",
        "operation_name": "Find",
        "status": 200,
        "codes": ["BAD_USER_INPUT"],
        "store_calls": 3,
    }


async def test_a_refused_request_has_its_line_too(make_client: Make, log: Log) -> None:
    await make_client(headers={}).post("/graphql", json={"query": "{ hello }"})
    [line] = log.requests()
    assert (line["status"], line["codes"], line["operation"]) == (401, ["UNAUTHENTICATED"], "query")
    assert "user_id" not in line


async def test_too_long_an_operation_name_is_left_out(client: httpx2.AsyncClient, log: Log) -> None:
    await client.post("/graphql", json={"query": f"query {'a' * 66} {{ hello }}"})
    [line] = log.requests()
    assert "operation_name" not in line


async def test_health_is_only_logged_for_debugging(client: httpx2.AsyncClient, log: Log) -> None:
    for path in ("/healthz", "/readyz"):
        await client.get(path)
    assert log.lines() == []
    log.flush_lines = configure("debug", log).flush
    await client.get("/healthz")
    assert [line["level"] for line in log.requests()] == ["debug"]


async def test_an_unexpected_failure_is_logged_once_with_its_traceback(client: httpx2.AsyncClient, log: Log) -> None:
    response = await client.post("/graphql", json={"query": "{ boom }"})
    [failure, request] = log.lines()
    assert failure["event"] == "internal_error"
    assert failure["request_id"] == request["request_id"] == response.headers["x-amzn-requestid"]
    assert "Traceback" in failure["exception"]
    assert "_boom" in failure["exception"]


async def test_no_text_of_a_caller_forges_a_line(make_client: Make, log: Log) -> None:
    forged = '\n{"level":"info","event":"forged"}'
    client = make_client(headers={"x-api-key": "good"})
    await client.post("/graphql", json={"query": f"{{ hello(name: {json.dumps(forged)}) }}", "operationName": forged})
    await client.post("/graphql" + forged.replace("\n", "%0a"), content=forged)
    await client.post("/graphql", content=forged, headers={"content-type": "application/json"})
    assert {line["event"] for line in log.lines()} == {"request"}


async def test_no_secret_and_no_value_is_logged(make_client: Make, log: Log) -> None:
    headers = {
        "x-api-key": "good",
        "authorization": f"Bearer {CANARY}",
        "cookie": f"session={CANARY}",
        "user-agent": CANARY,
        "x-request-id": f"{CANARY}!",
        "referer": f"http://localhost/{CANARY}",
        "x-amz-security-token": CANARY,
    }
    bodies: list[Any] = [
        {"query": f'{{ hello(name: "{CANARY}") }}'},
        {"query": "query ($v: Anything) { echo(value: $v) }", "variables": {"v": CANARY}},
        {"query": "query ($v: Int!) { count(of: $v) }", "variables": {"v": CANARY}},
        {"query": f'mutation {{ signUp(input: {{email: "{CANARY}", password: "{CANARY}"}}) }}'},
        {"query": f'{{ refuse(how: "{CANARY}") {{ key }} }}'},
        {"query": f"{{ {CANARY.replace('-', '_')}: hello }}"},
        {"query": "{ hello }", "operationName": CANARY},
        {"query": "{ hello }", "extensions": {"x": CANARY}},
        {"query": CANARY},
        [CANARY],
    ]
    for body in bodies:
        for key in ("good", CANARY, "down"):
            await make_client(headers={**headers, "x-api-key": key}).post("/graphql", json=body)
    await make_client(headers=headers).get("/graphql", params={"query": "{ hello }", "variables": f'"{CANARY}"'})
    await make_client(headers=headers).get(f"/{CANARY}")
    assert len(log.requests()) == 3 * len(bodies) + 2
    assert CANARY.replace("-", "_") not in log.getvalue()
    # Of an unexpected failure the log keeps all that there is to find it by, the message it came with too.
    assert CANARY not in json.dumps([{**line, "exception": ""} for line in log.lines()])


def test_lines_of_libraries_have_the_same_form(log: Log) -> None:
    logging.getLogger("uvicorn.error").warning("Invalid %s", "request")
    logging.getLogger("botocore").info("with all its values")
    [line] = log.lines()
    assert (line["event"], line["level"], line["logger"]) == ("Invalid request", "warning", "uvicorn.error")
