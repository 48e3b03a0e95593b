"""python -m resolvers.evaluation Query.key context.json: what `make evaluate` runs."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datastore.json_text import InvalidJSON, parse
from resolvers.evaluation.evaluate import FUNCTIONS, evaluate
from resolvers.evaluation.naming import BadContext
from resolvers.evaluation.rendering import dump


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the evaluation; ends the process with a message where there is nothing to evaluate."""
    options = _options(arguments)
    try:
        outcome = evaluate(options.field, _read(options.context), function=options.function, step=options.step or None)
    except BadContext as fault:
        sys.exit(f"evaluate: {fault}")
    print(dump(outcome))


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m resolvers.evaluation", description="Run one resolver, offline.")
    parser.add_argument("field", help="such as Query.key")
    parser.add_argument("context", help="a file with the context as JSON; - reads it from the standard input")
    parser.add_argument("--function", choices=FUNCTIONS, default="request", help="request unless told")
    parser.add_argument("--step", help="a pipeline's step, by number or name; the resolver itself unless told")
    return parser.parse_args(arguments)


def _read(name: str) -> dict[str, Any]:
    if not name:
        raise BadContext("give a context, as in CONTEXT=docs/examples/contexts/Query.key.request.json.")
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        context = parse(text)
    except OSError as error:
        raise BadContext(f"can't read the context {name}: {error.strerror}.") from error
    except InvalidJSON as error:
        raise BadContext(f"the context {name} is not JSON: {error}") from error
    if not isinstance(context, dict):
        raise BadContext(f"the context {name} must be a JSON object.")
    return context


if __name__ == "__main__":
    main()
