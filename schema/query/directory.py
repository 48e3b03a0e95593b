"""Queries about users, for administrators."""

from typing import Annotated

import strawberry

from datastore.entities.user import Plan, UserStatus
from resolvers.paging import Paging
from resolvers.query import users as users_resolver
from schema.resolving import Info, resolve
from schema.scalars import AWSDateTime
from schema.types.arguments import After, First, Limit, NextToken
from schema.types.connection import Connection
from schema.types.user import User

EmailDomain = Annotated[
    str | None, strawberry.argument(description="Whose address ends in @ and this, by address; case does not count.")
]
Status = Annotated[
    UserStatus | None,
    strawberry.argument(description="Whose account is in this state; those who are ACTIVE come newest first."),
]
WithPlan = Annotated[Plan | None, strawberry.argument(description="Who has this plan, by id.")]
CreatedFrom = Annotated[
    AWSDateTime | None, strawberry.argument(description="Who signed up then or later, newest first.")
]
CreatedTo = Annotated[
    AWSDateTime | None, strawberry.argument(description="Who signed up then or before, newest first.")
]


@strawberry.type
class Query:
    @strawberry.field(
        description="Users by one filter, of which a period is one; all of them without. For administrators."
    )
    async def users(
        self,
        info: Info,
        email_domain: EmailDomain = None,
        status: Status = None,
        plan: WithPlan = None,
        created_from: CreatedFrom = None,
        created_to: CreatedTo = None,
        limit: Limit = None,
        next_token: NextToken = None,
        first: First = None,
        after: After = None,
    ) -> Connection[User]:
        listing = await resolve(
            users_resolver,
            info,
            paging=Paging(limit, next_token, first, after),
            email_domain=email_domain,
            status=status,
            plan=plan,
            created_from=created_from,
            created_to=created_to,
        )
        return Connection[User].of(listing, User.of)
