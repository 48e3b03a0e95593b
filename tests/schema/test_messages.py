"""The inbox: newest first, its owner's alone, and read once."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from datastore.entities.message import MessageEntity
from datastore.operations import BatchWriteItem
from datastore.ulids import make_ulid
from tests.api import Answer, Api
from tests.clock import Clock

AllItems = Callable[[], list[Mapping[str, Any]]]

INBOX = """query ($limit: Int, $nextToken: String, $first: Int, $after: String) { me {
    messages(limit: $limit, nextToken: $nextToken, first: $first, after: $after) {
        items { messageId kind subject body readAt createdAt } nextToken } } }"""
READ = "mutation ($id: ID!) { markMessageRead(messageId: $id) { messageId subject readAt } }"
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


async def tell(user: Api, count: int = 1) -> list[str]:
    """Messages of one minute after the other; their ids, oldest first."""
    moments = [BEGINNING + timedelta(minutes=number) for number in range(count)]
    written = [
        MessageEntity.new(
            make_ulid(moment, number.to_bytes(10)),
            moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            user_id=user.user_id or "",
            kind="account.created",
            subject=f"number {number}",
            body="canary",
        )
        for number, moment in enumerate(moments)
    ]
    await user.store.execute(BatchWriteItem(puts=tuple(message.to_item() for message in written)))
    return [message.message_id for message in written]


async def inbox(user: Api, **arguments: Any) -> Any:
    return (await user(INBOX, **arguments)).data["me"]["messages"]


async def mark_read(user: Api, message_id: str) -> Answer:
    return await user(READ, id=message_id)


def told_in_2026(items: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those that these tests have written: an account may have begun with others."""
    return [item for item in items if item["body"] == "canary"]


async def test_a_stranger_is_refused(alice: Api) -> None:
    (message,) = await tell(alice)
    stranger = alice.as_caller(None)
    assert (await stranger(INBOX)).status == 401
    assert (await mark_read(stranger, message)).status == 401


async def test_nobody_else_reads_them_not_even_an_administrator(api: Api, alice: Api, bob: Api) -> None:
    await tell(alice)
    look = "query ($id: ID!) { user(userId: $id) { userId messages { items { body } } } }"
    assert (await bob(look, id=alice.user_id)).error["errorType"] == "Unauthorized"
    answer = await api(look, id=alice.user_id)
    assert (answer.error["errorType"], "canary" in str(answer.body)) == ("Unauthorized", False)


async def test_they_come_newest_first_page_by_page(alice: Api) -> None:
    made = await tell(alice, 7)
    seen: list[str] = []
    token = None
    while True:
        page = await inbox(alice, limit=3, nextToken=token)
        seen += [item["messageId"] for item in told_in_2026(page["items"])]
        token = page["nextToken"]
        if token is None:
            break
    assert seen == made[::-1]


async def test_a_message_says_what_it_is(alice: Api) -> None:
    (message,) = await tell(alice)
    assert told_in_2026((await inbox(alice))["items"]) == [
        {
            "messageId": message,
            "kind": "account.created",
            "subject": "number 0",
            "body": "canary",
            "readAt": None,
            "createdAt": "2026-01-01T00:00:00.000Z",
        }
    ]


async def test_a_message_is_read_from_the_first_time_on(timed: Api, clock: Clock) -> None:
    (message,) = await tell(timed)
    first = (await mark_read(timed, message)).data["markMessageRead"]
    assert first["readAt"]
    clock.advance(60)
    assert (await mark_read(timed, message)).data["markMessageRead"] == first
    (listed,) = told_in_2026((await inbox(timed))["items"])
    assert listed["readAt"] == first["readAt"]


async def test_a_mark_whose_answer_was_lost_is_one_mark(alice: Api) -> None:
    (message,) = await tell(alice)
    alice.client.repeats = lambda sent: sent.action == "UpdateItem"
    assert (await mark_read(alice, message)).data["markMessageRead"]["readAt"]


async def test_anothers_message_is_none_of_ones_own(alice: Api, bob: Api, all_items: AllItems) -> None:
    (message,) = await tell(alice)
    before = all_items()
    for name in (message, "01JB0000000000000000000003", "x", ""):
        assert (await mark_read(bob, name)).data == {"markMessageRead": None}
    assert all_items() == before


@pytest.mark.parametrize("name", ["limit", "first"])
@pytest.mark.parametrize("size", [0, 101])
async def test_a_page_of_another_size_is_refused(alice: Api, name: str, size: int) -> None:
    assert (await alice(INBOX, **{name: size})).error["errorType"] == "LimitExceeded"
