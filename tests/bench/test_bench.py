"""The bench's arithmetic, what it takes for a right answer, and a run."""

import os
import re
import subprocess
import time
from pathlib import Path
from typing import Any

import orjson
import pytest

from bench.__main__ import main
from bench.answers import WrongAnswer
from bench.contestants import CONTESTANTS, PYTHON, Contestant
from bench.fixture import CREATED_AT, EXPIRES, PAGE, UPDATED_AT, VERSION, key_name, key_value
from bench.load import has_generator
from bench.machine import Machine
from bench.operations import OPERATIONS, Operation, fault
from bench.processes import Cores, NotStarted, cpu_seconds, free_port, resident_bytes, started
from bench.report import table_text
from bench.results import RATIOS, Figures, Sample, medians, ratio
from bench.run import Plan, run

README = Path(__file__).parents[2] / "bench/README.md"
CORE = Cores.available().load
KEY, KEYS, PUT_KEY = OPERATIONS


def figures(cpu_us: float, per_second: float = 1.0) -> Figures:
    return Figures(cpu_us=cpu_us, per_second=per_second, p50_ms=1.0, p99_ms=2.0, resident_mb=3.0)


def shown(number: int, **changes: Any) -> dict[str, Any]:
    """A key as GraphQL shows it."""
    text = orjson.dumps(key_value(number)).decode()
    times = {"createdAt": CREATED_AT, "updatedAt": UPDATED_AT}
    return {"key": key_name(number), "value": text, "version": VERSION, "ttl": EXPIRES, "size": 1} | times | changes


def answer(operation: Operation, found: Any) -> bytes:
    return orjson.dumps({"data": {operation.name: found}})


def test_a_median_is_taken_of_each_figure_by_itself() -> None:
    turns = [figures(30, 1), figures(10, 3), figures(20, 5)]
    table = medians(Sample("d", "key", turn) for turn in turns)
    assert (table["d", "key"].cpu_us, table["d", "key"].per_second) == (20, 3)


def test_the_median_of_an_even_number_of_turns_lies_between_the_middle_two() -> None:
    table = medians(Sample("d", "key", figures(cpu)) for cpu in (1, 2, 4, 100))
    assert table["d", "key"].cpu_us == 3


def test_contestants_and_operations_are_not_mixed() -> None:
    samples = [Sample("a", "key", figures(1)), Sample("a", "keys", figures(2)), Sample("d", "key", figures(3))]
    assert {place: row.cpu_us for place, row in medians(samples).items()} == {
        ("a", "key"): 1,
        ("a", "keys"): 2,
        ("d", "key"): 3,
    }


def test_each_ratio_divides_what_its_label_says() -> None:
    cpu = {"a": 2.0, "b": 80.0, "c": 40.0, "d": 8.0}
    table = medians(Sample(letter, "key", figures(spent, 1000 / spent)) for letter, spent in cpu.items())
    assert {each.label: ratio(table, each, "key") for each in RATIOS} == {
        "CPU d/a": 4,
        "CPU b/d": 10,
        "CPU c/d": 5,
        "CPU d/b": 0.1,
        "CPU d/c": 0.2,
        "requests/s d/c": 5,
    }


def test_a_ratio_to_somebody_who_was_not_measured_is_left_out() -> None:
    samples = [Sample(letter, operation.name, figures(2)) for letter in "ad" for operation in OPERATIONS]
    text = table_text(medians(samples), [each for each in CONTESTANTS if each.letter in "ad"])
    assert re.search(r"^CPU d/a +1\.000 +1\.000 +1\.000$", text, re.MULTILINE)
    assert "d/c" not in text


def test_the_table_has_a_row_for_each_contestant_and_operation() -> None:
    samples = [Sample(each.letter, operation.name, figures(2)) for each in CONTESTANTS for operation in OPERATIONS]
    text = table_text(medians(samples), CONTESTANTS)
    for each in CONTESTANTS:
        for operation in OPERATIONS:
            assert re.search(rf"^{each.letter} +{re.escape(each.name)} +{operation.name} ", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("operation", "found"),
    [
        (KEY, shown(0)),
        (KEYS, {"items": [shown(number) for number in range(PAGE)], "nextToken": None}),
        (PUT_KEY, shown(0, version=VERSION + 1, updatedAt="now")),
    ],
)
def test_the_expected_data_is_a_right_answer(operation: Operation, found: Any) -> None:
    assert fault(operation, answer(operation, found), canned=True) is None


