"""python -m bench: measures this server against others and prints one table."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from bench.answers import WrongAnswer
from bench.contestants import CONTESTANTS
from bench.load import NoLoad, generator
from bench.machine import Machine
from bench.processes import NotStarted
from bench.report import table_text
from bench.results import Sample, medians
from bench.run import Plan, run


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    chosen = [each for each in CONTESTANTS if each.letter in options.contestants]
    plan = Plan(
        chosen,
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
    parser.add_argument("--rounds", type=int, default=5, help="turns of each contestant with each operation")
    parser.add_argument("--seconds", type=int, default=3, help="length of a turn")
    parser.add_argument("--warm-seconds", type=int, default=3, help="length of the load before the first turn")
    parser.add_argument("--connections", type=int, default=16, help="requests in flight")
    parser.add_argument(
        "--identity-seconds", type=float, default=5, help="how long b to e remember an API key; 0 asks each time"
    )
    parser.add_argument("--contestants", default=letters, help=f"letters of those to measure: {names}")
    parser.add_argument("--json", type=Path, help="also write every sample to this file")
    return parser


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
    sys.exit(main())
