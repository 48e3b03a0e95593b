"""An account marked DELETING goes with everything that it has, and nothing else does."""

from collections.abc import Iterator, Mapping

import pytest
from botocore.client import BaseClient

from datastore.access_patterns import AccessPattern
from datastore.account_deletion import PAGE, AccountDeletion
from datastore.entities.user import UserEntity
from datastore.expressions import Update
from datastore.grants import NamespaceRole
from datastore.operations import DeleteItem, GetItem, PutItem, UpdateItem
from datastore.store import Store
from tests.datastore.going_accounts import account, everything, make_job, mark, members, own_namespace, shared_with
from tests.datastore.going_namespaces import MARKED_AT, SETTLE, Clock, contents, namespace_item
from tests.datastore.going_namespaces import make_job as make_namespace_job
from tests.datastore.stores import MOMENT
from tests.recording_client import RecordingClient, Sent


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def job(store: Store, clock: Clock) -> AccountDeletion:
    return make_job(store, clock)


async def test_everything_goes_and_nothing_of_anybody_else(
    job: AccountDeletion, store: Store, clock: Clock, dynamodb: BaseClient, table_names: Mapping[str, str]
) -> None:
    await account(store, "bob", email="bob@example.com")
    before = everything(dynamodb, table_names)
    user = await account(store)
    await mark(store, user)
    await job.sweep()
    left = set(everything(dynamodb, table_names)) - set(before)
    assert {key[1] for key in left} == {"USER#alice", "EMAIL#alice@example.com"}
    clock.now = MARKED_AT + SETTLE
    await job.sweep()
    assert everything(dynamodb, table_names) == before


async def test_it_waits_for_the_users_own_namespaces_and_those_go_by_their_own_job(
    job: AccountDeletion, store: Store, clock: Clock, dynamodb: BaseClient, table_names: Mapping[str, str]
) -> None:
    user = await account(store)
    grants = [await own_namespace(store, name) for name in ("fruit", "nuts")]
    await mark(store, user)
    await job.sweep()
    clock.now += SETTLE
    await job.sweep()
    assert await store.execute(GetItem(user.key, consistent=True))
    namespaces = make_namespace_job(store, clock)
    await namespaces.sweep()
    clock.now += SETTLE
    await namespaces.sweep()
    assert [await contents(store, grant) for grant in grants] == [[], []]
    await job.sweep()
    assert everything(dynamodb, table_names) == []


async def test_quota_items_stay_until_the_namespaces_that_they_count_have_gone(
    job: AccountDeletion, store: Store, clock: Clock
) -> None:
    user = await account(store)
    await own_namespace(store, "fruit")
    await mark(store, user)
    await job.sweep()
    assert await store.execute(GetItem(AccessPattern.GET_ASSIGNMENT.key(user_id="alice"), consistent=True))


@pytest.mark.parametrize("role", NamespaceRole)
async def test_it_takes_the_user_out_of_others_namespaces_and_leaves_those_as_they_are(
    job: AccountDeletion, store: Store, clock: Clock, role: NamespaceRole
) -> None:
    """Even where he is an OWNER of what is shared with him."""
    user = await account(store)
    grant = await shared_with(store, "alice", "bobs", role)
    await mark(store, user)
    await job.sweep()
    assert await members(store, grant) == []
    assert await contents(store, grant) == ["METADATA"]
    assert ((await namespace_item(store, grant)) or {})["status"] == "ACTIVE"
    assert await store.execute(GetItem(AccessPattern.GET_GRANT.key(user_id="alice", namespace="bobs"))) is None


async def test_more_than_a_page_of_a_kind_goes_in_one_turn(
    job: AccountDeletion, store: Store, clock: Clock, dynamodb: BaseClient, table_names: Mapping[str, str]
) -> None:
    user = await account(store, messages=2 * PAGE + 5)
    await mark(store, user)
    clock.now += SETTLE
    await job.sweep()
    assert everything(dynamodb, table_names) == []


async def test_what_another_process_still_writes_is_swept_by_the_last_pass(
    job: AccountDeletion, store: Store, clock: Clock, dynamodb: BaseClient, table_names: Mapping[str, str]
) -> None:
    user = await account(store)
    await mark(store, user)
    await job.sweep()
    await own_namespace(store, "late")
    await store.execute(PutItem({**user.key.attributes(), "SK": "MESSAGE#late", "entityType": "MESSAGE"}))
    clock.now += SETTLE
    await job.sweep()
    namespaces = make_namespace_job(store, clock)
    clock.now += SETTLE
    await namespaces.sweep()
    await job.sweep()
    assert everything(dynamodb, table_names) == []


