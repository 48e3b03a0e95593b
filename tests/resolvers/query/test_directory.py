"""Query.users: which index is asked for each filter."""

from typing import Any

import pytest

from datastore.access_patterns import AccessPattern, KeyRange
from datastore.entities.quota import AssignmentEntity
from datastore.entities.user import Plan, UserStatus
from datastore.errors import BadRequest
from datastore.expressions import Condition, equals, missing
from datastore.operations import BatchGetItem, Page, Query
from resolvers.context import Context
from resolvers.flow import EarlyReturn
from resolvers.functions import find_users
from resolvers.paging import Listing, Paging
from resolvers.query import users
from tests.resolvers.contexts import STAMP, context, user

LAST = "2026-01-31T23:59:59.999Z"


def ask(**arguments: Any) -> Query:
    return find_users.request(context("Query.users", arguments={"paging": Paging(limit=2), **arguments}))


def month(name: str, low: str, high: str) -> KeyRange:
    return AccessPattern.LIST_BY_CREATED_AT.between(month=name, low=low, high=high)


def test_a_domain_is_asked_of_its_index_as_addresses_are_folded() -> None:
    assert ask(email_domain="Bücher.Example") == Query(
        AccessPattern.LIST_BY_EMAIL_DOMAIN.range(domain="bücher.example"), 2
    )


@pytest.mark.parametrize("status", [UserStatus.SUSPENDED, UserStatus.DELETING])
def test_a_status_is_asked_of_its_index_namespaces_left_aside(status: UserStatus) -> None:
    range_ = AccessPattern.LIST_BY_STATUS.range(status=status)
    assert ask(status=status) == Query(range_, 2, only=equals("entityType", "USER"))


def test_a_period_is_asked_month_by_month_newest_first() -> None:
    ends = {"low": "2025-11-05T00:00:00.000Z", "high": "2026-01-01T12:00:00.000Z"}
    asked = ask(created_from="2025-11-05T01:00:00+01:00", created_to="2026-01-01T12:00Z")
    first, *then = (month(name, **ends) for name in ("2026-01", "2025-12", "2025-11"))
    assert asked == Query(first, 2, reverse=True, then=tuple(then))


@pytest.mark.parametrize(
    ("arguments", "only"),
    [({}, None), ({"status": UserStatus.ACTIVE}, missing("status") | equals("status", UserStatus.ACTIVE))],
)
def test_all_users_and_the_active_ones_are_found_from_the_present_month_back_to_the_first(
    arguments: dict[str, Any], only: Condition | None
) -> None:
    asked = ask(**arguments)
    low = "2024-01-01T00:00:00.000Z"
    assert (asked.range, asked.then[-1]) == (month(STAMP[:7], low, LAST), month("2024-01", low, LAST))
    assert len(asked.then) == 24
    assert (asked.reverse, asked.only) == (True, only)


@pytest.mark.parametrize("ends", [{"created_from": "2026-02-01T00:00Z"}, {"created_to": "2023-12-31T00:00Z"}])
def test_nothing_is_asked_for_a_time_in_which_there_can_be_nobody(ends: dict[str, str]) -> None:
    with pytest.raises(EarlyReturn) as early:
        ask(**ends)
    listing: Listing[Any] = early.value.value
    assert (listing.entities, listing.next_token) == ((), None)


def test_two_filters_are_refused_before_anything_is_asked() -> None:
    with pytest.raises(BadRequest, match="emailDomain and createdFrom or createdTo were given"):
        ask(email_domain="example.com", created_to="2026-01-01T00:00Z")


def test_a_plan_is_asked_of_the_index_of_tiers() -> None:
    assert ask(plan=Plan.PRO) == Query(AccessPattern.LIST_BY_TIER.range(tier="pro"), 2)


def found(page: Page, **arguments: Any) -> tuple[Context, dict[str, Any]]:
    """As the step leaves the context; and what the resolver is called with."""
    given = {"paging": Paging(), **arguments}
    ctx = context("Query.users", arguments=given)
    find_users.request(ctx)
    ctx.prev = find_users.response(ctx, page)
    return ctx, given


def test_users_that_an_index_holds_are_read_no_second_time() -> None:
    ctx, given = found(Page((user().to_item(),), more=False))
    with pytest.raises(EarlyReturn) as early:
        users.request(ctx, **given)
    assert list(early.value.value.entities) == [user()]


def test_assignments_lead_to_users_and_leave_out_who_has_gone_or_has_another_plan_by_now() -> None:
    holders = [user(name, plan="pro") for name in ("ann", "ben", "cid")]
    page = Page(tuple(AssignmentEntity.of(holder).to_item() for holder in holders), more=True)
    ctx, given = found(page, plan=Plan.PRO)
    keys = tuple(AccessPattern.GET_USER.key(user_id=name) for name in ("ann", "ben", "cid"))
    assert users.request(ctx, **given) == BatchGetItem(keys)
    listing = users.response(ctx, (user("ann", plan="free").to_item(), holders[1].to_item(), None))
    assert list(listing.entities) == [holders[1]]
    assert listing.next_token
    assert ctx.open_cursor(listing.next_token)["SK"] == page.items[-1]["SK"]
    assert ctx.open_cursor(listing.next_token)["PK"] == page.items[-1]["PK"]
