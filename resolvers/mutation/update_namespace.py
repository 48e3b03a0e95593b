"""Mutation.updateNamespace: change a namespace's description, or clear it."""

from datastore.access_patterns import AccessPattern
from datastore.entities.namespace import NamespaceEntity
from datastore.errors import ConditionFailed, NamespaceDeleting
from datastore.expressions import Update, equals
from datastore.operations import Item, UpdateItem
from resolvers.context import Context
from resolvers.descriptions import check_description
from resolvers.namespaces import NamespaceView


def request(ctx: Context, namespace: str, description: str | None = None) -> UpdateItem:
    changes = {"updatedAt": ctx.timestamp, "writeId": ctx.write_id}
    text = check_description(description)
    update = Update(changes | {"description": text}) if text else Update(changes, remove=("description",))
    return UpdateItem(AccessPattern.GET_NAMESPACE.key(ctx.grant), update, equals("status", "ACTIVE"))


def response(ctx: Context, result: Item | None) -> NamespaceView:
    return NamespaceView(NamespaceEntity.from_item(result or {}), ctx.grant)


def failure(ctx: Context, error: ConditionFailed) -> NamespaceView:
    raise NamespaceDeleting(f"The namespace {ctx.grant.namespace!r} is being deleted.")
