"""dynamodb-types.ts: never stale, whole, and as strict as TypeScript's compiler can be."""

import importlib
import pkgutil
import subprocess
from pathlib import Path

import pytest

from datastore import entities
from datastore.entities.entity import Entity
from datastore.typescript import ENTITIES, render

ROOT = Path(__file__).parents[2]
TYPES = ROOT / "dynamodb-types.ts"


def test_the_file_is_what_the_entities_give() -> None:
    assert TYPES.read_text() == render(), "dynamodb-types.ts is stale: run make types"


def test_every_entity_has_an_interface() -> None:
    for module in pkgutil.iter_modules(entities.__path__, f"{entities.__name__}."):
        importlib.import_module(module.name)
    assert set(ENTITIES) == {found for found in Entity.__subclasses__() if found.__module__.startswith("datastore.")}


@pytest.mark.parametrize(
    "line",
    [
        "PK: `USER#${string}`;",
        "SK: `NS#${string}`;",
        "PK: `NS#${string}`;",
        "SK: `KEY#${string}`;",
        "GSI1PK?: `APIKEY#${string}`;",
        "GSI1SK?: 'METADATA';",
        "GSI1PK?: `NS#${string}`;",
        "GSI1SK?: `KEY#${string}`;",
        "plan?: 'free' | 'pro' | 'scale';",
        "value?: any;",
        "ttl?: number;",
    ],
)
def test_keys_and_attributes_have_the_types_that_were_agreed(line: str) -> None:
    assert f"  {line}" in render().splitlines()


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: str(entity.__name__))
def test_what_an_item_must_have_is_not_optional(entity: type[Entity]) -> None:
    body = render([entity]).split(f"export interface {entity.__name__} {{\n")[1].split("\n}")[0]
    assert {"PK", "SK", "entityType", "createdAt", "updatedAt"} <= {
        line.split(":")[0].strip() for line in body.split("\n")
    }


@pytest.mark.node
def test_the_compiler_takes_the_file_and_the_uses_it_is_meant_for_and_no_others(tmp_path: Path) -> None:
    """tmp_path stands for the folder of global types, of which other packages leave some in node_modules."""
    uses = Path(__file__).with_name("uses_of_types.ts")
    options = ["--noEmit", "--strict", "--target", "es2022", "--typeRoots", tmp_path]
    done = subprocess.run(  # noqa: S603 - our own program
        [ROOT / "node_modules/.bin/tsc", *options, TYPES, uses],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout
