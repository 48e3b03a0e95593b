"""python -m bench.endurance: how this server starts, holds many connections, and holds its memory."""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.answers import Running, check
from bench.contestants import CONTESTANTS, PYTHON
from bench.fixture import API_KEY
from bench.load import Load, Target, press
from bench.machine import Machine
from bench.operations import OPERATIONS
from bench.paced import Pace, p99
from bench.processes import Cores, free_port, pinned, resident_bytes, started

SERVER = next(each for each in CONTESTANTS if each.letter == "d")
FEW = 16
SHORT = 0.02
KEY = OPERATIONS[0]


@dataclass(frozen=True)
class Plan:
    """How often, how long, and how many."""

    starts: int
    rounds: int
    seconds: int
    connections: int
    rate: int
    requests: int


@dataclass(frozen=True)
class Endurance:
    """One run against a canned endpoint, on two cores."""

    plan: Plan
    cores: Cores
    directory: Path
    endpoint: str

    def lines(self) -> Iterator[str]:
        yield f"cold start, to the first connection   {median(self._starts()):8.2f} s   (at most 2)"
        with self._server() as running:
            check(running)
            few, many = self._latencies(running)
            yield f"p99 with {FEW} connections              {few:8.2f} ms"
            times = f"{many / few:.1f} times (at most 5)"
            yield f"p99 with {self.plan.connections:,} connections           {many:8.2f} ms   {times}"
            usual, slow = self._saturated(running)
            yield f"median of {self.plan.connections:,} that never pause     {usual:8.0f} ms"
            yield f"p99 of {self.plan.connections:,} that never pause        {slow:8.0f} ms   {slow / usual:.1f} times"
        with self._server(identity_seconds=SHORT) as running:
            check(running)
            before, after, again = self._memory(running)
            yield f"memory when warm                      {before:8.0f} MB"
            yield f"memory after {self.plan.requests:,} requests        {after:8.0f} MB   (at most 150)"
            yield f"memory after twice as many            {again:8.0f} MB"

    def _starts(self) -> list[float]:
        taken = []
        for _ in range(self.plan.starts):
            begun = time.monotonic()
            with self._server():
                taken.append(time.monotonic() - begun)
        return taken

    def _latencies(self, running: Running) -> tuple[float, float]:
        """At one rate, in turns, as a machine is not the same all the time. One round more than asked for warms up."""
        target = Target(running.url, running.api_key, KEY.body)
        taken: dict[int, list[float]] = {FEW: [], self.plan.connections: []}
        for number in range(self.plan.rounds + 1):
            for connections, figures in taken.items():
                with pinned(self.cores.load):
                    found = p99(target, Pace(connections, self.plan.rate, self.plan.seconds))
                self._say(f"round {number}: {connections} connections, p99 {found:.2f} ms")
                figures += [found] if number else []
        return median(taken[FEW]), median(taken[self.plan.connections])

    def _saturated(self, running: Running) -> tuple[float, float]:
        """All come at once and ask all they can: whether everybody is heard, or some wait for the others to be done."""
        loads = [self._press(running, self.plan.connections) for _ in range(self.plan.rounds + 1)][1:]
        return median(load.p50 for load in loads), median(load.p99 for load in loads)

    def _memory(self, running: Running) -> tuple[float, float, float]:
        """Identities are read anew as often as in hours of service: what is kept of each reading would be seen."""
        figures = [resident_bytes(running.pid) / 1e6]
        for _ in range(2):
            done = 0
            while done < self.plan.requests:
                done += self._press(running, FEW).requests
                self._say(f"{done:,} requests, {resident_bytes(running.pid) / 1e6:.0f} MB")
            figures.append(resident_bytes(running.pid) / 1e6)
        before, after, again = figures
        return before, after, again

    def _press(self, running: Running, connections: int) -> Load:
        target, core = Target(running.url, running.api_key, KEY.body), self.cores.load
        load = press(target, seconds=self.plan.seconds, connections=connections, core=core, directory=self.directory)
        if load.failed or not load.requests:
            raise SystemExit(f"{load.failed} of {load.requests} answers failed under load.")
        self._say(f"{connections} connections that never pause: p50 {load.p50:.0f} ms, p99 {load.p99:.0f} ms")
        return load

    @contextmanager
    def _server(self, identity_seconds: float = 5) -> Iterator[Running]:
        port, data, identity = free_port(), str(self.directory / "data"), f"{identity_seconds:g}"
        command, env = SERVER.filled(port=str(port), endpoint=self.endpoint, data=data, identity=identity)
        log = self.directory / "server.log"
        with started(command, core=self.cores.server, port=port, env=env, log=log) as process:
            yield Running(SERVER, process.pid, f"http://127.0.0.1:{port}/graphql", API_KEY)

    def _say(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    plan = Plan(**vars(_parser().parse_args(arguments)))
    before, cores, port = Machine.now(), Cores.available(), free_port()
    with TemporaryDirectory(prefix="kv-endurance-") as name:
        command, log = [PYTHON, "-m", "bench.canned", str(port)], Path(name) / "canned.log"
        with started(command, core=cores.load, port=port, env={}, log=log):
            for line in Endurance(plan, cores, Path(name), f"http://127.0.0.1:{port}").lines():
                print(line, flush=True)
    print(
        f"\nMedians of {plan.starts} starts and {plan.rounds} turns of {plan.seconds} s, {plan.rate} requests a second;"
        f" {Machine.now().elsewhere_since(before):.0%} of the machine's time went to other programs and its host."
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.endurance", description=__doc__)
    parser.add_argument("--starts", type=int, default=5, help="how often the server is started")
    parser.add_argument("--rounds", type=int, default=5, help="turns with few and with many connections")
    parser.add_argument("--seconds", type=int, default=5, help="length of a turn")
    parser.add_argument("--connections", type=int, default=1000, help="how many are many")
    parser.add_argument("--rate", type=int, default=500, help="requests a second, over few or many connections")
    parser.add_argument("--requests", type=int, default=100_000, help="after how many memory is looked at, twice")
    return parser


if __name__ == "__main__":
    sys.exit(main())
