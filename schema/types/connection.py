"""Every list: items and nextToken as AppSync has them, edges and pageInfo as Relay does."""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar

import strawberry

from resolvers.paging import Listing

Node = TypeVar("Node")


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether anything follows this page.")
    has_previous_page: bool = strawberry.field(description="Whether this page was asked for with a cursor.")
    start_cursor: str | None = strawberry.field(description="The cursor of the page's first item.")
    end_cursor: str | None = strawberry.field(description="The cursor of the page's last item.")


@strawberry.type(description="An item of a list, and where it stands.")
class Edge(Generic[Node]):
    cursor: str = strawberry.field(description="Pass it as after to go on behind this item.")
    node: Node = strawberry.field(description="The item.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[Node]):
    items: list[Node] = strawberry.field(description="The page's items.")
    listing: strawberry.Private[Listing[Any]]

    @strawberry.field(description="Pass it as nextToken for the next page; null on the last.")
    def next_token(self) -> str | None:
        return self.listing.next_token

    @strawberry.field(description="The page's items with their cursors.")
    def edges(self) -> list[Edge[Node]]:
        cursors = map(self.listing.seal, self.listing.positions)
        return [Edge(cursor=cursor, node=node) for cursor, node in zip(cursors, self.items, strict=True)]

    @strawberry.field(description="Where the page stands in its list.")
    def page_info(self) -> PageInfo:
        listing = self.listing
        return PageInfo(
            has_next_page=listing.more,
            has_previous_page=listing.begun,
            start_cursor=listing.seal(listing.positions[0]) if listing.positions else None,
            end_cursor=listing.end,
        )

    @classmethod
    def holding(cls, listing: Listing[Any], items: list[Node]) -> Self:
        """For items that have been made of the listing's entities already."""
        return cls(items=items, listing=listing)

    @classmethod
    def of(cls, listing: Listing[Any], convert: Callable[[Any], Node]) -> Self:
        return cls(items=[convert(entity) for entity in listing.entities], listing=listing)
