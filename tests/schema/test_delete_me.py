"""deleteMe: every credential stops at once, and everything goes."""

from collections.abc import Mapping
from typing import Any

from datastore.access_patterns import AccessPattern
from datastore.operations import GetItem
from tests.api import PASSWORD, Api, eventually, running_api
from tests.datastore.going_accounts import everything
from tests.recording_client import Sent

ME = "{ me { userId } }"
DELETE = "mutation ($password: String) { deleteMe(currentPassword: $password) }"
EMAIL = "ann@example.com"


async def test_the_password_is_asked_for_once_more(api: Api) -> None:
    ann = await api.sign_up(EMAIL)
    missing, wrong = await ann(DELETE), await ann(DELETE, password="wrong horse")
    assert (missing.error["errorType"], wrong.error["errorType"]) == ("BadRequest", "Unauthorized")
    assert (await ann(ME)).data


async def test_a_key_without_the_scope_admin_deletes_nobody(api: Api) -> None:
    ann = await api.sign_up(EMAIL)
    made = await ann('mutation { createApiKey(input: {name: "n", scopes: ["read", "write"]}) { secret } }')
    weak = ann.as_caller(made.data["createApiKey"]["secret"])
    assert (await weak(DELETE, password=PASSWORD)).error["errorType"] == "Unauthorized"


async def test_every_credential_stops_at_once(api: Api) -> None:
    ann = await api.sign_up(EMAIL)
    session = await api.login(EMAIL)
    assert (await ann(ME)).data
    assert (await session(ME)).data
    assert (await session(DELETE, password=PASSWORD)).data == {"deleteMe": True}
    assert [(await caller(ME)).status for caller in (ann, session)] == [401, 401]
    assert (await api.with_token(None).try_login(EMAIL)).error["errorType"] == "UnauthorizedException"


async def test_everything_goes_and_the_address_may_sign_up_again(
    client: Any, table_names: Mapping[str, str], tmp_path: Any, dynamodb: Any
) -> None:
    settings = {"identity_cache_seconds": 0, "operation_timeout_seconds": 1}
    async with running_api(client, table_names, tmp_path, **settings) as api:
        ann = await api.sign_up(EMAIL)
        await api.login(EMAIL)
        await ann.put(await ann.namespace(), "k", 1)
        mine = {pk for _, pk, _ in everything(dynamodb, table_names)}
        assert (await ann(DELETE, password=PASSWORD)).data == {"deleteMe": True}

        async def gone() -> bool:
            left = [pk for _, pk, _ in everything(dynamodb, table_names)]
            return not any(pk == f"USER#{ann.user_id}" or pk.startswith(("NS#", "EMAIL#")) for pk in left)

        assert any(pk.startswith("NS#") for pk in mine)
        await eventually(gone, seconds=30)
        again = await api.sign_up(EMAIL)
        assert again.user_id != ann.user_id


async def test_a_lost_answer_is_a_success(api: Api) -> None:
    ann = await api.sign_up(EMAIL)
    ann.client.repeats = lambda sent: sent.action == "UpdateItem"
    assert (await ann(DELETE, password=PASSWORD)).data == {"deleteMe": True}


async def test_a_password_that_changes_at_this_moment_is_asked_for_anew(api: Api) -> None:
    """Whoever has the old one must not delete the account of its owner, who has just changed it."""
    ann = await api.sign_up(EMAIL)
    changed = [False]
    key = AccessPattern.GET_USER.key(user_id=ann.user_id or "")

    def before(sent: Sent) -> None:
        marks = sent.action == "UpdateItem" and sent.parameters["Key"] == {"PK": {"S": key.pk}, "SK": {"S": key.sk}}
        if marks and not changed[0]:
            changed[0] = True
            sent.parameters["ExpressionAttributeValues"].update(_another(sent))

    ann.client.before = before
    assert (await ann(DELETE, password=PASSWORD)).data == {"deleteMe": True}
    assert changed == [True]
    assert ((await ann.store.execute(GetItem(key, consistent=True))) or {})["status"] == "DELETING"


def _another(sent: Sent) -> Mapping[str, Any]:
    """The condition as it fails when another hash is stored: the values that hold one are made another's."""
    values = sent.parameters["ExpressionAttributeValues"]
    return {name: {"S": "another"} for name, each in values.items() if each.get("S", "").startswith("$argon2")}


async def test_an_administrator_hands_over_before_he_leaves(api: Api) -> None:
    """So that one is always left, however many leave at once."""
    ann = await api.sign_up(EMAIL)
    give = "mutation ($user: ID!, $role: ID!) { setUserRole(userId: $user, role: $role) { role } }"
    assert (await api(give, user=ann.user_id, role="admin")).data
    error = (await ann(DELETE, password=PASSWORD)).error
    assert (error["errorType"], "another administrator" in error["message"]) == ("BadRequest", True)
    assert (await ann(ME)).data
    assert (await api(give, user=ann.user_id, role="member")).data
    assert (await ann(DELETE, password=PASSWORD)).data == {"deleteMe": True}
