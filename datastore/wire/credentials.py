"""The credentials that requests are signed with: any of botocore's providers, refreshed off the event loop."""

import asyncio
from collections.abc import Callable
from time import monotonic

import botocore.session
from botocore.credentials import Credentials, ReadOnlyCredentials, RefreshableCredentials
from botocore.exceptions import NoCredentialsError

REFRESH_BEFORE_SECONDS = 15 * 60  # as botocore does: failing that, there is time to try again
GIVE_UP_BEFORE_SECONDS = 10 * 60
CHECK_SECONDS = 1.0

LOCAL = ReadOnlyCredentials("local", "local", None)


class FixedCredentials:
    """Some that never change."""

    def __init__(self, credentials: ReadOnlyCredentials) -> None:
        self._credentials = credentials

    def known(self) -> ReadOnlyCredentials | None:
        return self._credentials

    async def load(self) -> ReadOnlyCredentials:
        return self._credentials


class ProvidedCredentials:
    """Found by botocore's chain when first needed: environment, files, SSO, web identity, container, instance."""

    def __init__(self, session: botocore.session.Session, now: Callable[[], float] = monotonic) -> None:
        self._session = session
        self._now = now
        self._provided: Credentials | None = None
        self._frozen: ReadOnlyCredentials | None = None
        self._good_until = 0.0
        self._loading: asyncio.Task[ReadOnlyCredentials] | None = None

    def known(self) -> ReadOnlyCredentials | None:
        """What needs no waiting for; None when `load` must be awaited. Costs nothing within a second of itself."""
        if self._now() < self._good_until:
            return self._frozen
        if not self._frozen or self._expires_within(GIVE_UP_BEFORE_SECONDS):
            return None
        if self._expires_within(REFRESH_BEFORE_SECONDS):
            self._load_once()
        else:
            self._good_until = self._now() + CHECK_SECONDS
        return self._frozen

    async def load(self) -> ReadOnlyCredentials:
        """Raises BotoCoreError where there are none. Callers at one time share one look-up; none can cancel it."""
        return await asyncio.shield(self._load_once())

    def _load_once(self) -> asyncio.Task[ReadOnlyCredentials]:
        if self._loading is None:
            self._loading = asyncio.create_task(self._load())
            self._loading.add_done_callback(self._loaded)
        return self._loading

    def _loaded(self, task: asyncio.Task[ReadOnlyCredentials]) -> None:
        self._loading = None
        if not task.cancelled():
            task.exception()  # known() had no use for it; load() has raised it

    async def _load(self) -> ReadOnlyCredentials:
        self._frozen = await asyncio.to_thread(self._find)
        self._good_until = self._now() + CHECK_SECONDS
        return self._frozen

    def _find(self) -> ReadOnlyCredentials:
        self._provided = self._provided or self._session.get_credentials()
        if self._provided is None:
            raise NoCredentialsError
        frozen: ReadOnlyCredentials = self._provided.get_frozen_credentials()
        return frozen

    def _expires_within(self, seconds: int) -> bool:
        return isinstance(self._provided, RefreshableCredentials) and self._provided.refresh_needed(seconds)
