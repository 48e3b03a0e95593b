"""A load at a given rate over any number of kept connections: what holding them costs, apart from being busy."""

import asyncio
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bench.load import NoLoad, Target


@dataclass(frozen=True)
class Pace:
    """So many requests a second, spread evenly over all connections."""

    connections: int
    per_second: float
    seconds: float


@dataclass
class _Times:
    milliseconds: list[float] = field(default_factory=list)


def p99(target: Target, pace: Pace) -> float:
    """In milliseconds, from when a request was due: one that has to wait for another counts its wait."""
    times = _Times()
    asyncio.run(_all(target, pace, times))
    ordered = sorted(times.milliseconds)
    if not ordered:
        raise NoLoad("No request was answered.")
    return ordered[int(len(ordered) * 0.99)]


async def _all(target: Target, pace: Pace, times: _Times) -> None:
    url = urlsplit(target.url)
    pairs = [await asyncio.open_connection(url.hostname, url.port) for _ in range(pace.connections)]
    begun = time.perf_counter() + 0.2
    async with asyncio.TaskGroup() as tasks:
        for number, (reader, writer) in enumerate(pairs):
            tasks.create_task(_one(reader, writer, target, pace, begun + number / pace.per_second, times))
    for _, writer in pairs:
        writer.close()


async def _one(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    target: Target,
    pace: Pace,
    due: float,
    times: _Times,
) -> None:
    end = due + pace.seconds
    request = _request(target)
    while due < end:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 "):
            raise NoLoad(f"The server answered {head[:100]!r}.")
        length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(length)
        times.milliseconds.append((time.perf_counter() - due) * 1000)
        due += pace.connections / pace.per_second


def _request(target: Target) -> bytes:
    head = (
        f"POST {urlsplit(target.url).path} HTTP/1.1\r\nHost: {urlsplit(target.url).netloc}\r\n"
        f"Content-Type: application/json\r\nx-api-key: {target.api_key}\r\nContent-Length: {len(target.body)}\r\n\r\n"
    )
    return head.encode() + target.body