@pytest.mark.parametrize("status", ["ACTIVE", "SUSPENDED"])
async def test_an_account_that_is_not_to_go_is_left_alone(
    job: AccountDeletion, store: Store, clock: Clock, dynamodb: BaseClient, table_names: Mapping[str, str], status: str
) -> None:
    """Even where the index, which lags behind, still says that it is."""
    user = await account(store)
    await mark(store, user)
    await store.execute(UpdateItem(user.key, Update({"status": status})))
    before = everything(dynamodb, table_names)
    clock.now += SETTLE
    await job.sweep()
    assert everything(dynamodb, table_names) == before


async def test_a_grant_without_a_namespace_goes_too(
    job: AccountDeletion, store: Store, clock: Clock, dynamodb: BaseClient, table_names: Mapping[str, str]
) -> None:
    user = await account(store)
    grant = await own_namespace(store, "fruit")
    for sk in await contents(store, grant):
        namespace = AccessPattern.GET_NAMESPACE.key(grant)
        await store.execute(DeleteItem(type(namespace)(namespace.pk, sk)))
    await mark(store, user)
    clock.now += SETTLE
    await job.sweep()
    assert everything(dynamodb, table_names) == []


async def test_a_claim_on_the_email_that_is_anothers_is_not_taken_away(
    job: AccountDeletion, store: Store, clock: Clock
) -> None:
    user = await account(store)
    claim = AccessPattern.CLAIM_EMAIL.key(email="alice@example.com")
    await store.execute(UpdateItem(claim, Update({"userId": "bob"})))
    await mark(store, user)
    clock.now += SETTLE
    await job.sweep()
    assert ((await store.execute(GetItem(claim, consistent=True))) or {})["userId"] == "bob"


async def test_an_account_that_is_not_as_it_should_be_holds_up_no_other(
    job: AccountDeletion, store: Store, clock: Clock
) -> None:
    damaged = await account(store, "aaa", email="a@example.com")
    sound = await account(store, "bbb", email="b@example.com")
    for user in (damaged, sound):
        await mark(store, user)
    await store.execute(UpdateItem(damaged.key, Update({"createdAt": "yesterday"})))
    clock.now += SETTLE
    await job.sweep()
    assert await store.execute(GetItem(sound.key, consistent=True)) is None
    assert await store.execute(GetItem(damaged.key, consistent=True))


async def test_a_mark_that_another_program_has_set_without_a_time_is_as_good(
    job: AccountDeletion, store: Store, clock: Clock
) -> None:
    user = UserEntity.new("alice", MOMENT)
    index = AccessPattern.LIST_BY_STATUS.entry(status="DELETING", user_id="alice")
    await store.execute(PutItem({**user.to_item(), **index, "status": "DELETING"}))
    await job.sweep()
    assert await store.execute(GetItem(user.key, consistent=True)) is None


async def test_the_job_does_nothing_that_the_access_patterns_do_not_name(
    job: AccountDeletion,
    store: Store,
    clock: Clock,
    recording: RecordingClient,
    dynamodb: BaseClient,
    table_names: Mapping[str, str],
) -> None:
    """The server's role in AWS may do what they name, table by table, and nothing else."""
    user = await account(store)
    await own_namespace(store, "fruit")
    await shared_with(store, "alice", "bobs")
    await mark(store, user)
    recording.sent.clear()
    clock.now += SETTLE
    await job.sweep()
    await make_namespace_job(store, clock).sweep()
    clock.now += SETTLE
    await make_namespace_job(store, clock).sweep()
    await job.sweep()
    assert [key[1:] for key in everything(dynamodb, table_names)] == [("NS#bobs", "METADATA")]
    named = {(row.table.name, action) for row in AccessPattern for action in row.actions.split()}
    assert {action for sent in recording.sent for action in _actions(sent, table_names)} <= named


def _actions(sent: Sent, table_names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Declared name of the table and action; a transaction needs the actions of its parts."""
    declared = {real: name for name, real in table_names.items()}
    if sent.action != "TransactWriteItems":
        yield declared[sent.parameters["TableName"]], sent.action
    for write in sent.parameters.get("TransactItems", ()):
        ((kind, part),) = write.items()
        yield declared[part["TableName"]], f"{kind}Item"
