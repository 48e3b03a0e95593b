"""User.messages and User.auditEvents."""

from datastore.access_patterns import AccessPattern
from datastore.entities.audit_event import AuditEventEntity
from datastore.entities.message import MessageEntity
from datastore.operations import Page, Query
from datastore.ulids import make_ulid
from resolvers.paging import Paging
from resolvers.user import audit_events, messages
from tests.resolvers.contexts import EARLIER, NOW, context, request, user

ULID = make_ulid(NOW, bytes(10))


def test_messages_are_those_of_the_user_they_stand_under_newest_first() -> None:
    operation, ctx = request("User.messages", context("User.messages", source=user("bob")), paging=Paging())
    assert operation == Query(AccessPattern.LIST_MESSAGES.range(user_id="bob"), 50, reverse=True)
    told = MessageEntity.new(ULID, EARLIER, user_id="bob", kind="k", subject="s", body="b")
    assert messages.response(ctx, Page((told.to_item(),), more=False)).entities == [told]


def test_audit_events_are_those_between_the_two_moments() -> None:
    ctx = context("User.auditEvents", source=user("bob"))
    operation, ctx = request(
        "User.auditEvents", ctx, paging=Paging(), since="2026-01-01T01:00+01:00", until="2026-01-02T00:00Z"
    )
    ends = {"low": "2026-01-01T00:00:00.000Z", "high": "2026-01-02T00:00:00.000Z"}
    assert operation == Query(AccessPattern.LIST_AUDIT_EVENTS.between(user_id="bob", **ends), 50)
    event = AuditEventEntity.new(ULID, EARLIER, user_id="bob", action="a")
    assert audit_events.response(ctx, Page((event.to_item(),), more=False)).entities == [event]
