"""Lists page by page: no gap, no repeat, the same for AppSync's words and for Relay's."""

import asyncio
import os
import random
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest

from tests.api import Api

SEED = int(os.environ.get("KV_TEST_SEED", random.SystemRandom().randrange(2**32)))


async def fill(api: Api, namespace: str, names: Iterable[str]) -> None:
    await api.batch_put([{"namespace": namespace, "key": name, "value": 1} for name in names])


async def pages(api: Api, namespace: str, **arguments: Any) -> AsyncIterator[Any]:
    """Every page, as nextToken leads from one to the next."""
    token = None
    while True:
        page = (await api.page(namespace, nextToken=token, **arguments)).data["keys"]
        yield page
        token = page["nextToken"]
        if token is None:
            return


async def all_names(api: Api, namespace: str, **arguments: Any) -> list[str]:
    return [item["key"] async for page in pages(api, namespace, **arguments) for item in page["items"]]


async def test_keys_come_in_the_order_of_their_utf8_bytes(alice: Api) -> None:
    namespace = await alice.namespace()
    names = ["a", "B", "é", "z", "~", "\U0001f600", "\uffee", "a#b", "a/b", "10", "9", " ", "\x00"]
    await fill(alice, namespace, names)
    ordered = sorted(names, key=str.encode)
    for consistent in (True, False):
        assert await alice.names(namespace, consistent=consistent) == ordered
        assert await alice.names(namespace, consistent=consistent, reverse=True) == ordered[::-1]


async def test_a_prefix_is_bytes_case_and_all_and_nothing_in_it_is_special(alice: Api) -> None:
    namespace = await alice.namespace()
    names = ["user:1", "user:2", "User:1", "user", "use%", "use_r", "use#", "usé"]
    await fill(alice, namespace, names)
    for prefix in ["user:", "user", "User", "use%", "use_", "us", "use#", "usé", "", "x"]:
        for consistent in (True, False):
            found = await alice.names(namespace, prefix=prefix, consistent=consistent)
            assert found == sorted((name for name in names if name.startswith(prefix)), key=str.encode)


@pytest.mark.parametrize("consistent", [True, False])
@pytest.mark.parametrize("reverse", [True, False])
async def test_pages_of_any_size_make_up_the_whole_list(alice: Api, consistent: bool, reverse: bool) -> None:
    print(f"KV_TEST_SEED={SEED}")
    chance = random.Random(SEED)
    namespace = await alice.namespace()
    names = sorted({f"{chance.randrange(10**6):06}" for _ in range(60)})
    await fill(alice, namespace, names)
    expected = names[::-1] if reverse else names
    sizes = {1, 100, len(names) - 1, len(names), len(names) + 1, *chance.sample(range(2, 50), 3)}
    for size in sorted(sizes):
        seen = [page async for page in pages(alice, namespace, limit=size, consistent=consistent, reverse=reverse)]
        assert [item["key"] for page in seen for item in page["items"]] == expected
        assert {len(page["items"]) for page in seen[:-1]} <= {size}
        assert [page["pageInfo"]["hasNextPage"] for page in seen] == [True] * (len(seen) - 1) + [False]
        assert [page["pageInfo"]["hasPreviousPage"] for page in seen] == [False] + [True] * (len(seen) - 1)


async def test_a_last_page_that_is_exactly_full_says_that_nothing_follows(alice: Api) -> None:
    namespace = await alice.namespace()
    await fill(alice, namespace, "abcd")
    sizes = [len(page["items"]) async for page in pages(alice, namespace, limit=2)]
    assert sizes == [2, 2]


async def test_items_and_edges_are_the_same_and_so_are_their_cursors(alice: Api) -> None:
    namespace = await alice.namespace()
    await fill(alice, namespace, "abcde")
    page = (await alice.page(namespace, first=3)).data["keys"]
    assert [edge["node"]["key"] for edge in page["edges"]] == [item["key"] for item in page["items"]] == ["a", "b", "c"]
    assert page["pageInfo"]["hasNextPage"] is True
    for name in ("after", "nextToken"):
        for token in (page["nextToken"], page["pageInfo"]["endCursor"], page["edges"][2]["cursor"]):
            assert await alice.names(namespace, **{name: token}) == ["d", "e"]
        assert await alice.names(namespace, **{name: page["pageInfo"]["startCursor"]}) == ["b", "c", "d", "e"]
        assert await alice.names(namespace, first=1, **{name: page["edges"][1]["cursor"]}) == ["c"]


