"""One run: every contestant started, checked, warmed, and measured in turn, round after round."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.answers import Running, WrongAnswer, check, fill
from bench.contestants import PYTHON, Contestant
from bench.fixture import API_KEY
from bench.load import Load, Target, press
from bench.operations import OPERATIONS, Operation
from bench.processes import Cores, cpu_seconds, free_port, resident_bytes, started
from bench.results import Figures, Sample

KEY_FILE = "admin-api-key"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How long to measure, and whom."""

    contestants: Sequence[Contestant]
    rounds: int
    seconds: int
    warm_seconds: int
    connections: int
    identity_seconds: float

    @property
    def turns(self) -> int:
        return self.rounds * len(self.contestants) * len(OPERATIONS)


@dataclass(frozen=True)
class Bench:
    """What all turns share."""

    plan: Plan
    cores: Cores
    directory: Path
    say: Say

    def measure(self) -> list[Sample]:
        with ExitStack() as stack:
            endpoint = stack.enter_context(self._endpoint())
            running = [stack.enter_context(self._started(each, endpoint)) for each in self.plan.contestants]
            for each in running:
                self._warm(each)
            samples = list(self._turns(running))
            for each in running:
                check(each)
        return samples

    def _turns(self, running: Sequence[Running]) -> Iterator[Sample]:
        begun, done = time.monotonic(), 0
        for number in range(1, self.plan.rounds + 1):
            for operation in OPERATIONS:
                for each in running:
                    sample = self._turn(each, operation)
                    done += 1
                    left = (time.monotonic() - begun) / done * (self.plan.turns - done)
                    self.say(
                        f"round {number} of {self.plan.rounds}, {operation.name:6} {each.contestant.name:28}"
                        f" {sample.figures.cpu_us:8.0f} µs  {sample.figures.per_second:7.0f}/s  {left:4.0f} s left"
                    )
                    yield sample

    def _turn(self, each: Running, operation: Operation) -> Sample:
        before = cpu_seconds(each.pid)
        load = self._press(each, operation, self.plan.seconds)
        spent = cpu_seconds(each.pid) - before
        figures = Figures(
            cpu_us=spent / load.requests * 1e6,
            per_second=load.requests / load.seconds,
            p50_ms=load.p50,
            p99_ms=load.p99,
            resident_mb=resident_bytes(each.pid) / 1e6,
        )
        return Sample(each.contestant.letter, operation.name, figures)

    def _warm(self, each: Running) -> None:
        """Compilers and connection pools get to work, and only right answers go on."""
        self.say(f"checking and warming {each.contestant.name}")
        check(each)
        for operation in OPERATIONS:
            self._press(each, operation, self.plan.warm_seconds)

    def _press(self, each: Running, operation: Operation, seconds: int) -> Load:
        target = Target(each.url, each.api_key, operation.body)
        load = press(
            target,
            seconds=seconds,
            connections=self.plan.connections,
            core=self.cores.load,
            directory=self.directory,
        )
        if load.failed or not load.requests:
            counts = f"{load.failed} of {load.requests} answers to {operation.name} failed under load"
            raise WrongAnswer(f"{each.contestant.name}: {counts}.")
        return load

    @contextmanager
    def _endpoint(self) -> Iterator[str]:
        port = free_port()
        command = [PYTHON, "-m", "bench.canned", str(port)]
        with started(command, core=self.cores.load, port=port, env={}, log=self.directory / "canned.log"):
            yield f"http://127.0.0.1:{port}"

    @contextmanager
    def _started(self, contestant: Contestant, endpoint: str) -> Iterator[Running]:
        port, data = free_port(), self.directory / contestant.letter
        values = {
            "port": str(port),
            "endpoint": endpoint,
            "data": str(data),
            "identity": str(self.plan.identity_seconds),
        }
        command, env = contestant.filled(**values)
        self.say(f"starting {contestant.name}")
        data.mkdir()
        log = self.directory / f"{contestant.letter}.log"
        with started(command, core=self.cores.server, port=port, env=env, log=log) as process:
            url = f"http://127.0.0.1:{port}/graphql"
            key = (data / KEY_FILE).read_text().strip() if contestant.own_engine else API_KEY
            running = Running(contestant, process.pid, url, key)
            if contestant.own_engine:
                fill(running)
            yield running


def run(plan: Plan, say: Say) -> list[Sample]:
    with TemporaryDirectory(prefix="kv-bench-") as directory:
        return Bench(plan, Cores.available(), Path(directory), say).measure()
