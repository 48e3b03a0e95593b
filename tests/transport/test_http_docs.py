"""docs/http.md lists what the code has."""

from dataclasses import asdict
from pathlib import Path

import pytest

from schema.document_limits import Limits
from transport.metrics import Metrics

PAGE = (Path(__file__).parents[2] / "docs" / "http.md").read_text()
ROWS = {cells[1]: cells[2] for line in PAGE.splitlines() if len(cells := [c.strip(" `") for c in line.split("|")]) > 3}


@pytest.mark.parametrize(("name", "value"), asdict(Limits()).items())
def test_every_limit_of_a_document_is_documented_with_its_value(name: str, value: int) -> None:
    assert ROWS[name] == str(value)


def test_every_metric_is_documented() -> None:
    for family in Metrics().registry.collect():
        assert any(family.name in name for name in ROWS), family.name
