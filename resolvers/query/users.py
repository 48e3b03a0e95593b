"""Query.users: the directory, by one filter at a time; without one, all users, newest first. For administrators."""

from datastore.access_patterns import AccessPattern
from datastore.entities.quota import AssignmentEntity
from datastore.entities.user import Plan, UserEntity, UserStatus
from datastore.operations import BatchGetItem, Item
from resolvers.context import Context
from resolvers.functions import find_users
from resolvers.paging import Listing, Paging

STEPS = (find_users,)


def request(
    ctx: Context,
    paging: Paging,
    email_domain: str | None = None,
    status: UserStatus | None = None,
    plan: Plan | None = None,
    created_from: str | None = None,
    created_to: str | None = None,
) -> BatchGetItem:
    """By plan the step has found assignments, which lead to users; else it has found the users themselves."""
    if plan is None:
        ctx.early_return(ctx.prev)
    assignments: Listing[AssignmentEntity] = ctx.stash.setdefault("assignments", ctx.prev)
    return BatchGetItem(tuple(AccessPattern.GET_USER.key(user_id=each.user_id) for each in assignments.entities))


def response(ctx: Context, result: tuple[Item | None, ...]) -> Listing[UserEntity]:
    """Left out is who has gone meanwhile, and who has another plan by now: the index lags behind."""
    assignments: Listing[AssignmentEntity] = ctx.stash["assignments"]
    users = [UserEntity.from_item(item) if item else None for item in result]
    return assignments.exchange([user if user and user.plan is ctx.arguments["plan"] else None for user in users])
