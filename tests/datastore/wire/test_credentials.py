"""Credentials come from botocore's providers, and are renewed without holding the event loop up."""

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.credentials import Credentials, ReadOnlyCredentials, RefreshableCredentials
from botocore.exceptions import CredentialRetrievalError

from datastore.errors import Unavailable
from datastore.wire.client import NativeClient
from datastore.wire.credentials import LOCAL, ProvidedCredentials
from tests.datastore.wire.calls import calling, get
from tests.datastore.wire.scripted_server import EMPTY, always, answer


class Session:
    """botocore's, with credentials that a test gives."""

    def __init__(self, credentials: Credentials | None) -> None:
        self.credentials = credentials

    def get_credentials(self) -> Credentials | None:
        return self.credentials


class Issuer:
    """Issues credentials that last for some minutes; `threads` are those that asked."""

    def __init__(self, *minutes: float) -> None:
        self.minutes = list(minutes)
        self.issued = 0
        self.threads: list[threading.Thread] = []
        self.fails = False

    def issue(self) -> dict[str, str]:
        self.threads.append(threading.current_thread())
        if self.fails:
            raise CredentialRetrievalError(provider="test", error_msg="out of order")
        self.issued += 1
        lasts = timedelta(minutes=self.minutes[min(self.issued, len(self.minutes)) - 1])
        expiry = (datetime.now(UTC) + lasts).isoformat()
        return {"access_key": f"key-{self.issued}", "secret_key": "s", "token": "t", "expiry_time": expiry}

    def provided(self, now: Callable[[], float]) -> ProvidedCredentials:
        made = RefreshableCredentials.create_from_metadata(self.issue(), self.issue, "test")
        return ProvidedCredentials(Session(made), now)


def expire_in(provided: ProvidedCredentials, *, minutes: float) -> None:
    """As if so much time had passed."""
    refreshable: Any = provided._provided
    refreshable._expiry_time = datetime.now(UTC) + timedelta(minutes=minutes)


async def renewed(provided: ProvidedCredentials) -> ReadOnlyCredentials:
    """What the renewal that is under way ends with."""
    assert provided._loading is not None
    return await provided._loading


async def test_credentials_are_found_by_botocore_s_chain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("[profile work]\naws_access_key_id = from-file\naws_secret_access_key = s\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_PROFILE", "work")
    found = ProvidedCredentials(botocore.session.Session())
    assert found.known() is None
    assert await found.load() == found.known() == ReadOnlyCredentials("from-file", "s", None)


async def test_there_is_no_waiting_for_credentials_that_last() -> None:
    now = [0.0]
    issuer = Issuer(60)
    provided = issuer.provided(lambda: now[0])
    first = await provided.load()
    for now[0] in (0.5, 5, 50):
        assert provided.known() is first
    assert issuer.issued == 1


async def test_credentials_that_soon_expire_are_renewed_in_a_thread_while_they_are_used() -> None:
    now = [0.0]
    issuer = Issuer(60, 60)
    provided = issuer.provided(lambda: now[0])
    first = await provided.load()
    expire_in(provided, minutes=12)
    now[0] = 10
    assert provided.known() is first
    assert (await renewed(provided)).access_key == "key-2"
    assert provided.known().access_key == "key-2"
    assert issuer.threads[-1] is not threading.main_thread()


async def test_credentials_that_are_about_to_expire_are_waited_for_once_by_all() -> None:
    now = [0.0]
    issuer = Issuer(5, 60)
    provided = issuer.provided(lambda: now[0])
    assert provided.known() is None
    found = await asyncio.gather(*(provided.load() for _ in range(10)))
    assert {each.access_key for each in found} == {"key-2"}
    assert issuer.issued == 2


async def test_whoever_gives_up_waiting_does_not_end_it_for_the_others() -> None:
    provided = Issuer(5, 60).provided(lambda: 0.0)
    impatient, patient = (asyncio.ensure_future(provided.load()) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    assert (await patient).access_key == "key-2"


async def test_credentials_that_can_t_be_renewed_yet_go_on_being_used_and_are_tried_again() -> None:
    now = [0.0]
    issuer = Issuer(60)
    provided = issuer.provided(lambda: now[0])
    first = await provided.load()
    expire_in(provided, minutes=12)
    issuer.fails = True
    for now[0] in (10, 20, 30):
        assert provided.known() is first
        assert await renewed(provided) == first
    issuer.fails = False
    now[0] = 40
    assert provided.known() is first
    assert await renewed(provided) != first


async def test_credentials_that_have_expired_and_can_t_be_renewed_are_a_refusal() -> None:
    async with calling(always(answer(EMPTY))) as (client, server):
        issuer = Issuer(60)
        client._credentials = issuer.provided(lambda: 0.0)
        await client._credentials.load()
        expire_in(client._credentials, minutes=-1)
        client._credentials._good_until = 0.0
        issuer.fails = True
        with pytest.raises(Unavailable):
            await get(client, repeatable=False)
    assert server.requests == []


async def test_a_server_without_credentials_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    client = NativeClient(region="us-east-1")
    for repeatable in (True, False):
        with pytest.raises(Unavailable, match="no AWS credentials"):
            await get(client, repeatable=repeatable)
    await client.close()


async def test_an_engine_on_this_machine_gets_none_of_the_user_s_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "the-users-own")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    async with calling(always(answer(EMPTY))) as (client, server):
        await get(client)
    assert f"Credential={LOCAL.access_key}/" in server.requests[0].headers["authorization"]


async def test_a_token_of_temporary_credentials_is_sent_and_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with calling(always(answer(EMPTY))) as (client, server):
        client._credentials = Issuer(60).provided(lambda: 0.0)
        await get(client)
    headers = server.requests[0].headers
    assert headers["x-amz-security-token"] == "t"
    assert "x-amz-security-token" in headers["authorization"]
