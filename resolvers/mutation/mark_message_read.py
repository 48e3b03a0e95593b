"""Mutation.markMessageRead: one of the caller's messages, read from now on; null if he has none of that id."""

import re

from datastore.access_patterns import AccessPattern
from datastore.entities.message import MessageEntity
from datastore.errors import ConditionFailed
from datastore.expressions import Update, exists, missing
from datastore.key_templates import PARTS
from datastore.operations import Item, UpdateItem
from resolvers.context import Context


def request(ctx: Context, message_id: str) -> UpdateItem:
    """Only the first time counts: a repeat of ours, or of the caller's, changes nothing."""
    if not re.fullmatch(PARTS["ulid"], message_id):
        ctx.early_return(skip_to="END")
    key = AccessPattern.GET_MESSAGE.key(user_id=ctx.caller.user_id, ulid=message_id)
    update = Update({"readAt": ctx.timestamp, "updatedAt": ctx.timestamp})
    return UpdateItem(key, update, exists("PK") & missing("readAt"))


def response(ctx: Context, result: Item | None) -> MessageEntity | None:
    return MessageEntity.from_item(result) if result else None


def failure(ctx: Context, error: ConditionFailed) -> MessageEntity | None:
    """It has been read before, or there is none."""
    return MessageEntity.from_item(error.item) if error.item else None
