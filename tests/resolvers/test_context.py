"""What a resolver sees."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from datastore.cursors import CursorSeal
from datastore.errors import Unauthenticated
from datastore.grants import Grant, NamespaceRole
from resolvers.context import Context, FieldInfo
from tests.resolvers.contexts import SECONDS, SHOP, STAMP, context


def test_the_time_is_frozen_in_utc_with_milliseconds() -> None:
    ctx = context("Query.me")
    assert (ctx.timestamp, ctx.now_seconds) == (STAMP, SECONDS)
    east = datetime(2026, 1, 2, 5, 4, 5, 6999, tzinfo=timezone(timedelta(hours=2)))
    assert context("Query.me", now=east).timestamp == "2026-01-02T03:04:05.006Z"


def test_a_write_keeps_its_id_for_the_whole_resolution() -> None:
    ctx = context("Mutation.putKey")
    assert [ctx.auto_id(), ctx.write_id, ctx.auto_id(), ctx.write_id] == ["id-1", "id-2", "id-3", "id-2"]


def test_ids_are_random_unless_frozen() -> None:
    ctx = Context(FieldInfo("Query", "me"), None, CursorSeal([bytes(32)]), datetime.now(UTC))
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", ctx.auto_id())
    assert ctx.auto_id() != ctx.auto_id()


def test_without_credentials_there_is_no_caller() -> None:
    with pytest.raises(Unauthenticated):
        _ = context("Query.me", identity=None).caller


def test_the_grant_is_the_one_of_the_one_namespace_named() -> None:
    assert context("Query.key").grant is SHOP
    two = context("Mutation.transactKeys", grants={"shop": SHOP, "b1": Grant("alice", "b1", NamespaceRole.OWNER)})
    with pytest.raises(ValueError, match="too many values"):
        _ = two.grant


def test_the_selection_is_worked_out_when_it_is_asked_for() -> None:
    asked: list[str] = []
    info = FieldInfo("Query", "key", select=lambda: asked.append("once") or ["value", "edges/node"])
    assert (info.path, asked) == ("Query.key", [])
    assert info.selection_set_list is info.selection_set_list
    assert (info.selection_set_list, asked) == (["value", "edges/node"], ["once"])


def test_a_response_header_is_kept_for_the_answer() -> None:
    ctx = context("Query.me")
    ctx.add_response_header("Retry-After", "1")
    ctx.add_response_header("Retry-After", "2")
    assert ctx.response_headers == [("Retry-After", "1"), ("Retry-After", "2")]


@pytest.mark.parametrize(("name", "value"), [("", "1"), ("a b", "1"), ("a:", "1"), ("a", "1\r\nb: 2"), ("a", "é")])
def test_what_would_not_be_one_header_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match="no header"):
        context("Query.me").add_response_header(name, value)
