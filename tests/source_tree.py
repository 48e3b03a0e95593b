"""Our own modules as syntax trees, for the tests that hold the architecture."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[1]
LAYERS = ("server", "application", "transport", "schema", "resolvers", "datastore")
PROGRAM = (*LAYERS, "recount", "settings", "cdk", "bench", "docs")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    path: Path

    @property
    def place(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def home(self) -> str:
        """The top-level name it belongs to."""
        return self.place.split("/")[0].removesuffix(".py")

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def walk(self) -> Iterator[ast.AST]:
        return ast.walk(self.tree)

    def at(self, node: ast.AST, what: str = "") -> str:
        """file:line, as an editor opens it."""
        return f"{self.place}:{getattr(node, 'lineno', 1)} {what}".rstrip()

    def imports(self) -> Iterator[tuple[ast.AST, str]]:
        """Every module imported anywhere in the file, by its full name."""
        for node in self.walk():
            if isinstance(node, ast.Import):
                yield from ((node, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node, node.module or ""

    def functions(self) -> Iterator[Function]:
        return (node for node in self.walk() if isinstance(node, Function))


@cache
def modules(*homes: str) -> tuple[Module, ...]:
    """All modules of these top-level names, tests apart."""
    paths = [path for home in homes for path in (ROOT / f"{home}.py", *(ROOT / home).rglob("*.py")) if path.exists()]
    return tuple(_module(path) for path in sorted(paths) if "node_modules" not in path.parts)


@cache
def _module(path: Path) -> Module:
    """Each file is read and parsed once."""
    return Module(path)


def length(node: ast.AST) -> int:
    """Lines from the first decorator to the last line."""
    start = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])  # type: ignore[attr-defined]
    return int(node.end_lineno) - start + 1  # type: ignore[attr-defined]
