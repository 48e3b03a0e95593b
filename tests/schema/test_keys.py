"""Keys over GraphQL, on a real engine."""

import json

from tests.api import Api


async def test_a_key_that_was_put_is_there(alice: Api) -> None:
    namespace = await alice.namespace()
    put = (await alice.put(namespace, "greeting", {"text": "hello", "n": 0.1})).data["putKey"]
    assert (json.loads(put["value"]), put["version"], put["ttl"]) == ({"text": "hello", "n": 0.1}, 1, None)
    got = await alice.get(namespace, "greeting")
    assert json.loads(got.pop("value")) == json.loads(put.pop("value"))
    assert got == put
