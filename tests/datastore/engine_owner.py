"""Run as a script: a server's part in the engine's life, and nothing else of a server.

Prints the endpoint once it answers; ends cleanly at the end of its input.
"""

import logging
import sys
from pathlib import Path

from datastore.local_engine import local_engine

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    with local_engine(Path(sys.argv[1])) as engine:
        print(engine.endpoint_url, flush=True)
        sys.stdin.read()
