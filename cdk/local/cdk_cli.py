"""The pinned CDK CLI against an emulator, in an environment made from nothing, so that no real account is in reach."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cdk.local.emulator import ACCOUNT, ROOT, Emulator, refuse_distant

_CLI = ROOT / "node_modules/.bin/cdk"
_APP = ROOT / "cdk"  # where cdk.json is
_KEPT = ("HOME", "PATH")  # the libraries' cache, and node
_TIMEOUT_SECONDS = 300


class CommandFailed(RuntimeError):  # noqa: N818 - exceptions here say what went wrong
    """The CLI gave up; the message is its output."""


@dataclass(frozen=True)
class Finished:
    """How a command ended, and all that it wrote."""

    returned: int
    output: str


@dataclass(frozen=True)
class CdkCli:
    """One environment of the app, on one emulator."""

    emulator: Emulator
    environment: str
    region: str = "us-east-1"

    def bootstrap(self) -> Finished:
        """In a folder without cdk.json, as there is nothing to synthesise."""
        return self._checked(["bootstrap", f"aws://{ACCOUNT}/{self.region}"], self.emulator.folder)

    def run(self, *arguments: str, assembly: Path | None = None) -> Finished:
        """Any other command: on what the app gives now, or on an `assembly` that it gave before."""
        return self._checked([*arguments, *self._source(assembly)], _APP)

    def differs(self, *arguments: str, assembly: Path | None = None) -> Finished:
        """cdk diff, whose end says 1 where there is a difference."""
        return self._finished(["diff", "--fail", *arguments, *self._source(assembly)], _APP)

    def _source(self, assembly: Path | None) -> list[str]:
        if assembly:
            return ["--app", str(assembly)]
        return ["--context", f"environment={self.environment}", "--output", str(self.emulator.folder / "cdk.out")]

    def _checked(self, arguments: list[str], folder: Path) -> Finished:
        finished = self._finished(arguments, folder)
        if finished.returned:
            raise CommandFailed(f"cdk {' '.join(arguments)} ended with {finished.returned}:\n{finished.output}")
        return finished

    def _finished(self, arguments: list[str], folder: Path) -> Finished:
        done = subprocess.run(  # noqa: S603 - our own program
            [_CLI, "--no-notices", *arguments],
            cwd=folder,
            env=self._variables(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
        return Finished(done.returncode, done.stdout)

    def _variables(self) -> dict[str, str]:
        endpoint = refuse_distant(self.emulator.endpoint)
        return {
            **{name: os.environ[name] for name in _KEPT},
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ENDPOINT_URL_S3": endpoint,
            "AWS_REGION": self.region,
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "CDK_DISABLE_VERSION_CHECK": "1",
            "CDK_HOME": str(self.emulator.folder / "cdk-home"),  # it remembers which account a key belongs to
            "CDK_VALIDATION": "false",  # a test of its own has it on; here it only takes time
            "JSII_DEPRECATED": "fail",
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
            "NO_COLOR": "1",
        }
