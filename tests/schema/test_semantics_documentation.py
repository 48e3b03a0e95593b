"""The limits that docs/semantics.md names are those that the code holds."""

from pathlib import Path

from datastore.item_size import MAX_ITEM_BYTES
from datastore.key_templates import MAX_KEY_BYTES
from datastore.native_values import MAX_DIGITS, MAX_LEVELS
from datastore.passwords import LONGEST, SHORTEST
from resolvers.batches import LARGEST_BATCH
from resolvers.descriptions import LONGEST_DESCRIPTION
from resolvers.mutation.create_api_key import LONGEST_NAME
from resolvers.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from resolvers.query.keys_by_name import MOST_KEYS
from resolvers.replays import LONGEST_TOKEN
from resolvers.transactions import MAX_ACTIONS, MAX_BYTES

PAGE = (Path(__file__).parents[2] / "docs" / "semantics.md").read_text()

LIMITS = {
    "item: key, value and all that stands beside it": f"{MAX_ITEM_BYTES:,} bytes (400 KB), as `size` counts them",
    "key, prefix": f"{MAX_KEY_BYTES:,} bytes of UTF-8, a key at least 1",
    "value": f"{MAX_LEVELS} levels, {MAX_DIGITS} digits a number",
    "description": f"{LONGEST_DESCRIPTION:,} characters",
    "name of an API key": f"1 to {LONGEST_NAME} characters",
    "password": f"{SHORTEST} to {LONGEST} characters",
    "page": f"1 to {LARGEST_LIMIT} items",
    "`keysByName`": f"{MOST_KEYS} keys",
    "transaction": f"{MAX_ACTIONS} writes, {MAX_BYTES // 1024 // 1024} MB",
    "batch": f"{LARGEST_BATCH} keys",
    "`idempotencyKey`": f"1 to {LONGEST_TOKEN} printable characters",
}


def test_the_table_of_limits_says_what_the_code_holds() -> None:
    lines = PAGE.partition("## Limits")[2].splitlines()
    rows = dict(line.strip("| ").split(" | ") for line in lines if line.startswith("| ") and "---" not in line)
    assert {what: rows.get(what) for what in LIMITS} == LIMITS


def test_a_page_is_said_to_have_as_many_items_as_it_has() -> None:
    assert f"1 to {LARGEST_LIMIT} items, {DEFAULT_LIMIT} unless told" in PAGE