async def test_an_empty_list_has_neither_cursors_nor_a_next_page(alice: Api) -> None:
    namespace = await alice.namespace()
    assert (await alice.page(namespace)).data["keys"] == {
        "items": [],
        "nextToken": None,
        "edges": [],
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
    }


async def test_a_page_has_50_items_unless_told(alice: Api) -> None:
    namespace = await alice.namespace()
    await fill(alice, namespace, [f"{n:03}" for n in range(51)])
    assert len(await alice.names(namespace)) == 50


@pytest.mark.parametrize("size", [-1, 0, 101])
@pytest.mark.parametrize("name", ["limit", "first"])
async def test_a_page_of_less_than_1_or_more_than_100_is_refused(alice: Api, name: str, size: int) -> None:
    namespace = await alice.namespace()
    error = (await alice.page(namespace, **{name: size})).error
    assert error["errorType"] == "LimitExceeded"
    assert f"1 to 100 items; {size} were asked for" in error["message"]


async def test_both_words_for_one_thing_are_refused(alice: Api) -> None:
    namespace = await alice.namespace()
    for both in ({"limit": 1, "first": 1}, {"nextToken": "x", "after": "x"}):
        error = (await alice.page(namespace, **both)).error
        assert (error["errorType"], "give one of them" in error["message"]) == ("BadRequest", True)


@pytest.mark.parametrize("consistent", [True, False])
@pytest.mark.parametrize("reverse", [True, False])
async def test_a_list_has_no_gap_and_no_repeat_while_others_write(alice: Api, consistent: bool, reverse: bool) -> None:
    """What is there all the time is seen exactly once, whatever comes and goes around it."""
    print(f"KV_TEST_SEED={SEED}")
    chance = random.Random(SEED)
    namespace = await alice.namespace()
    lasting = [f"{n:03}" for n in range(60)]
    await fill(alice, namespace, lasting)
    done = asyncio.Event()

    async def write() -> None:
        while not done.is_set():
            name = f"{chance.randrange(60):03}x"
            await (alice.put(namespace, name, 1) if chance.random() < 0.5 else alice.delete(namespace, name))

    async with asyncio.TaskGroup() as tasks:
        writers = [tasks.create_task(write()) for _ in range(2)]
        try:
            seen = await all_names(alice, namespace, limit=4, consistent=consistent, reverse=reverse)
        finally:
            done.set()
        await asyncio.wait(writers)
    assert seen == sorted(set(seen), reverse=reverse)
    assert [name for name in seen if not name.endswith("x")] == (lasting[::-1] if reverse else lasting)


async def test_a_list_goes_on_behind_a_key_that_has_been_deleted(alice: Api) -> None:
    namespace = await alice.namespace()
    await fill(alice, namespace, "abc")
    token = (await alice.page(namespace, limit=2)).data["keys"]["nextToken"]
    await alice.batch_delete(namespace, ["a", "b"])
    assert await alice.names(namespace, nextToken=token) == ["c"]


