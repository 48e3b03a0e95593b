"""Mutations of the caller's inbox."""

from typing import Annotated

import strawberry

from resolvers.mutation import mark_message_read as mark_message_read_resolver
from schema.resolving import Info, resolve
from schema.types.message import Message


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Mark one of the caller's messages as read; once is enough. Null where there is no such message."
    )
    async def mark_message_read(
        self, info: Info, message_id: Annotated[strawberry.ID, strawberry.argument(description="The message's id.")]
    ) -> Message | None:
        return Message.of_optional(await resolve(mark_message_read_resolver, info, message_id=message_id))
