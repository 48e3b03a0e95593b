"""Whether cost grows with the table is measured on a real engine, filled past the API."""

import pytest

from bench.growth import RATIOS, main
from bench.load import has_generator


@pytest.mark.slow
@pytest.mark.skipif(not has_generator(), reason="neither wrk nor bench/node_modules is there; make bench installs one")
def test_a_run_compares_tables_of_two_sizes_and_the_ends_of_a_list(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = ["--small", "60", "--keys", "260", "--items", "1500"]
    assert main([*sizes, "--rounds", "1", "--seconds", "1"]) == 0
    shown = capsys.readouterr()
    assert "60 items against 1,500, of which 260 in one namespace" in shown.out
    for over, under in RATIOS:
        assert f"{over} / {under}" in shown.out
