"""make deploy-local: the emulator, the tables on it, and how to serve from them."""

import argparse
import json
import subprocess
from pathlib import Path

from cdk.config import Environment
from cdk.local.cdk_cli import CdkCli, CommandFailed
from cdk.local.emulator import ROOT, Emulator, NotStarted

FOLDER = ROOT / ".data/ministack"
PID_FILE = "pid"
STORAGE = "*-storage"  # the emulator knows neither the alarms' metric math nor what a service needs
_NEXT = """
The tables are on {endpoint} until `make stop-local`. Serve from them:

    KV_ENDPOINT_URL={endpoint} KV_SSM_PREFIX={prefix} make run
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="make deploy-local", description=__doc__)
    parser.add_argument("--environment", choices=list(Environment), default=Environment.PROD)
    parser.add_argument("--port", type=int, default=4566)
    options = parser.parse_args()
    emulator = Emulator(options.port, FOLDER)
    try:
        start_once(emulator)
        outputs = deploy(emulator, options.environment)
    except (NotStarted, CommandFailed) as failure:
        raise SystemExit(str(failure)) from failure
    print(json.dumps(outputs, indent=2))
    print(_NEXT.format(endpoint=emulator.endpoint, prefix=_prefix(outputs)))


def start_once(emulator: Emulator) -> subprocess.Popen[bytes] | None:
    """The process, unless one already runs: that is used as it is, and keeps what it has."""
    if emulator.is_ready():
        return None
    process = emulator.start()
    (emulator.folder / PID_FILE).write_text(str(process.pid))
    return process


def deploy(emulator: Emulator, environment: str) -> dict[str, dict[str, str]]:
    """Bootstraps and deploys; the outputs of each stack."""
    cli = CdkCli(emulator, environment)
    outputs = Path(emulator.folder, "outputs.json")
    cli.bootstrap()
    cli.run("deploy", STORAGE, "--exclusively", "--require-approval", "never", "--outputs-file", str(outputs))
    found: dict[str, dict[str, str]] = json.loads(outputs.read_text())
    return found


def _prefix(outputs: dict[str, dict[str, str]]) -> str:
    return next(stack["SsmPrefix"] for stack in outputs.values() if "SsmPrefix" in stack)


if __name__ == "__main__":
    main()
