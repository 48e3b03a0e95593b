"""python -m bench: measures this server against others and prints one table."""

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from bench.answers import WrongAnswer
from bench.contestants import CONTESTANTS, Contestant
from bench.load import NoLoad, generator
from bench.machine import Machine
from bench.processes import NotStarted
from bench.report import table_text
from bench.results import Sample, medians
from bench.run import Plan, run


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    plan = Plan(
        options.contestants,
        rounds=options.rounds,
        seconds=options.seconds,
        warm_seconds=options.warm_seconds,
        connections=options.connections,
        identity_seconds=options.identity_seconds,
    )
    before = Machine.now()
    try:
        samples = run(plan, lambda line: print(line, file=sys.stderr, flush=True))
    except (NoLoad, NotStarted, WrongAnswer) as failure:
        print(f"The bench failed: {failure}", file=sys.stderr)
        return 1
    elsewhere = Machine.now().elsewhere_since(before)
    _show(plan, samples, elsewhere)
    if options.json:
        options.json.write_text(_json(plan, samples, elsewhere))
    return 0


def _parser() -> argparse.ArgumentParser:
    letters = "".join(each.letter for each in CONTESTANTS)
    names = "; ".join(f"{each.letter} is {each.name}" for each in CONTESTANTS)
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=_positive, default=5, help="turns of each contestant with each operation")
    parser.add_argument("--seconds", type=_positive, default=3, help="length of a turn")
    parser.add_argument("--warm-seconds", type=_positive, default=3, help="length of the load before the first turn")
    parser.add_argument("--connections", type=_positive, default=16, help="requests in flight")
    parser.add_argument(
        "--identity-seconds", type=float, default=5, help="how long b to e remember an API key; 0 asks each time"
    )
    parser.add_argument("--contestants", type=_chosen, default=letters, help=f"letters of those to measure: {names}")
    parser.add_argument("--json", type=Path, help="also write every sample to this file")
    return parser


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number


def _chosen(letters: str) -> list[Contestant]:
    known = {each.letter: each for each in CONTESTANTS}
    if unknown := set(letters) - known.keys():
        raise argparse.ArgumentTypeError(f"no contestant is called {', '.join(sorted(unknown))}")
    return [each for letter, each in known.items() if letter in letters]


def _stop(number: int, frame: FrameType | None) -> None:
    """Unwinds the run, so that nothing it started is left behind."""
    sys.exit(128 + number)


def _show(plan: Plan, samples: Sequence[Sample], elsewhere: float) -> None:
    print(table_text(medians(samples), plan.contestants))
    print(
        f"\n{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; medians of {plan.rounds} turns of {plan.seconds} s,"
        f" {plan.connections} requests in flight, {generator()}; API keys remembered {plan.identity_seconds:g} s;"
        f" {elsewhere:.0%} of the machine's time went to other programs and its host. Only ratios mean anything."
    )


def _json(plan: Plan, samples: Sequence[Sample], elsewhere: float) -> str:
    names = {each.letter: each.name for each in plan.contestants}
    return json.dumps(
        {
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "contestants": names,
            "rounds": plan.rounds,
            "seconds": plan.seconds,
            "connections": plan.connections,
            "identitySeconds": plan.identity_seconds,
            "load": generator(),
            "elsewhere": elsewhere,
            "samples": [asdict(sample) for sample in samples],
        },
        indent=1,
    )


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(main())
