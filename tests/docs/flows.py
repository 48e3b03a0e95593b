"""A page of flows: its sections, and the GraphQL operations in each with what their comments say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

HEADERS = ("authorization", "cookie", "x-api-key")


@dataclass(frozen=True)
class Step:
    """`headers` may hold $names; `kept` is name -> dotted path in the data; `error` is the errorType expected.

    `address`: where somebody signs on first, at the OpenID Connect issuer; from there come $state and $code.
    """

    document: str
    headers: Mapping[str, str]
    kept: Mapping[str, str]
    error: str | None
    address: str | None = None

    @property
    def variables(self) -> list[str]:
        """Those that the operation declares."""
        declared = re.match(r"[^{]*?\((.*?)\)\s*\{", self.code, re.DOTALL)
        return re.findall(r"\$(\w+)\s*:", declared[1]) if declared else []

    @property
    def code(self) -> str:
        """The document without its comments."""
        return "\n".join(line for line in self.document.splitlines() if not line.startswith("#")).strip()


def read_flows(page: Path) -> Mapping[str, list[Step]]:
    """Heading -> steps, in the order of the page. Raises ValueError for a comment that says nothing known."""
    _, *sections = re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    blocks = {
        section.partition("\n")[0]: re.findall(r"```graphql\n(.*?)```", section, re.DOTALL) for section in sections
    }
    return {heading: [_step(document) for document in documents] for heading, documents in blocks.items()}


def fill(text: str, values: Mapping[str, Any]) -> str:
    """The text with each $name filled in."""
    return re.sub(r"\$(\w+)", lambda match: str(values[match[1]]), text)


def find(data: Any, path: str) -> Any:
    """`me.apiKeys.items.0.name`: a number is a place in a list."""
    return reduce(lambda value, name: value[int(name) if isinstance(value, list) else name], path.split("."), data)


def _step(document: str) -> Step:
    headers, kept, error, address = {}, {}, None, None
    for line in re.findall(r"^# ?(.*)$", document, re.MULTILINE):
        name, _, value = line.partition(": ")
        if kept_as := re.fullmatch(r"\$(\w+) = ([\w.]+)", line):
            kept[kept_as[1]] = kept_as[2]
        elif name == "error":
            error = value
        elif name == "signed on":
            address = value
        elif name in HEADERS:
            headers[name] = value
        else:
            raise ValueError(
                f"A comment is a header of {', '.join(HEADERS)}, `error: …`, `signed on: …` or `$name = path`;"
                f" not: {line}"
            )
    return Step(document, headers, kept, error, address)
