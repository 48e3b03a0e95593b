"""Mutation.markMessageRead."""

import pytest

from datastore.access_patterns import AccessPattern
from datastore.entities.message import MessageEntity
from datastore.errors import ConditionFailed
from datastore.expressions import Update, exists, missing
from datastore.operations import UpdateItem
from datastore.ulids import make_ulid
from resolvers.flow import EarlyReturn
from resolvers.mutation import mark_message_read
from tests.resolvers.contexts import EARLIER, NOW, STAMP, context, request

FIELD = "Mutation.markMessageRead"
ULID = make_ulid(NOW, bytes(10))
NEW = MessageEntity.new(ULID, EARLIER, user_id="alice", kind="k", subject="s", body="b")
READ = NEW.model_copy(update={"read_at": EARLIER})


def test_a_message_of_the_callers_that_is_new_is_marked() -> None:
    operation, ctx = request(FIELD, message_id=ULID)
    key = AccessPattern.GET_MESSAGE.key(user_id="alice", ulid=ULID)
    update = Update({"readAt": STAMP, "updatedAt": STAMP})
    assert operation == UpdateItem(key, update, exists("PK") & missing("readAt"))
    assert mark_message_read.response(ctx, READ.to_item()) == READ


def test_one_that_has_been_read_stays_as_it_is_and_one_that_is_not_there_is_null() -> None:
    ctx = context(FIELD)
    assert mark_message_read.failure(ctx, ConditionFailed(item=READ.to_item())) == READ
    assert mark_message_read.failure(ctx, ConditionFailed(item=None)) is None


@pytest.mark.parametrize("name", ["", "x", ULID.lower(), f"{ULID}0", f"{ULID}\n", "#" * 26])
def test_what_can_be_no_message_is_asked_for_nowhere(name: str) -> None:
    with pytest.raises(EarlyReturn) as early:
        request(FIELD, message_id=name)
    assert early.value.value is None
