"""Runs one of the Python stacks under the set-up of uvicorn that the service itself has."""

import importlib
import sys

import uvicorn


def main(stack: str, port: int) -> None:
    app = importlib.import_module(f"bench.stacks.{stack}").create_app()
    uvicorn.run(app, port=port, loop="uvloop", http="httptools", log_level="warning", access_log=False)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
