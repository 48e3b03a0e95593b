"""Who is measured: one row each, with the command that starts it."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
PYTHON = sys.executable
AWS = {  # nothing checks these: the endpoints are on this machine
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@dataclass(frozen=True)
class Contestant:
    """`{port}`, `{endpoint}`, `{data}` and `{identity}` in command and environment are filled in at the start."""

    letter: str
    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    own_engine: bool = False  # answers from its own engine, not from the canned endpoint
    constant: bool = False  # answers the floor's constant, whatever it is asked

    def filled(self, **values: str) -> tuple[list[str], dict[str, str]]:
        env = {name: text.format(**values) for name, text in {**AWS, **self.env}.items()}
        return [part.format(**values) for part in self.command], env


SERVE = (PYTHON, "-m", "bench.stacks.serve")
STACK = {"BENCH_ENDPOINT": "{endpoint}", "BENCH_IDENTITY_SECONDS": "{identity}"}
SERVER = {"KV_PORT": "{port}", "KV_DATA_DIR": "{data}", "KV_IDENTITY_CACHE_SECONDS": "{identity}"}

CONTESTANTS = (
    Contestant("a", "floor: Starlette, a constant", (*SERVE, "floor", "{port}"), constant=True),
    Contestant("b", "Strawberry + boto3", (*SERVE, "usual", "{port}"), STACK),
    Contestant(
        "c",
        "Mercurius jit + AWS SDK v3",
        ("node", "bench/stacks/mercurius.mjs", "{port}"),
        {**STACK, "NODE_ENV": "production", "NODE_NO_WARNINGS": "1"},
    ),
    Contestant("d", "this server", (PYTHON, "server.py"), {**SERVER, "KV_ENDPOINT_URL": "{endpoint}"}),
    Contestant("e", "this server + local engine", (PYTHON, "server.py"), SERVER, own_engine=True),
)
