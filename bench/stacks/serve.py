"""Runs one of the Python stacks under the set-up of uvicorn that server.py has."""

import importlib
import sys

import uvicorn

from transport.connection_limits import LimitedHTTP


def main(stack: str, port: int) -> None:
    app = importlib.import_module(f"bench.stacks.{stack}").create_app()
    uvicorn.run(app, port=port, access_log=False, http=LimitedHTTP, proxy_headers=False, server_header=False, ws="none")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
