"""Load on one URL for some seconds: wrk where it is installed, autocannon from npm elsewhere."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
AUTOCANNON = HERE / "node_modules/autocannon/autocannon.js"


@dataclass(frozen=True)
class Target:
    """Where a request goes, and what it carries."""

    url: str
    api_key: str
    body: bytes


@dataclass(frozen=True)
class Load:
    """What the load generator saw; times in milliseconds."""

    requests: int
    seconds: float
    failed: int
    p50: float
    p99: float


def generator() -> str:
    return "wrk" if shutil.which("wrk") else "autocannon"


def has_generator() -> bool:
    return generator() == "wrk" or AUTOCANNON.exists()


def press(target: Target, *, seconds: float, connections: int, core: int, directory: Path) -> Load:
    """Keeps `connections` requests in flight for `seconds`."""
    body = directory / "body.json"
    body.write_bytes(target.body)
    run = _wrk if generator() == "wrk" else _autocannon
    return run(target, body=body, seconds=seconds, connections=connections, core=core)


def _wrk(target: Target, *, body: Path, seconds: float, connections: int, core: int) -> Load:
    script = str(HERE / "wrk.lua")
    command = ["wrk", "-t1", f"-c{connections}", f"-d{round(seconds)}s", "--timeout", "10s", "-s", script, target.url]
    seen = _last_json(command, core, {"BENCH_BODY": str(body), "BENCH_API_KEY": target.api_key})
    return Load(seen["requests"], seen["seconds"], seen["failed"], seen["p50"] / 1000, seen["p99"] / 1000)


def _autocannon(target: Target, *, body: Path, seconds: float, connections: int, core: int) -> Load:
    headers = ("content-type: application/json", "accept: application/json", f"x-api-key: {target.api_key}")
    command = ["node", str(AUTOCANNON), "--json", "--no-progress", "-m", "POST", "-i", str(body)]
    command += ["-c", str(connections), "-d", str(round(seconds)), *(f"-H{header}" for header in headers), target.url]
    seen = _last_json(command, core, {})
    failed = seen["errors"] + seen["timeouts"] + seen["non2xx"]
    return Load(seen["requests"]["total"], seen["duration"], failed, seen["latency"]["p50"], seen["latency"]["p99"])


def _last_json(command: list[str], core: int, env: dict[str, str]) -> Any:
    pinned = ["taskset", "-c", str(core), *command]
    done = subprocess.run(pinned, env={**os.environ, **env}, capture_output=True, check=True)  # noqa: S603
    return json.loads(done.stdout.strip().splitlines()[-1])
