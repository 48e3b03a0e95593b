"""The flows of docs/accounts.md, run as they stand: each after the first, on an application of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from datastore.client import Client
from tests.api import Api, running_api
from tests.docs.flows import Step, fill, find, read_flows
from tests.oidc.issuer import Issuer
from tests.schema.sign_on import agreed

PAGE = Path(__file__).parents[2] / "docs" / "accounts.md"
FLOWS = read_flows(PAGE)
FIRST = next(iter(FLOWS))


async def run(api: Api, step: Step, values: dict[str, Any]) -> None:
    headers = {name: fill(text, values) for name, text in step.headers.items()}
    variables = {name: values[name] for name in step.variables}
    body = {"query": step.document, "variables": variables}
    answer = (await api.http.post("/graphql", json=body, headers=headers)).json()
    assert [error["errorType"] for error in answer.get("errors", ())] == ([step.error] if step.error else []), answer
    values |= {name: find(answer["data"], path) for name, path in step.kept.items()}


def steps(heading: str) -> list[Step]:
    return [*FLOWS[FIRST], *(FLOWS[heading] if heading != FIRST else ())]


AT_AN_ISSUER = [heading for heading in FLOWS if any(step.address for step in FLOWS[heading])]


@pytest.mark.parametrize("heading", [heading for heading in FLOWS if heading not in AT_AN_ISSUER])
async def test_the_flow_runs(api: Api, heading: str) -> None:
    values: dict[str, Any] = {"adminKey": api.key}
    for step in steps(heading):
        await run(api, step, values)


@pytest.mark.node
@pytest.mark.parametrize("heading", AT_AN_ISSUER)
async def test_the_flow_runs_at_an_issuer(
    client: Client, table_names: Mapping[str, str], tmp_path: Path, issuer: Issuer, heading: str
) -> None:
    async with running_api(client, table_names, tmp_path, **agreed(issuer)) as api:
        values: dict[str, Any] = {"adminKey": api.key, "accessToken": issuer.access_token("grace")}
        for step in steps(heading):
            if step.address:
                values |= issuer.sign_on(fill(step.address, values), "grace")
            await run(api, step, values)


@pytest.mark.parametrize("heading", FLOWS)
def test_every_section_has_operations(heading: str) -> None:
    assert FLOWS[heading]


def test_a_comment_that_says_nothing_known_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Page\n\n## Flow\n\n```graphql\n# x-api-kye: $key\nquery { me { userId } }\n```\n")
    with pytest.raises(ValueError, match="x-api-kye"):
        read_flows(page)


def test_what_comments_say_is_read(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "## Flow\n\n```graphql\n# x-api-key: $key\n# error: NotFound\n"
        "query Q($id: ID!, $no: Int) { user(userId: $id) { userId } }\n# $first = a.items.0.b\n```\n"
    )
    ((step,),) = read_flows(page).values()
    assert (step.headers, step.error, step.kept) == ({"x-api-key": "$key"}, "NotFound", {"first": "a.items.0.b"})
    assert step.variables == ["id", "no"]
    assert fill("Bearer $key", {"key": "k"}) == "Bearer k"
    assert find({"a": {"items": [{"b": 1}]}}, "a.items.0.b") == 1
