"""A namespace as a caller sees it: itself, and the caller's grant in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from datastore.access_patterns import AccessPattern
from datastore.entities.namespace import GrantEntity, NamespaceEntity
from datastore.grants import Grant
from datastore.operations import BatchGetItem, Item, Page
from resolvers.context import Context
from resolvers.paging import Listing, list_response


@dataclass(frozen=True)
class NamespaceView:
    entity: NamespaceEntity
    grant: Grant


def view(ctx: Context, item: Item | None) -> NamespaceView | None:
    return NamespaceView(NamespaceEntity.from_item(item), ctx.grant) if item else None


def keep_grants(ctx: Context, page: Page) -> None:
    """The first half of a list of namespaces: whose grants the second half reads the namespaces of."""
    ctx.stash["grants"] = list_response(ctx, page, lambda item: GrantEntity.from_item(item).grant())


def namespaces_of_grants(ctx: Context) -> BatchGetItem:
    grants: Listing[Grant] = ctx.stash["grants"]
    return BatchGetItem(tuple(AccessPattern.GET_NAMESPACE.key(grant) for grant in grants.entities))


def listing_of(ctx: Context, items: Sequence[Item | None]) -> Listing[NamespaceView]:
    """A grant whose namespace has gone in between is left out, with its position."""
    grants: Listing[Grant] = ctx.stash["grants"]
    there = [each for each in zip(grants.entities, grants.positions, items, strict=True) if each[2] is not None]
    return Listing(
        [NamespaceView(NamespaceEntity.from_item(item or {}), grant) for grant, _, item in there],
        [position for _, position, _ in there],
        grants.more,
        grants.begun,
        grants.seal,
        grants.last or (grants.positions[-1] if grants.positions else None),
    )
