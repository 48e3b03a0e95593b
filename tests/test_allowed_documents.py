"""A server that runs the documents of a list and no others."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from datastore.client import BotoClient
from datastore.errors import StartFailed
from tests.api import running_api

ME = "{ me { userId } }"


async def test_only_the_documents_of_the_list_are_run(
    client: BotoClient, table_names: Mapping[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "documents.json"
    path.write_text(json.dumps({"me": ME}))
    async with running_api(client, table_names, tmp_path, allowed_documents=path) as api:
        assert (await api(ME)).data == {"me": {"userId": "admin"}}
        refused = await api("{ me { userId email } }")
        assert (refused.status, refused.error["errorType"]) == (403, "DocumentNotAllowed")


async def test_a_list_that_can_not_be_read_stops_the_start(
    client: BotoClient, table_names: Mapping[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "documents.json"
    path.write_text("[]")
    with pytest.raises(StartFailed, match="KV_ALLOWED_DOCUMENTS"):
        async with running_api(client, table_names, tmp_path, allowed_documents=path):
            pass
