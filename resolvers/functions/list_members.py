"""Step: who may use the namespace, as many as one transaction can tell."""

from datastore.access_patterns import AccessPattern
from datastore.entities.namespace import MemberEntity
from datastore.operations import Page, Query
from resolvers.context import Context

MOST_MEMBERS = 96  # with the namespace, its owner, his count and the caller: DynamoDB's 100 writes


def request(ctx: Context) -> Query:
    return Query(AccessPattern.LIST_MEMBERS.range(ctx.grant), MOST_MEMBERS, consistent=True)


def response(ctx: Context, result: Page) -> None:
    ctx.stash["members"] = [MemberEntity.from_item(item).user_id for item in result.items]
