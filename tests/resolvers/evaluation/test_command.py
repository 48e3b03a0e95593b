"""The command behind `make evaluate`: the examples of docs/resolvers.md, and what it says of a bad context."""

import io
import json
import re
import shlex
from pathlib import Path

import pytest

from resolvers.evaluation.__main__ import main
from resolvers.evaluation.contexts import KNOWN
from tests.source_tree import ROOT

PAGE = (ROOT / "docs" / "resolvers.md").read_text(encoding="utf-8")
CONTEXTS = sorted((ROOT / "docs" / "examples" / "contexts").glob("*.json"))
COMMANDS = re.findall(r"^make evaluate (.*)$", PAGE, re.MULTILINE)
SHOWN = re.findall(r"```sh\nmake evaluate ([^\n]*)\n```\n\n```json\n(.*?)```", PAGE, re.DOTALL)


def _run(assignments: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the Makefile does."""
    given = dict(each.split("=", 1) for each in shlex.split(assignments))
    monkeypatch.chdir(ROOT)
    options = ["--function", given.get("FUNCTION", "request"), "--step", given.get("STEP", "")]
    main([given["FIELD"], given["CONTEXT"], *options])


@pytest.mark.parametrize(("command", "output"), SHOWN)
def test_the_page_shows_what_is_printed(
    command: str, output: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(command, monkeypatch)
    assert capsys.readouterr().out == output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_page_runs(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(command, monkeypatch)
    assert json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda path: path.stem)
def test_every_example_context_evaluates_without_an_error(context: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([context.stem, str(context)])
    shown = json.loads(capsys.readouterr().out)
    assert shown["evaluationResult"]
    assert "error" not in shown


@pytest.mark.parametrize("context", [each for each in CONTEXTS if '"result":' in each.read_text()], ids=str)
def test_every_example_with_an_answer_has_a_response(context: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([context.stem, str(context), "--function", "response"])
    assert json.loads(capsys.readouterr().out)["evaluationResult"]


def test_a_context_may_come_from_the_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"identity": {"userId": "alice"}}'))
    main(["Query.me", "-"])
    assert json.loads(capsys.readouterr().out)["evaluationResult"]["key"]["PK"] == "USER#alice"


def test_numbers_are_printed_exactly(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    put = '{"namespace": "shop", "key": "k", "value": 1e-30}'
    monkeypatch.setattr("sys.stdin", io.StringIO(f'{{"identity": {{"userId": "a"}}, "arguments": {{"input": {put}}}}}'))
    main(["Mutation.putKey", "-"])
    assert '"N": "1E-30"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": }', "is not JSON: Expecting value at line 1, column 7"),
        ("[]", "must be a JSON object"),
        ('{"arguments": {"id": 1}}', "Query.me has no argument id"),
    ],
)
def test_a_bad_context_ends_it_with_what_is_wrong(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "context.json"
    path.write_text(text)
    with pytest.raises(SystemExit) as ended:
        main(["Query.me", str(path)])
    assert str(ended.value).startswith("evaluate: ")
    assert message in str(ended.value)


@pytest.mark.parametrize(
    ("context", "message"), [("", "give a context, as in CONTEXT="), ("nowhere.json", "can't read the context nowhere")]
)
def test_a_context_that_is_not_there_is_named(context: str, message: str) -> None:
    with pytest.raises(SystemExit, match=message):
        main(["Query.me", context])


def test_every_field_of_a_context_is_on_the_page() -> None:
    described = [name for name in KNOWN if re.search(rf"`{name}\b", PAGE)]
    assert described == list(KNOWN)
