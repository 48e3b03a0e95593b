"""updateMe: another email or password for whoever knows the present one (A9)."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.api import PASSWORD, Answer, Api
from tests.schema.test_login import actions

AllItems = Callable[[], list[Mapping[str, Any]]]
ME = "{ me { email } }"
UPDATE = """mutation ($email: AWSEmail, $password: String, $current: String!) {
    updateMe(email: $email, password: $password, currentPassword: $current) { userId email updatedAt } }"""
EMAIL, OTHER = "ann@example.com", "ann@example.org"
NEW_PASSWORD = "battery staple"


@pytest.fixture
async def ann(api: Api) -> Api:
    """A user by her API key."""
    return await api.sign_up(EMAIL)


async def update(caller: Api, current: str = PASSWORD, **changes: str | None) -> Answer:
    return await caller(UPDATE, current=current, **changes)


async def is_let_in(caller: Api) -> bool:
    return (await caller(ME)).status == 200


async def opens(api: Api, email: str, password: str) -> bool:
    return "errors" not in (await api.as_caller(None).try_login(email, password)).body


async def test_nobody_without_credentials_changes_anything(api: Api) -> None:
    assert (await update(api.as_caller(None), email=OTHER)).status == 401


async def test_whoever_does_not_know_the_password_changes_nothing(api: Api, ann: Api) -> None:
    error = (await update(ann, "wrong horse", email=OTHER, password=NEW_PASSWORD)).error
    assert (error["errorType"], error["message"]) == ("Unauthorized", "The current password is wrong.")
    assert await opens(api, EMAIL, PASSWORD)
    assert not await opens(api, OTHER, PASSWORD)


async def test_it_is_guessed_no_more_often_than_at_a_login(api: Api, ann: Api) -> None:
    for n in range(5):
        await update(ann, f"guess {n}", email=OTHER)
        await api.as_caller(None).try_login(EMAIL, f"guess {n}")
    refused = await update(ann, email=OTHER)
    assert refused.error["errorType"] == "TooManyRequests"
    assert refused.headers["retry-after"] == str(refused.error["errorInfo"]["retryAfter"])


async def test_a_key_without_the_admin_scope_changes_nothing(ann: Api) -> None:
    create = 'mutation { createApiKey(input: {name: "n"}) { secret } }'
    weak = ann.as_caller((await ann(create)).data["createApiKey"]["secret"])
    assert (await update(weak, email=OTHER)).error["errorType"] == "Unauthorized"


async def test_an_account_without_a_password_is_told_so(api: Api) -> None:
    assert (await update(api, email=OTHER)).error["message"] == "This account has no password."


class TestTheEmail:
    async def test_moves_and_the_old_one_is_free(self, api: Api, ann: Api) -> None:
        changed = (await update(ann, email=OTHER)).data["updateMe"]
        assert (changed["userId"], changed["email"]) == (ann.user_id, OTHER)
        assert (await ann(ME)).data["me"]["email"] == OTHER
        assert await opens(api, OTHER, PASSWORD)
        assert not await opens(api, EMAIL, PASSWORD)
        assert await api.sign_up(EMAIL)

    async def test_that_another_has_is_refused_and_nothing_moves(self, api: Api, ann: Api) -> None:
        await api.sign_up(OTHER)
        assert (await update(ann, email="ANN@example.org", password=NEW_PASSWORD)).error["errorType"] == "AlreadyExists"
        assert await opens(api, EMAIL, PASSWORD)

    async def test_may_be_spelled_otherwise(self, api: Api, ann: Api) -> None:
        assert (await update(ann, email="Ann@Example.com")).data["updateMe"]["email"] == "Ann@Example.com"
        assert await opens(api, EMAIL, PASSWORD)

    async def test_that_is_the_same_changes_nothing(self, ann: Api) -> None:
        before = (await update(ann)).data["updateMe"]
        assert (await update(ann, email=EMAIL)).data["updateMe"] == before

    async def test_is_had_by_one_of_those_who_want_it_at_once(self, api: Api, all_items: AllItems) -> None:
        users = [await api.sign_up() for _ in range(5)]
        answers = await asyncio.gather(*(update(user, email=OTHER) for user in users))
        assert sum("errors" not in answer.body for answer in answers) == 1
        assert {answer.error["errorType"] for answer in answers if "errors" in answer.body} == {"AlreadyExists"}
        claims = [item for item in all_items() if item["entityType"]["S"] == "EMAIL"]
        assert len(claims) == len(users)

    async def test_wanted_twice_at_once_by_one_user_leaves_one_claim(
        self, api: Api, ann: Api, all_items: AllItems
    ) -> None:
        wanted = [f"ann{n}@example.org" for n in range(4)]
        await asyncio.gather(*(update(ann, email=email) for email in wanted))
        (claim,) = [item["PK"]["S"] for item in all_items() if item["entityType"]["S"] == "EMAIL"]
        assert claim == f"EMAIL#{(await ann(ME)).data['me']['email']}"


class TestThePassword:
    async def test_is_the_new_one_from_then_on(self, api: Api, ann: Api) -> None:
        await update(ann, password=NEW_PASSWORD)
        assert await opens(api, EMAIL, NEW_PASSWORD)
        assert not await opens(api, EMAIL, PASSWORD)

    @pytest.mark.parametrize("password", ["short", "x" * 129])
    async def test_has_8_to_128_characters(self, api: Api, ann: Api, password: str) -> None:
        assert (await update(ann, password=password)).error["errorType"] == "LimitExceeded"
        assert await opens(api, EMAIL, PASSWORD)

    async def test_ends_the_other_sessions_at_once_and_leaves_the_one_that_asks(self, api: Api, ann: Api) -> None:
        asking, *others = [await api.login(EMAIL) for _ in range(4)]
        assert all([await is_let_in(session) for session in others])
        assert (await update(asking, password=NEW_PASSWORD)).data
        assert await is_let_in(asking)
        assert not any([await is_let_in(session) for session in others])
        listed = (await asking("{ me { sessions { items { current } } } }")).data["me"]["sessions"]["items"]
        assert listed == [{"current": True}]

    async def test_changed_by_an_api_key_ends_all_sessions(self, api: Api, ann: Api) -> None:
        session = await api.login(EMAIL)
        await update(ann, password=NEW_PASSWORD)
        assert not await is_let_in(session)
        assert await is_let_in(ann)

    async def test_ends_sessions_beyond_those_that_one_transaction_deletes(self, api: Api, ann: Api) -> None:
        sessions = [await api.login(EMAIL) for _ in range(60)]
        await update(ann, password=NEW_PASSWORD)
        assert not any([await is_let_in(session) for session in sessions])
        again = await api.login(EMAIL, NEW_PASSWORD)
        listed = (await again("{ me { sessions { items { current } } } }")).data["me"]["sessions"]["items"]
        assert listed == [{"current": True}]

    async def test_changed_while_somebody_signs_in_with_the_old_one_leaves_him_outside(
        self, api: Api, ann: Api
    ) -> None:
        async def sign_in() -> Api | None:
            answer = await api.as_caller(None).try_login(EMAIL)
            return None if "errors" in answer.body else api.with_token(answer.data["login"]["token"])

        tasks = [asyncio.create_task(sign_in()) for _ in range(6)]
        await asyncio.sleep(0.005)
        assert (await update(ann, password=NEW_PASSWORD)).data
        for session in await asyncio.gather(*tasks):
            assert session is None or not await is_let_in(session)

    async def test_and_the_email_change_together(self, api: Api, ann: Api) -> None:
        await update(ann, email=OTHER, password=NEW_PASSWORD)
        assert await opens(api, OTHER, NEW_PASSWORD)
        assert sorted(await actions(ann)) == ["email.changed", "password.changed", "session.started"]
