"""Sessions: listed, ended at once, ending by themselves, looked up by one read, and nowhere in the table (A2, A9)."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from datastore.client import Client
from datastore.session_tokens import make_session_token
from tests.api import Answer, Api, running_api
from tests.clock import Clock
from tests.schema.test_login import actions

AllItems = Callable[..., list[Mapping[str, Any]]]
ME = "{ me { userId } }"
SESSIONS = "{ me { sessions { items { sessionId createdAt lastSeenAt expiresAt userAgent current } } } }"
REVOKE = "mutation ($id: ID!) { revokeSession(sessionId: $id) }"
EMAIL = "ann@example.com"
MINUTE, DAY = 60, 86_400


@pytest.fixture
async def ann(api: Api) -> Api:
    """A session of a user's; there is one more, older."""
    await api.sign_up(EMAIL)
    await api.login(EMAIL)
    return await api.login(EMAIL)


@pytest.fixture
async def later(client: Client, table_names: Mapping[str, str], tmp_path: Path, clock: Clock) -> AsyncIterator[Api]:
    """A session in an application that lives by `clock`."""
    async with running_api(client, table_names, tmp_path, clock=clock) as running:
        await running.sign_up(EMAIL)
        yield await running.login(EMAIL)


async def sessions(caller: Api) -> list[Any]:
    listed: list[Any] = (await caller(SESSIONS)).data["me"]["sessions"]["items"]
    return listed


def token_of(caller: Api) -> str:
    return caller.headers["authorization"].removeprefix("Bearer ")


def id_of(caller: Api) -> str:
    return hashlib.sha256(token_of(caller).encode()).hexdigest()


def is_let_in(answer: Answer) -> bool:
    if answer.status == 401:
        assert answer.headers["x-amzn-errortype"] == answer.error["errorType"] == "UnauthorizedException"
    return answer.status == 200


@pytest.mark.parametrize("mutation", ["logout", 'revokeSession(sessionId: "x")'])
async def test_nobody_without_credentials_ends_a_session(api: Api, mutation: str) -> None:
    assert not is_let_in(await api.as_caller(None)(f"mutation {{ {mutation} }}"))


class TestTheList:
    async def test_has_the_newest_first_and_tells_which_one_asks(self, later: Api, clock: Clock) -> None:
        clock.advance(MINUTE)
        newer = await later.with_token(None).login(EMAIL)
        listed = await sessions(later)
        assert [(each["sessionId"], each["current"]) for each in listed] == [
            (id_of(newer), False),
            (id_of(later), True),
        ]
        assert listed[1]["userAgent"].startswith("python-httpx2")
        assert listed[1]["expiresAt"] == clock.seconds - MINUTE + 30 * DAY
        assert listed[1]["createdAt"] == listed[1]["lastSeenAt"]

    async def test_goes_on_page_by_page(self, later: Api, clock: Clock) -> None:
        for _ in range(4):
            clock.advance(MINUTE)
            await later.with_token(None).login(EMAIL)
        page = (
            "query ($after: String) { me { sessions(limit: 2, nextToken: $after) { items { createdAt } nextToken } } }"
        )
        found, after = [], None
        for _ in range(3):
            connection = (await later(page, after=after)).data["me"]["sessions"]
            found += [each["createdAt"] for each in connection["items"]]
            after = connection["nextToken"]
        assert (len(found), found, after) == (5, sorted(found, reverse=True), None)

    async def test_is_shown_to_an_administrator_and_to_nobody_else(self, api: Api, ann: Api, bob: Api) -> None:
        query = "query ($id: ID!) { user(userId: $id) { sessions { items { sessionId current } } } }"
        listed = (await api(query, id=ann.user_id)).data["user"]["sessions"]["items"]
        assert [each["current"] for each in listed] == [False, False]
        assert (await bob(query, id=ann.user_id)).error["errorType"] == "Unauthorized"

    async def test_is_empty_for_whoever_uses_api_keys(self, alice: Api) -> None:
        assert await sessions(alice) == []


