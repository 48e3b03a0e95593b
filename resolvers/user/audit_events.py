"""User.auditEvents: what was done to an account between two moments, in the order in which it happened."""

from datastore.access_patterns import AccessPattern
from datastore.entities.audit_event import AuditEventEntity
from datastore.operations import Page, Query
from resolvers.context import Context
from resolvers.paging import Listing, Paging, list_request, list_response
from resolvers.period import Period


def request(ctx: Context, paging: Paging, since: str | None = None, until: str | None = None) -> Query:
    asked = Period.of(since=("from", since), until=("to", until))
    range_ = AccessPattern.LIST_AUDIT_EVENTS.between(user_id=ctx.source.user_id, low=asked.since, high=asked.until)
    return list_request(ctx, range_, paging)


def response(ctx: Context, result: Page) -> Listing[AuditEventEntity]:
    return list_response(ctx, result, AuditEventEntity.from_item)
