"""Step: the user and the role that the arguments name, as they stand."""

from datastore.access_patterns import AccessPattern
from datastore.entities.user import UserEntity, UserStatus
from datastore.errors import BadRequest, NotFound
from datastore.operations import BatchGetItem, Item
from resolvers.context import Context
from resolvers.roles import role_of


def request(ctx: Context) -> BatchGetItem:
    user, role = ctx.arguments["user_id"], ctx.arguments["role"]
    return BatchGetItem((AccessPattern.GET_USER.key(user_id=user), AccessPattern.GET_ROLE.key(role=role)), True)


def response(ctx: Context, result: tuple[Item | None, ...]) -> UserEntity:
    """Leaves the role under "role". Raises NotFound for a user who is not there, or is going."""
    user, role = result
    entity = UserEntity.from_item(user) if user else None
    if entity is None or entity.status is UserStatus.DELETING:
        raise NotFound("There is no such user.")
    ctx.stash["role"] = role_of(ctx.arguments["role"], role)
    if ctx.stash["role"] is None:
        raise BadRequest(f"There is no role {ctx.arguments['role']}.")
    return entity
