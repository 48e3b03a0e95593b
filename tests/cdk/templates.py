"""The app's templates as values: one synthesis for each context, however many tests look at it."""

import atexit
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from cdk.app import build_app

ENVIRONMENTS = ("dev", "staging", "prod")
SERVICE = (
    ("certificateArn", "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"),
    ("domainName", "kv.example.com"),
)
_ASSET = re.compile(r"\b[0-9a-f]{64}\b")


def synthesised(environment: str, *context: tuple[str, str]) -> Path:
    """The cloud assembly of every stack, service included."""
    outcome = _synthesise(environment, *context)
    if isinstance(outcome, RuntimeError):
        raise outcome
    return outcome


@cache
def _synthesise(environment: str, *context: tuple[str, str]) -> Path | RuntimeError:
    """A failure is remembered too: hundreds of tests would each try again."""
    outdir = tempfile.mkdtemp(prefix="kv-synth-")
    atexit.register(shutil.rmtree, outdir, ignore_errors=True)
    try:
        build_app({"environment": environment} | dict(SERVICE) | dict(context), outdir=outdir).synth()
    except RuntimeError as failure:
        return failure
    return Path(outdir)


def template(environment: str, stack: str, *context: tuple[str, str]) -> Any:
    """The template of "storage", "monitoring" or "service"."""
    return json.loads((synthesised(environment, *context) / f"kv-{environment}-{stack}.template.json").read_text())


def without_assets(folder: Path) -> dict[str, Any]:
    """Every template of an assembly, but for the hash of the server's code, which changes with every commit."""
    found = sorted(folder.glob("*.template.json"))
    return {path.name: json.loads(_ASSET.sub("ASSET", path.read_text())) for path in found}


def resources(template: Any, kind: str) -> Iterator[tuple[str, Any]]:
    """Logical id and whole resource, for each resource of a CloudFormation type."""
    return ((name, found) for name, found in template["Resources"].items() if found["Type"] == kind)


def flat(value: Any) -> Any:
    """A CloudFormation value as text where it can be: joins joined, references as ${...}."""
    match value:
        case {"Fn::Join": [separator, parts]}:
            return separator.join(str(flat(part)) for part in parts)
        case {"Ref": name}:
            return f"${{{name}}}"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"${{{name}.{attribute}}}"
        case {"Fn::Sub": text}:
            return text
        case dict():
            return {name: flat(part) for name, part in value.items()}
        case list():
            return [flat(part) for part in value]
    return value
