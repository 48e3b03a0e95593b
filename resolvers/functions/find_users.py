"""Step: a page of the directory by the one filter that is given; by plan, it is a page of assignments to a tier."""

from typing import Any

from datastore.entities.quota import AssignmentEntity
from datastore.entities.user import Plan, UserEntity, UserStatus
from datastore.operations import Page, Query
from resolvers.context import Context
from resolvers.directory import by_email_domain, by_plan, by_status, by_time, check_filters
from resolvers.paging import Listing, Paging, list_response
from resolvers.period import Period


def request(ctx: Context) -> Query:
    return _query(ctx, **ctx.arguments)


def response(ctx: Context, result: Page) -> Listing[Any]:
    by_assignment = ctx.arguments.get("plan") is not None
    return list_response(ctx, result, AssignmentEntity.from_item if by_assignment else UserEntity.from_item)


def _query(
    ctx: Context,
    *,
    paging: Paging,
    email_domain: str | None = None,
    status: UserStatus | None = None,
    plan: Plan | None = None,
    created_from: str | None = None,
    created_to: str | None = None,
) -> Query:
    created = created_to if created_from is None else created_from
    check_filters({"emailDomain": email_domain, "status": status, "plan": plan, "createdFrom or createdTo": created})
    if email_domain is not None:
        return by_email_domain(ctx, email_domain, paging)
    if status is not None:
        return by_status(ctx, status, paging)
    if plan is not None:
        return by_plan(ctx, plan, paging)
    period = Period.of(since=("createdFrom", created_from), until=("createdTo", created_to))
    return by_time(ctx, period, paging)
