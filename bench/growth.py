"""python -m bench.growth: whether a request costs more in a large table, or at the end of a long list."""

import argparse
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from types import FrameType

import orjson

from bench.answers import Running, ask
from bench.contestants import CONTESTANTS
from bench.fixture import NAMESPACE, PAGE, key_name
from bench.growth_data import fill
from bench.load import Target, press
from bench.machine import Machine
from bench.operations import CREATE_NAMESPACE, KEY, SEVEN_FIELDS, put_key
from bench.processes import Cores, cpu_seconds, free_port, started

PAGES = (
    "query Keys($namespace: ID!, $limit: Int, $nextToken: String) {"
    f" keys(namespace: $namespace, limit: $limit, nextToken: $nextToken) {{ items {{ {SEVEN_FIELDS} }} nextToken }} }}"
)
LONGEST_PAGE = 100
CONNECTIONS = 16
SERVER = next(each for each in CONTESTANTS if each.own_engine)


@dataclass(frozen=True)
class Sample:
    """CPU µs per request: of the server, and of its engine."""

    server: float
    engine: float


@dataclass(frozen=True)
class Case:
    """One request to one of the two servers."""

    name: str
    running: Running
    body: bytes

    def measure(self, *, seconds: int, core: int, directory: Path) -> Sample:
        pid = self.running.pid
        own, whole = cpu_seconds(pid, children=False), cpu_seconds(pid)
        target = Target(self.running.url, self.running.api_key, self.body)
        load = press(target, seconds=seconds, connections=CONNECTIONS, core=core, directory=directory)
        if load.failed or not load.requests:
            raise SystemExit(f"{load.failed} of {load.requests} answers to {self.name} failed under load.")
        own, whole = cpu_seconds(pid, children=False) - own, cpu_seconds(pid) - whole
        return Sample(own / load.requests * 1e6, (whole - own) / load.requests * 1e6)


@dataclass(frozen=True)
class Plan:
    """How much there is in the two tables, how long to measure, and where tables are kept for the next run."""

    small: int
    keys: int
    items: int
    rounds: int
    seconds: int
    keep: Path | None


def main(arguments: Sequence[str] | None = None) -> int:
    plan = Plan(**vars(_parser().parse_args(arguments)))
    before = Machine.now()
    print(_report(_measure(plan, Cores.available())))
    print(
        f"\n{plan.small:,} items against {plan.items:,}, of which {plan.keys:,} in one namespace; medians of"
        f" {plan.rounds} turns of {plan.seconds} s, {CONNECTIONS} requests in flight;"
        f" {Machine.now().elsewhere_since(before):.0%} of the machine's time went to other programs and its host."
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("--small", type=int, default=1_000, help="items in the small table")
    parser.add_argument("--keys", type=int, default=100_000, help="keys in the long namespace of the large table")
    parser.add_argument("--items", type=int, default=1_000_000, help="items in the large table")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each request")
    parser.add_argument("--seconds", type=int, default=2, help="length of a turn")
    parser.add_argument("--keep", type=Path, help="where filled tables are left, and found by the next run")
    return parser


def _measure(plan: Plan, cores: Cores) -> dict[str, Sample]:
    """Medians, by the name of the case. One round more than asked for warms up."""
    with TemporaryDirectory(prefix="kv-growth-") as name, ExitStack() as stack:
        directory = Path(name)
        filled = _filled(plan, plan.keep or directory)
        small, large = (stack.enter_context(_served(each, core=cores.server)) for each in filled)
        cases = _cases(small, large, keys=plan.keys)
        taken: dict[str, list[Sample]] = {case.name: [] for case in cases}
        for number in range(plan.rounds + 1):
            for case in cases:
                sample = case.measure(seconds=plan.seconds, core=cores.load, directory=directory)
                print(f"round {number} of {plan.rounds}, {case.name}: {sample.server:.0f} µs", file=sys.stderr)
                if number:
                    taken[case.name].append(sample)
    return {name: _median(samples) for name, samples in taken.items()}


def _filled(plan: Plan, tables: Path) -> list[Path]:
    """The directories of the small table and of the large one; their names tell a table of another size apart."""
    sizes = (("small", plan.small, plan.small), ("large", plan.keys, plan.items))
    directories = [tables / f"{name}-{keys}-{items}" for name, keys, items in sizes]
    for directory, (_, keys, items) in zip(directories, sizes, strict=True):
        fill(directory, keys=keys, items=items)
    return directories


@contextmanager
def _served(directory: Path, *, core: int) -> Iterator[Running]:
    port = free_port()
    values = {"port": str(port), "data": str(directory), "identity": "5", "endpoint": ""}
    command, env = SERVER.filled(**values)
    with started(command, core=core, port=port, env=env, log=directory / "server.log") as process:
        key = (directory / "admin-api-key").read_text().strip()
        running = Running(SERVER, process.pid, f"http://127.0.0.1:{port}/graphql", key)
        ask(running, CREATE_NAMESPACE)  # refused where a run before has made it, which is as good
        yield running


def _cases(small: Running, large: Running, *, keys: int) -> list[Case]:
    first = _body(PAGES, {"namespace": NAMESPACE, "limit": PAGE})
    last = _body(PAGES, {"namespace": NAMESPACE, "limit": PAGE, "nextToken": _last_token(large, keys)})
    one = _body(KEY, {"namespace": NAMESPACE, "key": key_name(0)})
    return [
        Case("key, small table", small, one),
        Case("key, large table", large, one),
        Case("first page, small table", small, first),
        Case("first page, large table", large, first),
        Case("last page, large table", large, last),
        Case("putKey, small table", small, put_key(0).body),
        Case("putKey, large table", large, put_key(0).body),
    ]


RATIOS = (
    ("key, large table", "key, small table"),
    ("first page, large table", "first page, small table"),
    ("last page, large table", "first page, large table"),
    ("putKey, large table", "putKey, small table"),
)


def _last_token(running: Running, keys: int) -> str:
    """Walks the list until one page is left."""
    token, left = None, keys
    while left > PAGE:
        limit = min(LONGEST_PAGE, left - PAGE)
        page = orjson.loads(ask(running, _body(PAGES, {"namespace": NAMESPACE, "limit": limit, "nextToken": token})))[
            "data"
        ]["keys"]
        token, left = page["nextToken"], left - len(page["items"])
    assert token is not None, "the long namespace must have more than one page"  # noqa: S101
    return str(token)


def _body(document: str, variables: dict[str, object]) -> bytes:
    return orjson.dumps({"query": document, "variables": variables})


def _median(samples: Sequence[Sample]) -> Sample:
    return Sample(median(each.server for each in samples), median(each.engine for each in samples))


def _report(found: dict[str, Sample]) -> str:
    lines = [f"{'CPU µs per request':28} {'server':>8} {'engine':>8}"]
    lines += [f"{name:28} {each.server:8,.0f} {each.engine:8,.0f}" for name, each in found.items()]
    lines += ["", f"{'ratio':52} {'server':>8} {'engine':>8}"]
    for over, under in RATIOS:
        a, b = found[over], found[under]
        lines.append(f"{over + ' / ' + under:52} {a.server / b.server:8.2f} {a.engine / b.engine:8.2f}")
    return "\n".join(lines)


def _stop(number: int, frame: FrameType | None) -> None:
    """Unwinds the run, so that nothing it started is left behind."""
    sys.exit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(main())
