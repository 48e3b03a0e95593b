"""Single sign-on when answers are lost or the table stops at any call: nobody twice, nobody locked out (T5)."""

import io
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from itertools import count
from pathlib import Path

import pytest
import structlog
from botocore.client import BaseClient

from datastore.client import BotoClient
from datastore.errors import Unavailable
from tests.api import Api, running_api
from tests.datastore.going_accounts import everything
from tests.oidc.issuer import SECRET, Issuer
from tests.recording_client import Sent
from tests.schema.sign_on import agreed, begin, finish, sign_on
from transport.access_log import configure

pytestmark = pytest.mark.node

WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"}
ME = "{ me { userId sessions { items { sessionId } } } }"


@pytest.fixture
async def sso(client: BotoClient, table_names: Mapping[str, str], tmp_path: Path, issuer: Issuer) -> AsyncIterator[Api]:
    async with running_api(client, table_names, tmp_path, **agreed(issuer)) as running:
        yield running.as_caller(None)


async def test_lost_answers_log_nobody_in_twice_nor_lock_anybody_out(sso: Api, issuer: Issuer) -> None:
    """Each write is done, its answer lost, and sent again by the client itself."""
    sso.client.repeats = lambda sent: sent.action in WRITES
    alice = await sign_on(sso, issuer, "alice")
    me = (await alice(ME)).data["me"]
    assert me["userId"] == alice.user_id
    assert len(me["sessions"]["items"]) == 1


def stop_at(call: int) -> Callable[[Sent], None]:
    """The table answers no more from the call of this number on."""
    calls = count(1)

    def before(sent: Sent) -> None:
        if sent.parameters.get("IndexName") != "OwnerStatusIndex" and next(calls) >= call:
            raise Unavailable("stopped")

    return before


async def test_a_stop_at_any_call_leaves_all_or_nothing_and_the_next_sign_on_works(
    sso: Api, issuer: Issuer, dynamodb: BaseClient, table_names: Mapping[str, str]
) -> None:
    """An account has its tier, its claim, both ends of its link and a session; or there is nothing of it."""
    stopped, calls = True, 0
    while stopped:
        calls += 1
        name = f"user{calls}"
        back = issuer.sign_on(await begin(sso), name)
        before = set(everything(dynamodb, table_names))
        sso.client.before = stop_at(calls)
        answer = await finish(sso, back)
        sso.client.before = lambda sent: None
        stopped = "errors" in answer.body
        made = {pk.split("#")[0] for table, pk, _ in set(everything(dynamodb, table_names)) - before}
        assert made == (set() if stopped else {"USER", "EMAIL", "OIDC"})
        assert (await (await sign_on(sso, issuer, name))(ME)).data
    assert calls > 4


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handlers, level = logging.root.handlers[:], logging.root.level
    configure("debug", stream)
    yield stream
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


async def test_neither_logs_nor_errors_hold_what_a_sign_on_is_made_of(
    sso: Api, issuer: Issuer, log: io.StringIO
) -> None:
    """A11: state, code, the client's secret, verifier, tokens and the email, whether or not it comes to an end."""
    back = issuer.sign_on(await begin(sso), "canary")
    token = (await finish(sso, back)).data["completeOidcLogin"]["token"]
    access_token = issuer.access_token("canary")
    forged = f"{access_token[:-8]}AAAAAAAA"
    other = issuer.sign_on(await begin(sso), "canary")
    bodies = [
        (await finish(sso, back)).body,
        (await finish(sso, {**other, "code": back["code"]})).body,
        (await finish(sso, {"state": "canary-state", "code": "canary-code"}, "canary-verifier" * 4)).body,
        (await sso.with_token(forged)(ME)).body,
        (await sso.with_token(access_token)(ME)).body,
    ]
    text = log.getvalue() + json.dumps([body for body in bodies if "errors" in body])
    assert "oidc_access_token_refused" in text
    secrets = (back["state"], back["code"], other["code"], SECRET, token.partition(".")[2], forged[:80], "canary")
    assert [secret for secret in secrets if secret in text] == []