class TestACursor:
    @pytest.fixture
    async def namespace(self, alice: Api) -> str:
        namespace = await alice.namespace()
        await fill(alice, namespace, ["aubergine-1", "aubergine-2", "aubergine-3"])
        return namespace

    @pytest.fixture
    async def token(self, alice: Api, namespace: str) -> str:
        token: str = (await alice.page(namespace, limit=1, prefix="a")).data["keys"]["nextToken"]
        return token

    async def test_serves_another_page_size_and_says_nothing_to_who_reads_it(
        self, alice: Api, namespace: str, token: str
    ) -> None:
        assert await alice.names(namespace, prefix="a", first=100, after=token) == ["aubergine-2", "aubergine-3"]
        assert "aubergine" not in token
        assert b"aubergine" not in urlsafe_b64decode(token + "==")

    @pytest.mark.parametrize(
        "other", [{}, {"prefix": ""}, {"prefix": "aubergine-1"}, {"reverse": True}, {"consistent": True}]
    )
    async def test_of_other_arguments_is_invalid(
        self, alice: Api, namespace: str, token: str, other: dict[str, Any]
    ) -> None:
        arguments = other if other in ({}, {"prefix": ""}, {"prefix": "aubergine-1"}) else {"prefix": "a", **other}
        await self.is_refused(alice, namespace, token, **arguments)

    async def test_of_another_namespace_is_invalid(self, alice: Api, token: str) -> None:
        await self.is_refused(alice, await alice.namespace(), token, prefix="a")

    async def test_of_another_field_is_invalid(self, alice: Api, namespace: str, token: str) -> None:
        query = """query ($ns: ID!, $token: String) {
            namespace(id: $ns) { keys(prefix: "a", after: $token) { items { key } } } }"""
        error = (await alice(query, ns=namespace, token=token)).error
        assert error["errorType"] == "InvalidCursor"

    async def test_of_another_caller_is_invalid(self, alice: Api, bob: Api) -> None:
        for user in (alice, bob):
            await user.namespace()
            await user.namespace()
        query = "query ($token: String) { namespaces(limit: 1, nextToken: $token) { nextToken } }"
        token = (await alice(query)).data["namespaces"]["nextToken"]
        assert (await alice(query, token=token)).data["namespaces"] == {"nextToken": None}
        assert (await bob(query, token=token)).error["errorType"] == "InvalidCursor"

    @pytest.mark.parametrize("change", ["cut", "grown", "turned", "emptied", "none of ours"])
    async def test_that_has_been_changed_is_invalid(self, alice: Api, namespace: str, token: str, change: str) -> None:
        last = "A" if token[-6] != "A" else "B"
        changed = {
            "cut": token[:-1],
            "grown": token + "A",
            "turned": token[:-6] + last + token[-5:],
            "emptied": "",
            "none of ours": "eyJhIjoxfQ==",
        }
        await self.is_refused(alice, namespace, changed[change], prefix="a")

    async def is_refused(self, api: Api, namespace: str, token: str, **arguments: Any) -> None:
        for name in ("nextToken", "after"):
            error = (await api.page(namespace, **{name: token}, **arguments)).error
            assert (error["errorType"], error["extensions"]["code"]) == ("InvalidCursor", "INVALID_CURSOR")


async def test_namespaces_and_api_keys_page_by_page_make_up_the_whole_list(alice: Api) -> None:
    names = sorted([await alice.namespace() for _ in range(5)])
    create = "mutation ($name: String!) { createApiKey(input: {name: $name}) { apiKey { apiKeyId } } }"
    ids = [(await alice(create, name=str(n))).data["createApiKey"]["apiKey"]["apiKeyId"] for n in range(4)]
    query = """query ($a: String, $b: String, $c: String) {
        namespaces(limit: 2, nextToken: $a) { items { id } nextToken }
        me { namespaces(limit: 2, nextToken: $b) { items { id } nextToken }
             apiKeys(first: 2, after: $c) { items { apiKeyId } nextToken } } }"""
    seen: dict[str, list[str]] = {"a": [], "b": [], "c": []}
    tokens: dict[str, Any] = {}
    for _ in range(3):
        data = (await alice(query, **tokens)).data
        lists = {"a": data["namespaces"], "b": data["me"]["namespaces"], "c": data["me"]["apiKeys"]}
        for name, page in lists.items():
            seen[name] += [value for item in page["items"] for value in item.values()]
        tokens = {name: page["nextToken"] for name, page in lists.items()}
    assert seen["a"] == seen["b"] == names
    assert tokens == {"a": None, "b": None, "c": None}
    assert sorted(seen["c"][1:]) == sorted(ids)
