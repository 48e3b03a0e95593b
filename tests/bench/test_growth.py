"""Whether cost grows with the table is measured on a real engine, filled past the API."""

from pathlib import Path

import pytest

from bench.growth import RATIOS, main
from bench.growth_data import fill
from bench.load import has_generator
from datastore.local_engine import local_engine
from datastore.tables import KV_STORAGE_DATA
from tests.conftest import plain_client


def _counted(directory: Path) -> int:
    with local_engine(directory) as engine:
        if not engine.durable:
            pytest.skip("there is no Dynoxide for this platform")
        pages = plain_client(engine.endpoint_url).get_paginator("scan").paginate(TableName=KV_STORAGE_DATA.name)
        return sum(page["Count"] for page in pages)


def test_a_table_has_as_many_items_as_asked_for_and_is_filled_once(tmp_path: Path) -> None:
    fill(tmp_path, keys=130, items=250)
    assert _counted(tmp_path) == 250
    fill(tmp_path, keys=130, items=500)
    assert _counted(tmp_path) == 250


@pytest.mark.slow
@pytest.mark.skipif(not has_generator(), reason="neither wrk nor bench/node_modules is there; make bench installs one")
def test_a_run_compares_tables_of_two_sizes_and_the_ends_of_a_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sizes = ["--small", "60", "--keys", "260", "--items", "1500"]
    assert main([*sizes, "--rounds", "1", "--seconds", "1", "--keep", str(tmp_path)]) == 0
    shown = capsys.readouterr()
    assert "60 items against 1,500, of which 260 in one namespace" in shown.out
    for over, under in RATIOS:
        assert f"{over} / {under}" in shown.out
