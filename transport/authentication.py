"""From the headers of a request to who asks: the one place where a token becomes an identity."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from starlette.requests import cookie_parser

from datastore.access_patterns import AccessPattern
from datastore.api_keys import digest_api_key, is_api_key
from datastore.entities.api_key import ApiKeyEntity
from datastore.entities.session import IDLE_SECONDS, SessionEntity
from datastore.entities.subject import SubjectEntity, digest_subject
from datastore.entities.user import UserEntity, UserStatus
from datastore.entity_memo import E, EntityMemo
from datastore.errors import Unauthenticated
from datastore.key_uses import KeyUses
from datastore.operations import GetItem, Item, VerifyAccessToken
from datastore.policy_cache import PolicyCache
from datastore.session_tokens import digest_session_token, user_of_session_token
from datastore.store import Store
from resolvers.context import Identity
from resolvers.permissions import permissions_of
from resolvers.scopes import ALL_SCOPES, DEFAULT_SCOPES
from transport.known_callers import KnownCallers, Reading
from transport.last_seen import LastSeen

API_KEY_HEADER = "x-api-key"
_AUTHORIZATION = re.compile(r"(?:bearer +)?([^\s,]+)", re.IGNORECASE)
_JWT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_ALL_SCOPES = frozenset(ALL_SCOPES)
_DELEGATED_SCOPES = frozenset(DEFAULT_SCOPES)  # whichever client of the issuer's has got the token


@dataclass(frozen=True)
class Credential:
    """What a token turned out to be: whose, and what it opens."""

    user_id: str
    scopes: frozenset[str]
    api_key_id: str | None = None
    session: SessionEntity | None = None
    lasting: str | None = None  # the text of an API key that does not expire
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True)
class SessionRules:
    """How long a session may be left unused, and the cookie that may hold its token, if one may."""

    idle_seconds: float = IDLE_SECONDS
    cookie: str | None = None


class Authentication:
    """API keys, sessions, and access tokens of the issuer. What can't be one of them is refused without a read."""

    def __init__(
        self,
        store: Store,
        policies: PolicyCache,
        clock: Callable[[], datetime],
        sessions: SessionRules,
        *,
        uses: KeyUses,
    ) -> None:
        self._store = store
        self._policies = policies
        self._clock = clock
        self._sessions = sessions
        self._last_seen = LastSeen(store)
        self._uses = uses
        self._memo = EntityMemo()
        self._known = KnownCallers(store)

    async def __call__(self, headers: Mapping[str, str]) -> Identity | None:
        """None for absent and for wrong credentials alike.

        Raises Unauthenticated for an account that is suspended, Unavailable where the table does not answer.
        """
        text = headers.get(API_KEY_HEADER)
        if text and (known := self._known.find(text, self._policies.known())):
            return known
        credential = await self._credential(headers)
        return await self._identify(credential) if credential else None

    async def _credential(self, headers: Mapping[str, str]) -> Credential | None:
        """The first that is sent decides; a cookie, which a browser sends by itself, is the last."""
        if (text := headers.get(API_KEY_HEADER)) is not None:
            return await self._api_key(text)
        if (text := headers.get("authorization")) is not None:
            match = _AUTHORIZATION.fullmatch(text)
            return await self._bearer(match[1]) if match else None
        if self._sessions.cookie and (text := headers.get("cookie")):
            return await self._session(cookie_parser(text).get(self._sessions.cookie, ""))
        return None

    async def _api_key(self, text: str) -> Credential | None:
        if not is_api_key(text):
            return None
        operation = _reading_api_key(digest_api_key(text))
        item = await self._item(operation)
        entity = self._memo.entity(ApiKeyEntity, item) if item else None
        if item is None or entity is None or not entity.is_live(int(self._clock().timestamp())):
            return None
        self._uses.note(entity)  # at least each time its item is read anew, which is often enough
        lasting = text if entity.expires_at is None else None
        return Credential(
            entity.user_id, frozenset(entity.scopes), entity.api_key_id, lasting=lasting, readings=((operation, item),)
        )

    async def _bearer(self, token: str) -> Credential | None:
        return await (self._access_token(token) if _JWT.fullmatch(token) else self._session(token))

    async def _access_token(self, token: str) -> Credential | None:
        """Of somebody who has signed on here: by itself a token makes no account, and can't manage one."""
        found = await self._store.execute(VerifyAccessToken(token))
        if found is None:
            return None
        key = AccessPattern.GET_SUBJECT.key(digest=digest_subject(found.issuer, found.subject))
        entity = await self._read(SubjectEntity, GetItem(key, consistent=True, remembered=True))
        return Credential(entity.user_id, _DELEGATED_SCOPES) if entity else None

    async def _session(self, token: str) -> Credential | None:
        """One consistent read of the session's own item: its indexes lag."""
        user_id = user_of_session_token(token)
        if user_id is None:
            return None
        key = AccessPattern.GET_SESSION.key(user_id=user_id, digest=digest_session_token(token))
        entity = await self._read(SessionEntity, GetItem(key, consistent=True, remembered=True))
        now = self._clock().timestamp()
        if entity is None or not entity.is_live(now, idle_seconds=self._sessions.idle_seconds):
            return None
        return Credential(user_id, _ALL_SCOPES, session=entity)

    async def _identify(self, credential: Credential) -> Identity | None:
        """A valid credential is not enough: its user must be there, and be let in."""
        operation = _reading_user(credential.user_id)
        item = await self._item(operation)
        user = self._memo.entity(UserEntity, item) if item else None
        if item is None or user is None or user.status is UserStatus.DELETING:
            return None
        if user.status is UserStatus.SUSPENDED:
            raise Unauthenticated("This account is suspended.")
        session = credential.session
        if session:
            if session.epoch != user.session_epoch:
                return None
            self._last_seen.note(session, self._clock())
        policies = await self._policies.current()
        identity = Identity(
            user.user_id,
            credential.scopes,
            credential.api_key_id,
            session_id=session.session_id if session else None,
            role=user.role,
            permissions=permissions_of(policies, user.role),
            plan=user.plan,
            email=user.email,
        )
        if credential.lasting:
            self._known.remember(credential.lasting, identity, policies, (*credential.readings, (operation, item)))
        return identity

    async def _read(self, kind: type[E], operation: GetItem) -> E | None:
        item = await self._item(operation)
        return self._memo.entity(kind, item) if item else None

    async def _item(self, operation: GetItem) -> Item | None:
        return self._store.recall(operation) or await self._store.execute(operation)


@lru_cache(maxsize=10_000)
def _reading_api_key(digest: str) -> GetItem:
    """Made once for each key that is in use: building it takes longer than finding what is remembered of it."""
    return GetItem(AccessPattern.GET_API_KEY.key(digest=digest), consistent=True, remembered=True)


@lru_cache(maxsize=10_000)
def _reading_user(user_id: str) -> GetItem:
    return GetItem(AccessPattern.GET_USER.key(user_id=user_id), consistent=True, remembered=True)