class TestLogout:
    async def test_ends_the_session_that_asks_at_once_and_no_other(self, api: Api, ann: Api) -> None:
        other = await api.login(EMAIL)
        assert is_let_in(await ann(ME))
        assert (await ann("mutation { logout }")).data == {"logout": True}
        assert not is_let_in(await ann(ME))
        assert id_of(ann) not in [each["sessionId"] for each in await sessions(other)]

    async def test_with_an_api_key_ends_nothing(self, alice: Api) -> None:
        assert (await alice("mutation { logout }")).data == {"logout": False}
        assert is_let_in(await alice(ME))

    async def test_twice_at_once_counts_once(self, ann: Api) -> None:
        answers = await asyncio.gather(*(ann("mutation { logout }") for _ in range(5)))
        assert sum("errors" not in each.body and each.body["data"]["logout"] is True for each in answers) == 1

    async def test_counts_though_the_session_is_being_read_at_that_moment(self, ann: Api) -> None:
        await asyncio.gather(ann("mutation { logout }"), *(ann(ME) for _ in range(10)))
        assert not is_let_in(await ann(ME))


class TestRevocation:
    async def test_counts_from_the_next_request_on_though_the_session_was_remembered(self, api: Api, ann: Api) -> None:
        other = await api.login(EMAIL)
        assert is_let_in(await other(ME))
        assert (await ann(REVOKE, id=id_of(other))).data == {"revokeSession": True}
        assert not is_let_in(await other(ME))
        assert is_let_in(await ann(ME))

    async def test_of_none_or_of_an_ended_one_answers_false(self, api: Api, ann: Api) -> None:
        other = await api.login(EMAIL)
        for session_id, answer in [(id_of(other), True), (id_of(other), False), ("x", False), ("0" * 64, False)]:
            assert (await ann(REVOKE, id=session_id)).data == {"revokeSession": answer}

    async def test_of_anothers_session_answers_as_of_none_and_leaves_it(self, ann: Api, bob: Api) -> None:
        assert (await bob(REVOKE, id=id_of(ann))).data == {"revokeSession": False}
        assert is_let_in(await ann(ME))

    async def test_of_anothers_session_by_an_administrator_ends_it(self, api: Api, ann: Api) -> None:
        assert (await api(REVOKE, id=id_of(ann))).data == {"revokeSession": True}
        assert not is_let_in(await ann(ME))

    async def test_takes_a_key_with_the_admin_scope(self, alice: Api) -> None:
        create = 'mutation { createApiKey(input: {name: "n"}) { secret } }'
        weak = alice.as_caller((await alice(create)).data["createApiKey"]["secret"])
        assert (await weak(REVOKE, id="x")).error["errorType"] == "Unauthorized"


class TestExpiry:
    async def test_a_session_ends_at_its_second_however_much_it_is_used(self, later: Api, clock: Clock) -> None:
        for _ in range(29):
            clock.advance(DAY)
            assert is_let_in(await later(ME))
            await later.store.deferred.settled()
        clock.advance(DAY - 1)
        assert is_let_in(await later(ME))
        clock.advance(1)
        assert not is_let_in(await later(ME))

    async def test_a_session_that_is_not_used_ends_before(self, later: Api, clock: Clock) -> None:
        clock.advance(7 * DAY)
        assert not is_let_in(await later(ME))
        again = await later.with_token(None).login(EMAIL)
        assert [each["sessionId"] for each in await sessions(again)] == [id_of(again)]

    async def test_what_it_was_last_used_is_written_every_few_minutes_and_not_on_the_way(
        self, later: Api, clock: Clock
    ) -> None:
        await later(ME)
        later.client.sent.clear()
        for _ in range(10):
            clock.advance(29)
            await later(ME)
        await later.store.deferred.settled()
        assert later.client.actions().count("UpdateItem") == 0
        clock.advance(10)
        await asyncio.gather(*(later(ME) for _ in range(20)))
        await later.store.deferred.settled()
        assert later.client.actions().count("UpdateItem") == 1
        (listed,) = await sessions(later)
        assert listed["lastSeenAt"] > listed["createdAt"]

    async def test_a_session_that_ends_meanwhile_is_not_made_again_by_that(self, later: Api, clock: Clock) -> None:
        clock.advance(6 * MINUTE)
        await asyncio.gather(later(ME), later("mutation { logout }"))
        await later.store.deferred.settled()
        assert not is_let_in(await later(ME))


