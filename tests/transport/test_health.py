"""Liveness and readiness."""

import asyncio
from collections.abc import Callable

import httpx2

from datastore.errors import Unavailable
from transport.health import Readiness

Make = Callable[..., httpx2.AsyncClient]


class Store:
    """Answers, fails or hangs, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.fails = False
        self.hangs = False
        self.now = 0.0

    async def check(self) -> None:
        self.asked += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails:
            raise Unavailable("down")


async def test_a_process_that_answers_lives(make_client: Make) -> None:
    store = Store()
    client = make_client(headers={}, readiness=Readiness(store.check))
    response = await client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert store.asked == 0


async def test_it_is_ready_while_the_store_answers(make_client: Make) -> None:
    client = make_client(headers={}, readiness=Readiness(Store().check))
    response = await client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})


async def test_the_store_is_asked_at_most_every_five_seconds() -> None:
    store = Store()
    readiness = Readiness(store.check, clock=lambda: store.now)
    await asyncio.gather(*(readiness.obstacle() for _ in range(10)))
    assert store.asked == 1
    store.now, store.fails = 4.9, True
    assert await readiness.obstacle() is None
    store.now = 5.0
    assert await readiness.obstacle() == "The store does not answer."
    assert store.asked == 2


async def test_it_is_not_ready_while_the_store_fails(make_client: Make) -> None:
    store = Store()
    store.fails = True
    response = await make_client(headers={}, readiness=Readiness(store.check)).get("/readyz")
    assert response.status_code == 503
    assert response.json()["message"] == "The store does not answer."


async def test_a_store_that_hangs_makes_it_not_ready_within_a_second_or_so() -> None:
    store = Store()
    store.hangs = True
    assert await asyncio.wait_for(Readiness(store.check).obstacle(), 5) == "The store does not answer."


async def test_it_is_not_ready_once_it_drains_but_still_answers(make_client: Make) -> None:
    readiness = Readiness(Store().check)
    client = make_client(readiness=readiness)
    readiness.drain()
    response = await client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["message"] == "The server is shutting down."
    assert (await client.get("/healthz")).status_code == 200
    assert (await client.post("/graphql", json={"query": "{ hello }"})).status_code == 200
