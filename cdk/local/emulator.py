"""MiniStack as a process on loopback: started, waited for, and never anywhere else."""

import ipaddress
import subprocess
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
ACCOUNT = "000000000000"
_PYTHON = ROOT / ".venv/ministack/bin/python"
_SHIM = Path(__file__).with_name("shim.py")
_READY_SECONDS = 30


class NotLoopback(ValueError):  # noqa: N818 - exceptions here say what went wrong
    """An endpoint that is not this machine's: a deployment there could be a real one."""


class NotStarted(RuntimeError):  # noqa: N818
    """The emulator does not answer; the message says where to look."""


def refuse_distant(endpoint: str) -> str:
    """The endpoint as it came, if it is a loopback address; names are not looked up, `localhost` neither."""
    host = urlsplit(endpoint).hostname or ""
    try:
        near = ipaddress.ip_address(host).is_loopback
    except ValueError:
        near = False
    if not near:
        raise NotLoopback(f"{endpoint!r} is not a loopback address: use http://127.0.0.1 and a port.")
    return endpoint


@dataclass(frozen=True)
class Emulator:
    """`folder` holds its log and the CDK CLI's own files. With `enforces_iam` only test/test may do everything."""

    port: int
    folder: Path
    enforces_iam: bool = False

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "ministack.log"

    def start(self) -> subprocess.Popen[bytes]:
        """A process in a session of its own, so that it outlives the terminal's Ctrl-C; ready when this returns."""
        if not _PYTHON.exists():
            raise NotStarted("The emulator is not installed: run make .venv/ministack/installed.")
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own program
                [_PYTHON, _SHIM],
                cwd=self.folder,
                env=self._variables(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait(process)
        return process

    def is_ready(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/_ministack/health")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def _variables(self) -> dict[str, str]:
        """None of the caller's: neither credentials nor an address to listen on."""
        return {
            "AUTH": "true" if self.enforces_iam else "false",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "HOME": str(self.folder),
        }

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if self.is_ready():
                return
            time.sleep(0.05)
        process.kill()
        process.wait()
        raise NotStarted(f"The emulator did not answer on port {self.port}: see {self.log}.")
