"""Mutation.createNamespace: the namespace, its owner's grant, its first member and his count, in one transaction."""

from datastore.access_patterns import AccessPattern
from datastore.entities.namespace import GrantEntity, MemberEntity, NamespaceEntity
from datastore.errors import AlreadyExists, TransactionCancelled
from datastore.expressions import missing
from datastore.grants import Grant, NamespaceRole
from datastore.operations import PutItem, TransactWriteItems
from resolvers.context import Context
from resolvers.descriptions import check_description
from resolvers.namespace_count import one_more, refuse_one_more
from resolvers.namespaces import NamespaceView


def request(ctx: Context, namespace: str, description: str | None = None) -> TransactWriteItems:
    """The grant may be founded here without one found: the transaction fails if the namespace is there."""
    founding = Grant(ctx.caller.user_id, namespace, NamespaceRole.OWNER)
    entity = _namespace(ctx, founding, check_description(description))
    ctx.stash["view"] = NamespaceView(entity, founding)
    items = (entity.to_item(), _grant(ctx, founding).to_item(), _member(ctx, founding).to_item())
    return TransactWriteItems((*(PutItem(item, missing("PK")) for item in items), one_more(ctx)))


def response(ctx: Context, result: None) -> NamespaceView:
    created: NamespaceView = ctx.stash["view"]
    return created


def failure(ctx: Context, error: TransactionCancelled) -> NamespaceView:
    *items, count = error.reasons
    if any(reason.failed_condition for reason in items):
        raise AlreadyExists(
            f"There is a namespace {ctx.arguments['namespace']!r} already: names are shared by all users."
        )
    if count.failed_condition:
        refuse_one_more(ctx, count)
    raise error


def _namespace(ctx: Context, grant: Grant, description: str | None) -> NamespaceEntity:
    return NamespaceEntity.from_item(
        AccessPattern.GET_NAMESPACE.key(grant).attributes()
        | _common(ctx, "NAMESPACE")
        | {"namespace": grant.namespace, "ownerId": grant.user_id, "status": "ACTIVE", "writeId": ctx.write_id}
        | ({"description": description} if description else {})
    )


def _grant(ctx: Context, grant: Grant) -> GrantEntity:
    return GrantEntity.from_item(
        AccessPattern.GET_GRANT.key(user_id=grant.user_id, namespace=grant.namespace).attributes()
        | _common(ctx, "NAMESPACE")
        | {"namespace": grant.namespace, "userId": grant.user_id, "role": grant.role, "status": "ACTIVE"}
    )


def _member(ctx: Context, grant: Grant) -> MemberEntity:
    return MemberEntity.from_item(
        AccessPattern.GET_MEMBER.key(grant, user_id=grant.user_id).attributes()
        | _common(ctx, "MEMBER")
        | {"userId": grant.user_id, "role": grant.role}
        | ({"email": ctx.caller.email} if ctx.caller.email else {})
    )


def _common(ctx: Context, entity_type: str) -> dict[str, str]:
    return {"entityType": entity_type, "createdAt": ctx.timestamp, "updatedAt": ctx.timestamp}
