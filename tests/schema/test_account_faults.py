"""Signing in and changing an account, when answers are lost or the table stops at any call: all or nothing (T5)."""

import io
import json
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from itertools import count
from typing import Any

import pytest
import structlog

from datastore.errors import Unavailable
from tests.api import PASSWORD, Answer, Api
from tests.recording_client import Sent
from tests.schema.test_sessions import REVOKE, id_of, is_let_in, sessions, token_of
from tests.schema.test_update_me import EMAIL, NEW_PASSWORD, OTHER, opens, update
from transport.access_log import configure

ME = "{ me { userId email } }"

AllItems = Callable[[], list[Mapping[str, Any]]]
Act = Callable[[Api], Awaitable[Answer]]


@pytest.fixture
async def ann(api: Api) -> Api:
    """A session of a user's."""
    await api.sign_up(EMAIL)
    return await api.login(EMAIL)


def lose_answers(api: Api) -> None:
    api.client.repeats = lambda sent: sent.action in {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"}


class TestALostAnswer:
    async def test_of_a_login_leaves_one_session_that_opens(self, ann: Api) -> None:
        lose_answers(ann)
        other = await ann.with_token(None).login(EMAIL)
        assert is_let_in(await other(ME))
        assert len(await sessions(other)) == 2

    async def test_of_a_logout_or_a_revocation_is_a_success(self, api: Api, ann: Api) -> None:
        other = await api.login(EMAIL)
        lose_answers(ann)
        assert (await ann(REVOKE, id=id_of(other))).data == {"revokeSession": True}
        assert (await ann("mutation { logout }")).data == {"logout": True}
        assert not is_let_in(await ann(ME))

    async def test_of_a_change_is_a_success(self, api: Api, ann: Api) -> None:
        lose_answers(ann)
        assert (await update(ann, email=OTHER, password=NEW_PASSWORD)).data["updateMe"]["email"] == OTHER
        assert is_let_in(await ann(ME))
        assert await opens(api, OTHER, NEW_PASSWORD)


def stop_at(call: int) -> Callable[[Sent], None]:
    """The table answers no more from the call of this number on."""
    calls = count(1)

    def before(sent: Sent) -> None:
        if next(calls) >= call:
            raise Unavailable("The table is not answering at the moment; try again.")

    return before


async def change(caller: Api) -> Answer:
    return await update(caller, email=OTHER, password=NEW_PASSWORD)


async def log_out(caller: Api) -> Answer:
    return await caller("mutation { logout }")


@pytest.mark.parametrize("call", range(1, 8))
@pytest.mark.parametrize("act", [change, log_out])
async def test_a_table_that_stops_at_any_call_leaves_all_as_it_was_or_as_it_should_be(
    api: Api, ann: Api, all_items: AllItems, act: Act, call: int
) -> None:
    other = await api.login(EMAIL)
    ann.client.before = stop_at(call)
    answer = await act(ann)
    ann.client.before = lambda sent: None
    done = answer.status == 200 and "errors" not in answer.body
    claims = [item["PK"]["S"] for item in all_items() if item["entityType"]["S"] == "EMAIL"]
    if act is change:
        assert claims == [f"EMAIL#{OTHER if done else EMAIL}"]
        assert await opens(api, OTHER, NEW_PASSWORD) == done
        assert await opens(api, EMAIL, PASSWORD) != done
        assert is_let_in(await other(ME)) != done
        assert is_let_in(await ann(ME))
    else:
        assert is_let_in(await ann(ME)) != done
        assert is_let_in(await other(ME))


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handlers, level = logging.root.handlers[:], logging.root.level
    configure("debug", stream)
    yield stream
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


async def test_neither_logs_nor_errors_hold_a_password_a_token_or_an_email(api: Api, log: io.StringIO) -> None:
    """Through each way that succeeds or fails, the table's failures included (A11)."""
    email, password = "canary-91aa@example.com", "canary-91aa-password"
    await api.sign_up(email, password)
    session = await api.login(email, password)
    bodies = [(await session.try_login(email, "canary-91aa-wrong")).body for _ in range(12)]
    bodies.append((await api.with_token(token_of(session)[:-1])(ME)).body)
    bodies.append((await update(session, "canary-91aa-wrong", password="canary-91aa" * 20)).body)
    for call in range(1, 5):
        api.client.before = stop_at(call)
        bodies.append((await api.try_login(email, password)).body)
        bodies.append((await update(session, password, password="canary-91aa-new")).body)
    api.client.before = lambda sent: None
    api.client.after = _fail
    bodies.append((await api.as_caller(None).try_login(email, password)).body)
    api.client.after = lambda sent, answer: answer
    text = log.getvalue() + json.dumps(bodies)
    assert "internal_error" in text
    assert "canary-91aa" not in text
    assert token_of(session).partition(".")[2][:20] not in text


def _fail(sent: Sent, answer: Any) -> Any:
    raise RuntimeError("nobody expected this")
