"""The measurement of starts, connections and memory, in small."""

import pytest

from bench.endurance import main
from bench.load import has_generator


@pytest.mark.slow
@pytest.mark.skipif(not has_generator(), reason="neither wrk nor autocannon is there")
def test_a_small_run_measures_everything(capsys: pytest.CaptureFixture[str]) -> None:
    few = [
        "--starts",
        "1",
        "--rounds",
        "1",
        "--seconds",
        "1",
        "--connections",
        "50",
        "--rate",
        "100",
        "--requests",
        "10",
    ]
    assert main(few) == 0
    shown = capsys.readouterr().out
    for words in ("cold start", "p99 with 50 connections", "p99 of 50 that never pause", "memory after twice as many"):
        assert words in shown
