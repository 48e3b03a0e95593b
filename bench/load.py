"""Load on one URL for some seconds: wrk where it is installed, autocannon from npm elsewhere."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.processes import pinned

HERE = Path(__file__).parent
AUTOCANNON = HERE / "node_modules/autocannon/autocannon.js"
TIMEOUT_SECONDS = 120.0


class NoLoad(Exception):  # noqa: N818 - says what went wrong, as everywhere here
    """The load generator gave no figures."""


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
    command += [
        "-c",
        str(connections),
        "-d",
        str(round(seconds)),
        *(part for header in headers for part in ("-H", header)),
        target.url,
    ]
    seen = _last_json(command, core, {})
    failed = seen["errors"] + seen["timeouts"] + seen["non2xx"]
    return Load(seen["requests"]["total"], seen["duration"], failed, seen["latency"]["p50"], seen["latency"]["p99"])


def _last_json(command: list[str], core: int, env: dict[str, str]) -> Any:
    try:
        with pinned(core):
            done = subprocess.run(  # noqa: S603 - the two commands above
                command,
                env={**os.environ, **env},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=True,
                timeout=TIMEOUT_SECONDS,
            )
    except subprocess.CalledProcessError as failure:
        raise NoLoad(f"{command[0]} failed: {failure.stderr.decode(errors='replace')[-500:]}") from failure
    except subprocess.TimeoutExpired as failure:
        raise NoLoad(f"{command[0]} did not end within {TIMEOUT_SECONDS} s.") from failure
    return json.loads(done.stdout.strip().splitlines()[-1])
