"""The administrator of a server on a laptop, whose API key is kept in a file so that GraphiQL opens ready to use."""

import secrets
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from datastore.access_patterns import AccessPattern, PrimaryKey
from datastore.api_keys import SECRET_BYTES, digest_api_key, is_api_key, make_api_key, shown_prefix
from datastore.entities.api_key import ApiKeyEntity
from datastore.entities.quota import AssignmentEntity
from datastore.entities.user import Plan, UserEntity
from datastore.errors import TransactionCancelled
from datastore.expressions import missing
from datastore.local_secrets import write_secret
from datastore.operations import DeleteItem, GetItem, PutItem, TransactWriteItems
from datastore.store import Store

ADMIN_ID = "admin"
SCOPES = ("read", "write", "admin")


async def local_admin_key(store: Store, path: Path) -> str:
    """The key in the file if the table knows it, else a new one for the same administrator, kept in the file."""
    known = _read(path)
    if known and await _is_known(store, known):
        return known
    text = make_api_key(secrets.token_bytes(SECRET_BYTES))
    await _add_user(store, text)
    await store.execute(PutItem(_api_key(text).to_item()))
    try:
        write_secret(path, text, replace=known is not None)
    except FileExistsError:  # another server starts at this moment, and was quicker: its key is the one
        await store.execute(DeleteItem(_key(text)))
        return await local_admin_key(store, path)
    return text


def _read(path: Path) -> str | None:
    return path.read_text().strip() if path.exists() else None


async def _is_known(store: Store, text: str) -> bool:
    return is_api_key(text) and await store.execute(GetItem(_key(text), consistent=True)) is not None


def _key(text: str) -> PrimaryKey:
    return AccessPattern.GET_API_KEY.key(digest=digest_api_key(text))


async def _add_user(store: Store, first_key: str) -> None:
    """Unless there is one: a lost file must not cost the administrator his namespaces."""
    entry = AccessPattern.GET_USER_BY_API_KEY.entry(digest=digest_api_key(first_key))
    user = UserEntity.new(ADMIN_ID, _now(), role="admin", plan=Plan.SCALE, apiKey=shown_prefix(first_key), **entry)
    tier = AssignmentEntity.of(user)
    new = missing("PK")
    with suppress(TransactionCancelled):
        await store.execute(
            TransactWriteItems((PutItem(user.to_item(), new), PutItem(tier.to_item(), new, tier.table)))
        )


def _api_key(text: str) -> ApiKeyEntity:
    return ApiKeyEntity.new(text, user_id=ADMIN_ID, name="local administrator", scopes=SCOPES, created_at=_now())


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
