"""The directory of users: which index answers which filter, and the order in which its list comes."""

from collections.abc import Mapping

from datastore.access_patterns import AccessPattern
from datastore.entities.user import Plan, UserStatus, fold_email
from datastore.errors import BadRequest
from datastore.expressions import Condition, equals, missing
from datastore.operations import Query
from resolvers.context import Context
from resolvers.paging import Paging, empty_listing, list_request
from resolvers.period import Period

# Nobody has signed up before: where a walk back through the months ends. The oldest item that is known is of it.
FIRST_MONTH = "2024-01"


def check_filters(given: Mapping[str, object]) -> None:
    """At most one, by the names that callers know."""
    names = [name for name, value in given.items() if value is not None]
    if len(names) > 1:
        raise BadRequest(f"users takes one filter at a time; {' and '.join(names)} were given.")


def by_email_domain(ctx: Context, domain: str, paging: Paging) -> Query:
    """In the order of the addresses."""
    if "@" in domain:
        raise BadRequest("emailDomain is what stands behind the @ of an address.")
    return list_request(ctx, AccessPattern.LIST_BY_EMAIL_DOMAIN.range(domain=fold_email(domain)), paging)


def by_status(ctx: Context, status: UserStatus, paging: Paging) -> Query:
    """Who is ACTIVE stands in no index of statuses, and is picked out by time: others are few."""
    if status is UserStatus.ACTIVE:
        return by_time(ctx, Period(), paging, only=missing("status") | equals("status", status))
    namespaces_aside = equals("entityType", "USER")
    return list_request(ctx, AccessPattern.LIST_BY_STATUS.range(status=status), paging, only=namespaces_aside)


def by_plan(ctx: Context, plan: Plan, paging: Paging) -> Query:
    """The assignments to a tier, in the order of their users' ids."""
    return list_request(ctx, AccessPattern.LIST_BY_TIER.range(tier=plan), paging)


def by_time(ctx: Context, period: Period, paging: Paging, *, only: Condition | None = None) -> Query:
    """Newest first. Each month is a partition of its own, from the present one back to FIRST_MONTH."""
    asked = period.within(f"{FIRST_MONTH}-01T00:00:00.000Z", f"{ctx.timestamp[:7]}-31T23:59:59.999Z")
    ranges = [
        AccessPattern.LIST_BY_CREATED_AT.between(month=month, low=asked.since, high=asked.until)
        for month in asked.months()
    ]
    if not ranges:
        ctx.early_return(empty_listing(ctx), skip_to="END")
    return list_request(ctx, ranges[0], paging, reverse=True, only=only, then=tuple(ranges[1:]))
