"""The README's tables are made from the code, and are those of the code as it is."""

import pytest

from datastore.access_pattern_table import render_access_patterns, render_table
from datastore.access_patterns import AccessPattern
from docs.tables import README, fill, render_settings, tables
from settings import Settings

SEEDS_SIX = {
    "GET_USER": ("the table", "`USER#{user_id}`", "`METADATA`"),
    "GET_USER_BY_API_KEY": ("GSI1", "`APIKEY#{digest}`", "`METADATA`"),
    "LIST_NAMESPACES": ("the table", "`USER#{user_id}`", "begins_with `NS#{namespace}`"),
    "GET_NAMESPACE": ("the table", "`NS#{namespace}`", "`METADATA`"),
    "GET_KEY": ("the table", "`NS#{namespace}`", "`KEY#{key}`"),
    "LIST_KEYS": ("GSI1", "`NS#{namespace}`", "begins_with `KEY#{key}`"),
}


def test_the_readme_is_up_to_date() -> None:
    text = README.read_text(encoding="utf-8")
    assert fill(text, tables()) == text, "run make docs, and commit README.md"


def test_every_access_pattern_has_a_row() -> None:
    assert [row[0] for row in _rows(render_access_patterns())] == [pattern.name for pattern in AccessPattern]


def test_the_six_access_patterns_of_the_seed_come_first_in_kind() -> None:
    rows = {row[0]: tuple(row[3:6]) for row in _rows(render_access_patterns())}
    assert {name: rows[name] for name in SEEDS_SIX} == SEEDS_SIX


def test_a_pattern_without_a_sort_key_takes_any() -> None:
    rows = {row[0]: row[5] for row in _rows(render_access_patterns())}
    assert rows["LIST_EVERYTHING"] == "any"


def test_every_setting_has_a_row_with_its_variable_and_meaning() -> None:
    rows = _rows(render_settings())
    assert [row[0] for row in rows] == [f"`KV_{name.upper()}`" for name in Settings.model_fields]
    assert all(row[2] for row in rows)


def test_defaults_are_shown_as_one_would_set_them() -> None:
    shown = {row[0]: row[1] for row in _rows(render_settings())}
    assert shown["`KV_PORT`"] == "`8000`"
    assert shown["`KV_GRAPHIQL`"] == "`true`"
    assert shown["`KV_ALLOWED_HOSTS`"] == "`localhost,127.0.0.1,[::1]`"
    assert shown["`KV_CURSOR_KEYS`"] == "none"


def test_columns_are_aligned() -> None:
    assert render_table(("a", "long"), [("wide", "b")]) == "| a    | long |\n| ---- | ---- |\n| wide | b    |"


def test_only_what_stands_between_the_markers_changes() -> None:
    text = "before\n<!-- a -->\nold\n<!-- /a -->\nafter"
    assert fill(text, {"a": "new"}) == "before\n<!-- a -->\nnew\n<!-- /a -->\nafter"


@pytest.mark.parametrize("text", ["", "<!-- a -->", "<!-- a -->\n<!-- /a -->\n<!-- a -->\n<!-- /a -->"])
def test_a_missing_or_doubled_marker_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="<!-- a -->"):
        fill(text, {"a": "new"})


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]]
