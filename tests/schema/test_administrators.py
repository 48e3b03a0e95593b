"""What an administrator sees of others, and what not."""

from tests.api import Api

LOOK = """query ($id: ID!) { user(userId: $id) { email namespaces(limit: 5) { items {
    id key(key: "secret") { value } keys(limit: 5) { items { value } } members(limit: 5) { items { userId } } } } } }"""


async def test_an_administrator_sees_another_users_namespaces_but_not_what_is_in_them(api: Api, alice: Api) -> None:
    namespace = await alice.namespace()
    await alice.put(namespace, "secret", "canary")
    names = "query ($id: ID!) { user(userId: $id) { namespaces { items { id } } } }"
    assert (await api(names, id=alice.user_id)).data["user"]["namespaces"]["items"] == [{"id": namespace}]
    answer = await api(LOOK, id=alice.user_id)
    assert {error["errorType"] for error in answer.body["errors"]} == {"Unauthorized"}
    assert "canary" not in str(answer.body)
