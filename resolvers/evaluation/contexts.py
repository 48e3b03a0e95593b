"""A context's JSON, made into what a resolver sees: AppSync's fields, and `now`, `ids`, `grants` and `results`."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from datastore.access_patterns import AccessPattern
from datastore.cursors import KEY_BYTES, CursorSeal
from datastore.entities.namespace import GrantEntity, NamespaceEntity
from datastore.entities.user import Plan, UserEntity
from datastore.errors import CorruptItem
from datastore.grants import NamespaceRole
from datastore.key_templates import last_part
from datastore.operations import GetItem, Item
from datastore.policies import BUILT_IN
from resolvers.context import Context, FieldInfo, Identity
from resolvers.evaluation.arguments import read_arguments
from resolvers.evaluation.naming import BadContext, choose
from resolvers.namespaces import NamespaceView
from resolvers.permissions import Permission, permissions_of
from resolvers.scopes import ALL_SCOPES

KNOWN = (
    *("arguments", "identity", "source", "stash", "prev", "result", "error", "request", "env", "info"),
    *("now", "ids", "grants", "results"),
)
_IDENTITY = ("userId", "scopes", "apiKeyId", "sessionId", "role", "permissions", "plan", "email")


def read_context(path: str, given: Mapping[str, Any]) -> Context:
    """Raises BadContext. Page tokens are sealed with a key that only evaluation uses; random bytes are zeros."""
    for name in given:
        choose(name, KNOWN, "field of a context")
    parent, _, field = path.partition(".")
    info = _object(given, "info")
    ctx = Context(
        info=FieldInfo(parent, field, _object(info, "variables"), lambda: list(info.get("selectionSetList") or ())),
        identity=_identity(given),
        seal=CursorSeal([bytes(KEY_BYTES)]),
        now=_now(given),
        arguments=read_arguments(path, _object(given, "arguments")),
        request_headers=_object(_object(given, "request"), "headers"),
        env=_object(given, "env"),
        stash=dict(_object(given, "stash")),
        prev=_object(given, "prev").get("result"),
    )
    if "ids" in given:
        ctx.auto_id = _ids(given["ids"])
    ctx.source = _source(parent, given, ctx)
    return ctx


async def answer_authorisation(operation: GetItem, ctx: Context, given: Mapping[str, Any]) -> Item | None:
    """What the authorising step would read: the caller's grant in a namespace.

    Without `grants` the caller owns whatever he names.
    """
    namespace = last_part(AccessPattern.GET_GRANT.sort, operation.key.sk)
    grants = _object(given, "grants") if given.get("grants") is not None else {namespace: "OWNER"}
    return _grant(ctx, namespace, grants[namespace]).to_item() if namespace in grants else None


def _grant(ctx: Context, namespace: str, role: str) -> GrantEntity:
    choose(role, tuple(NamespaceRole), "role in a namespace")
    key = AccessPattern.GET_GRANT.key(user_id=ctx.caller.user_id, namespace=namespace)
    return GrantEntity.from_item(
        key.attributes()
        | {"entityType": "NAMESPACE", "createdAt": ctx.timestamp, "updatedAt": ctx.timestamp}
        | {"namespace": namespace, "userId": ctx.caller.user_id, "role": role}
    )


def _source(parent: str, given: Mapping[str, Any], ctx: Context) -> Any:
    """A User or a Namespace by the attributes that the API shows; userId, and id, are enough."""
    if parent not in _SOURCES:
        return None
    identifier, make = _SOURCES[parent]
    source = _object(given, "source")
    if identifier not in source:
        raise BadContext(f'A field of {parent} needs a source: add "source": {{"{identifier}": …}} to the context.')
    try:
        return make(source, ctx)
    except CorruptItem as error:
        raise BadContext(f"The source is not a {parent}: {error.message}") from error


def _user(source: Mapping[str, Any], ctx: Context) -> UserEntity:
    rest = {name: value for name, value in source.items() if name not in ("userId", "createdAt", "email")}
    return UserEntity.new(source["userId"], source.get("createdAt", ctx.timestamp), email=source.get("email"), **rest)


def _namespace(source: Mapping[str, Any], ctx: Context) -> NamespaceView:
    grant = _grant(ctx, source["id"], source.get("role", "OWNER")).grant()
    rest = {name: value for name, value in source.items() if name not in ("id", "role")}
    item = {"entityType": "NAMESPACE", "ownerId": grant.user_id, "createdAt": ctx.timestamp, "updatedAt": ctx.timestamp}
    key = AccessPattern.GET_NAMESPACE.key(grant).attributes()
    return NamespaceView(NamespaceEntity.from_item(key | item | {"namespace": grant.namespace} | rest), grant)


_SOURCES: Mapping[str, tuple[str, Callable[[Mapping[str, Any], Context], Any]]] = {
    "User": ("userId", _user),
    "Namespace": ("id", _namespace),
}


def _identity(given: Mapping[str, Any]) -> Identity | None:
    if given.get("identity") is None:
        return None
    identity = _object(given, "identity")
    for name in identity:
        choose(name, _IDENTITY, "field of identity")
    if not isinstance(identity.get("userId"), str):
        raise BadContext("identity needs a userId, a string; null is a caller without credentials.")
    role = identity.get("role", "member")
    permissions = permissions_of(BUILT_IN, role)
    if "permissions" in identity:
        permissions = frozenset(
            Permission(choose(each, tuple(Permission), "permission")) for each in identity["permissions"]
        )
    return Identity(
        identity["userId"],
        frozenset(identity.get("scopes", ALL_SCOPES)),
        identity.get("apiKeyId"),
        identity.get("sessionId"),
        role,
        permissions,
        Plan(choose(identity.get("plan", Plan.FREE), tuple(Plan), "plan")),
        identity.get("email"),
    )


def _now(given: Mapping[str, Any]) -> datetime:
    if "now" not in given:
        return datetime.now(UTC)
    try:
        now = datetime.fromisoformat(given["now"])
    except (TypeError, ValueError) as error:
        raise BadContext(f"now must be an ISO 8601 time such as 2026-01-02T03:04:05Z: {error}.") from error
    return now if now.tzinfo else now.replace(tzinfo=UTC)


def _ids(given: Any) -> Callable[[], str]:
    if not isinstance(given, list):
        raise BadContext("ids must be a list: each call of auto_id takes the next.")
    left = iter(given)

    def take() -> str:
        taken = next(left, None)
        if taken is None:
            raise BadContext(f"The resolver asks for more ids than the {len(given)} given: add some to ids.")
        return str(taken)

    return take


def _object(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = given.get(name)
    if value is not None and not isinstance(value, dict):
        raise BadContext(f"{name} must be an object.")
    return cast(Mapping[str, Any], value or {})
