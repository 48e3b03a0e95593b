"""Audit events and messages: what is kept, and that each goes out with the change that it tells of."""

import re

import pytest

from datastore.entities.audit_event import AuditEventEntity
from datastore.entities.message import MessageEntity
from datastore.operations import PutItem
from datastore.ulids import make_ulid
from resolvers.audit import AuditAction, audit
from resolvers.messages import MessageKind, message
from tests.resolvers.contexts import NOW, STAMP, context

ULID = make_ulid(NOW, bytes(10))


@pytest.mark.parametrize("word", [*AuditAction, *MessageKind])
def test_words_are_a_noun_and_what_was_done_to_it(word: AuditAction | MessageKind) -> None:
    assert re.fullmatch(r"[a-z]+[A-Za-z]*\.[a-z]+[A-Za-z]*", word)
    assert word.name == re.sub(r"(?=[A-Z])|\.", "_", word).upper()


@pytest.mark.parametrize("words", [AuditAction, MessageKind])
def test_words_stand_in_order(words: type[AuditAction] | type[MessageKind]) -> None:
    assert list(words) == sorted(words)


def test_an_event_says_who_did_what_to_what_and_when() -> None:
    made = audit(context("Mutation.x"), AuditAction.API_KEY_CREATED, user_id="bob", target="k", detail={"n": 1})
    assert made == PutItem(
        {
            "PK": "USER#bob",
            "SK": f"TIMESTAMP#{STAMP}#{ULID}",
            "entityType": "AUDIT",
            "userId": "bob",
            "action": "apiKey.created",
            "actorId": "alice",
            "target": "k",
            "detail": {"n": 1},
            "createdAt": STAMP,
            "updatedAt": STAMP,
        }
    )


def test_an_event_by_somebody_without_an_account_has_no_actor() -> None:
    made = audit(context("Mutation.signUp", identity=None), AuditAction.ACCOUNT_CREATED, user_id="bob")
    assert AuditEventEntity.from_item(made.item).actor_id is None
    assert made.item.keys().isdisjoint({"actorId", "target", "detail"})


def test_a_message_is_put_into_the_inbox() -> None:
    ctx = context("Mutation.x")
    made = message(ctx, MessageKind.NAMESPACE_SHARED, user_id="bob", subject="Shared", body="Read it.")
    entity = MessageEntity.from_item(made.item)
    assert (entity.pk, entity.sk, entity.message_id) == ("USER#bob", f"MESSAGE#{ULID}", ULID)
    assert (entity.kind, entity.subject, entity.body, entity.read_at) == (
        "namespace.shared",
        "Shared",
        "Read it.",
        None,
    )