class TestTheLookUp:
    async def test_is_one_consistent_getitem_of_the_session_itself(
        self, client: Client, table_names: Mapping[str, str], tmp_path: Path
    ) -> None:
        """No index is asked: a session that was begun a moment ago is let in, one that has ended is not (D8)."""
        async with running_api(client, table_names, tmp_path, identity_cache_seconds=0) as api:
            await api.sign_up(EMAIL)
            ann = await api.login(EMAIL)
            api.client.sent.clear()
            await ann("{ __typename }")
            asked = [sent for sent in api.client.sent if "sessions-metadata" in sent.parameters.get("TableName", "")]
        (sent,) = asked
        assert sent.action == "GetItem"
        assert sent.parameters == {
            "TableName": table_names["sessions-metadata"],
            "Key": {"PK": {"S": f"USER#{ann.user_id}"}, "SK": {"S": f"SESSION#{id_of(ann)}"}},
            "ConsistentRead": True,
        }

    async def test_is_remembered_for_a_few_seconds(self, ann: Api) -> None:
        await ann("{ __typename }")
        ann.client.sent.clear()
        await ann("{ __typename }")
        assert ann.client.actions() == []

    async def test_reads_nothing_for_what_can_be_no_token(self, api: Api, ann: Api) -> None:
        token = token_of(ann)
        mistyped = token[:-8] + ("A" if token[-8] != "A" else "B") + token[-7:]
        api.client.sent.clear()
        for text in ("x", "kv_session_", token[:-1], token + "0", mistyped, token.replace("kv_session_", "")):
            assert not is_let_in(await api.with_token(text)(ME))
        assert api.client.actions() == []

    async def test_refuses_a_well_formed_token_that_nobody_was_given(self, api: Api, ann: Api) -> None:
        assert not is_let_in(await api.with_token(make_session_token(ann.user_id or "", b"\x01" * 32))(ME))

    async def test_refuses_another_user_s_id_before_one_s_own_secret(self, api: Api, ann: Api, bob: Api) -> None:
        secret = token_of(ann).partition(".")[2]
        assert not is_let_in(await api.with_token(f"kv_session_{bob.user_id}.{secret}")(ME))


async def test_a_login_ends_the_session_that_asks_for_it(ann: Api) -> None:
    """Rotation: what a browser held before it signed in opens nothing afterwards."""
    made = (await ann.try_login(EMAIL)).data["login"]
    assert made["token"] != token_of(ann)
    assert not is_let_in(await ann(ME))
    assert is_let_in(await ann.with_token(made["token"])(ME))


async def test_a_failed_login_ends_nothing(ann: Api) -> None:
    assert (await ann.try_login(EMAIL, "wrong horse")).error["errorType"] == "UnauthorizedException"
    assert is_let_in(await ann(ME))


async def test_logins_logouts_and_revocations_are_events(api: Api) -> None:
    ann = await api.sign_up(EMAIL)
    first, second = await api.login(EMAIL), await api.login(EMAIL)
    await first("mutation { logout }")
    await ann(REVOKE, id=id_of(second))
    assert await actions(ann) == ["session.revoked", "session.ended", "session.started", "session.started"]


async def test_no_token_and_no_password_is_anywhere_in_the_tables_or_in_the_engine_s_files(
    api: Api, dynamodb: Any, table_names: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    password = "canary-7d1e-password"
    user = await api.sign_up(EMAIL, password)
    session = await api.login(EMAIL, password)
    await session(SESSIONS)
    await api.with_token(None).try_login(EMAIL, "canary-7d1e-wrong")
    await api.store.deferred.settled()
    stored = "".join(json.dumps(dynamodb.scan(TableName=table_names[name])["Items"]) for name in table_names)
    files = [path for path in tmp_path_factory.getbasetemp().glob("engine*/**/*") if path.is_file()]
    written = b"".join(path.read_bytes() for path in files)
    assert id_of(session) in stored
    assert id_of(session).encode() in written
    secret = token_of(session).partition(".")[2]
    for canary in (password, "canary-7d1e", token_of(session), secret, secret[:-6], user.key or ""):
        assert canary not in stored
        assert canary.encode() not in written
