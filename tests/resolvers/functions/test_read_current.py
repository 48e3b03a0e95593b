"""The step that reads what is about to be written, always or only under an idempotencyKey."""

from typing import Any

import pytest

from datastore.entities.key import KeyEntity
from datastore.errors import BadRequest, LimitExceeded
from datastore.operations import BatchGetItem, Nothing
from resolvers.context import Context
from resolvers.flow import EarlyReturn
from resolvers.functions import check_writes, read_current, read_if_once
from resolvers.inputs import CheckKey, DeleteKey, KeyWrite, PutKey
from resolvers.replays import remember, replay_key
from tests.resolvers.contexts import context, key_item, primary_key

TOKEN = "t"


def _transaction(*writes: KeyWrite, token: str | None = None) -> Context:
    return context("Mutation.transactKeys", arguments={"writes": list(writes), "idempotency_key": token})


def _puts(count: int) -> list[KeyWrite]:
    return [KeyWrite(put=PutKey("shop", f"k{number}", 1)) for number in range(count)]


def test_it_reads_every_key_named_consistently_in_one_batch() -> None:
    ctx = _transaction(KeyWrite(delete=DeleteKey("shop", "b")), KeyWrite(check=CheckKey("shop", "a", 1)))
    assert read_current.request(ctx) == BatchGetItem((primary_key("b"), primary_key("a")), consistent=True)


def test_the_record_of_an_earlier_write_is_read_with_them() -> None:
    ctx = _transaction(*_puts(1), token=TOKEN)
    assert read_current.request(ctx).keys == (primary_key("k0"), replay_key(ctx, TOKEN))


def test_what_was_read_is_left_for_the_next() -> None:
    ctx = _transaction(*_puts(2))
    read_current.request(ctx)
    read_current.response(ctx, (key_item("k0"), None))
    assert (ctx.stash["current"], ctx.stash["replay"]) == ((key_item("k0"), None), None)


def test_an_earlier_answer_is_left_for_the_next() -> None:
    ctx = _transaction(*_puts(1), token=TOKEN)
    first = KeyEntity.from_item(key_item())
    read_current.request(ctx)
    read_current.response(ctx, (None, remember(ctx, TOKEN, [first]).item))
    assert (ctx.stash["current"], ctx.stash["replay"]) == ((None,), [first])


@pytest.mark.parametrize("count", [0, 501])
def test_a_batch_has_1_to_500_keys(count: int) -> None:
    with pytest.raises(BadRequest if count == 0 else LimitExceeded):
        read_current.request(_transaction(*_puts(count)))


def test_a_key_named_twice_is_refused() -> None:
    with pytest.raises(BadRequest, match="'k0' is named twice"):
        read_current.request(_transaction(*_puts(1), *_puts(1)))


def test_without_an_idempotency_key_one_write_reads_nothing() -> None:
    ctx = context("Mutation.putKey", arguments={"put": PutKey("shop", "k", 1)})
    with pytest.raises(EarlyReturn) as early:
        read_if_once.request(ctx)
    assert early.value.skip_to == "NEXT"


def test_with_one_it_reads_the_key_and_the_record() -> None:
    ctx = context("Mutation.putKey", arguments={"put": PutKey("shop", "k", 1, idempotency_key=TOKEN)})
    assert read_if_once.request(ctx) == BatchGetItem((primary_key("k"), replay_key(ctx, TOKEN)), consistent=True)
    read_if_once.response(ctx, (None, None))
    assert (ctx.stash["current"], ctx.stash["replay"]) == ((None,), None)


def test_what_may_be_a_transaction_passes() -> None:
    ctx = _transaction(*_puts(100))
    assert check_writes.request(ctx) == Nothing()
    assert check_writes.response(ctx, None) is None


@pytest.mark.parametrize(
    ("writes", "message"),
    [
        ([], "at least one write"),
        (_puts(101), "100 writes; this one has 101"),
        ([KeyWrite()], "this one has 0"),
        ([KeyWrite(put=PutKey("shop", "k", 1, idempotency_key=TOKEN))], "give the idempotencyKey to transactKeys"),
    ],
)
def test_what_can_not_be_a_transaction_is_refused_before_any_read(writes: Any, message: str) -> None:
    with pytest.raises(BadRequest, match=message):
        check_writes.request(_transaction(*writes))
