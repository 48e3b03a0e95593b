"""Namespace.members: who may do what in it."""

from datastore.access_patterns import AccessPattern
from datastore.entities.namespace import MemberEntity
from datastore.operations import Page, Query
from resolvers.context import Context
from resolvers.paging import Listing, Paging, list_request, list_response


def request(ctx: Context, paging: Paging) -> Query:
    return list_request(ctx, AccessPattern.LIST_MEMBERS.range(ctx.grant), paging)


def response(ctx: Context, result: Page) -> Listing[MemberEntity]:
    return list_response(ctx, result, MemberEntity.from_item)
