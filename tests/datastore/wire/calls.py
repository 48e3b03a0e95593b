"""Clients of a scripted server, and what they are asked to do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from datastore.wire.client import NativeClient
from datastore.wire.limits import Limits
from tests.datastore.wire.scripted_server import PATIENT, Script, ScriptedServer, serving

KEY = {"PK": {"S": "NS#fruit"}, "SK": {"S": "KEY#apple"}}
GET: dict[str, Any] = {"TableName": "any", "Key": KEY}


@asynccontextmanager
async def opened(endpoint_url: str, limits: Limits = PATIENT) -> AsyncIterator[NativeClient]:
    client = NativeClient(region="us-east-1", endpoint_url=endpoint_url, limits=limits)
    try:
        yield client
    finally:
        await client.close()


@asynccontextmanager
async def calling(script: Script, limits: Limits = PATIENT) -> AsyncIterator[tuple[NativeClient, ScriptedServer]]:
    async with serving(script) as server, opened(server.url, limits) as client:
        yield client, server


async def get(client: NativeClient, *, repeatable: bool = True) -> Any:
    return await client.call("GetItem", GET, repeatable=repeatable)