@pytest.mark.parametrize(
    ("operation", "found"),
    [
        (KEY, None),
        (KEY, shown(1)),
        (KEY, shown(0, value="{}")),
        (KEY, shown(0, ttl=None)),
        (KEY, shown(0, version=VERSION + 1)),
        (KEY, shown(0, extra=1)),
        (KEYS, {"items": [shown(number) for number in range(PAGE - 1)], "nextToken": None}),
        (KEYS, {"items": [shown(0)] * PAGE, "nextToken": None}),
        (PUT_KEY, shown(0)),
    ],
)
def test_any_other_data_is_a_fault(operation: Operation, found: Any) -> None:
    assert fault(operation, answer(operation, found), canned=True)


def test_an_answer_with_errors_is_a_fault_even_with_data() -> None:
    body = orjson.dumps({"data": {"key": shown(0)}, "errors": [{"message": "slow"}]})
    assert "slow" in str(fault(KEY, body, canned=True))


def test_the_cost_of_a_process_counts_its_children() -> None:
    parent = "import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', 'while True: pass'])"
    program = f"{parent}; sys.stdin.read(); child.kill()"
    with subprocess.Popen([PYTHON, "-c", program], stdin=subprocess.PIPE) as process:  # noqa: S603 - its own text
        deadline = time.monotonic() + 30
        while cpu_seconds(process.pid) < 0.5:
            assert time.monotonic() < deadline, "a busy child costs nothing"
            time.sleep(0.05)
        assert resident_bytes(process.pid) > 10_000_000


def test_a_process_that_ends_at_once_is_reported_with_what_it_said(tmp_path: Path) -> None:
    command = [PYTHON, "-c", "raise SystemExit('no such thing')"]
    start = started(command, core=CORE, port=free_port(), env={}, log=tmp_path / "log")
    with pytest.raises(NotStarted, match="no such thing"), start:
        pytest.fail("it listens")


def test_a_program_that_is_not_installed_is_named(tmp_path: Path) -> None:
    start = started(["no-such-program"], core=CORE, port=free_port(), env={}, log=tmp_path / "log")
    with pytest.raises(NotStarted, match="no-such-program is not installed"), start:
        pytest.fail("it listens")


@pytest.mark.parametrize("wrong", [["--contestants", "az"], ["--rounds", "0"], ["--seconds", "soon"]])
def test_a_wrong_option_is_refused_before_anything_starts(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(wrong)
    assert wrong[0] in capsys.readouterr().err


def test_a_started_process_stays_on_its_core_and_ends_with_the_block(tmp_path: Path) -> None:
    port = free_port()
    command = [PYTHON, "-m", "bench.canned", str(port)]
    with started(command, core=CORE, port=port, env={}, log=tmp_path / "log") as process:
        assert os.sched_getaffinity(process.pid) == {CORE}
    assert process.poll() is not None


def test_time_spent_by_others_is_what_the_bench_did_not_use() -> None:
    before, after = Machine(total=100, busy=50, own=10), Machine(total=120, busy=62, own=17)
    assert after.elsewhere_since(before) == pytest.approx(0.25)


def test_a_contestant_with_wrong_answers_fails_the_bench() -> None:
    liar = Contestant("x", "the floor in disguise", (PYTHON, "-m", "bench.stacks.serve", "floor", "{port}"))
    with pytest.raises(WrongAnswer, match=r"the floor in disguise: asked for key, .*floor"):
        run(Plan([liar], rounds=1, seconds=1, warm_seconds=1, connections=2, identity_seconds=5), lambda line: None)


def test_the_readme_names_every_contestant_and_shows_every_ratio() -> None:
    text = README.read_text()
    for each in CONTESTANTS:
        assert f"| {each.letter} | {each.name} |" in text
    for shown_ratio in RATIOS:
        assert f"\n    {shown_ratio.label} " in text


@pytest.mark.slow
@pytest.mark.skipif(not has_generator(), reason="neither wrk nor bench/node_modules is there; make bench installs one")
def test_a_run_prints_the_table_and_writes_every_sample(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = tmp_path / "out.json"
    short = ["--rounds", "1", "--seconds", "1", "--warm-seconds", "1", "--connections", "2"]
    assert main(["--contestants", "ab", *short, "--json", str(written)]) == 0
    assert "Strawberry + boto3" in capsys.readouterr().out
    samples = orjson.loads(written.read_bytes())["samples"]
    assert {(each["contestant"], each["operation"]) for each in samples} == {
        (letter, operation.name) for letter in "ab" for operation in OPERATIONS
    }
    assert all(each["figures"]["cpu_us"] > 0 for each in samples)
