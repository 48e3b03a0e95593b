"""What is too large, too long or not a name is refused with the limit and the size found."""

import json
from typing import Any

import pytest

from tests.api import Api

LARGEST_ITEM = 409_600


def sign_up(email: str, password: str) -> dict[str, Any]:
    return {"in": {"email": email, "password": password}}


SIGN_UP = "mutation ($in: SignUpInput!) { signUp(input: $in) { user { email } } }"
CREATE = "mutation ($in: CreateNamespaceInput!) { createNamespace(input: $in) { id description } }"
UPDATE = "mutation ($in: UpdateNamespaceInput!) { updateNamespace(input: $in) { description } }"
CREATE_KEY = "mutation ($in: CreateApiKeyInput!) { createApiKey(input: $in) { apiKey { name } } }"


async def refused(api: Api, query: str, *words: str, **variables: Any) -> None:
    error = (await api(query, **variables)).error
    assert error["errorType"] in ("LimitExceeded", "BadRequest"), error
    for word in words:
        assert word in error["message"]


class TestAnItem:
    """A value is measured with its names and all that stands in the item beside it."""

    @pytest.mark.parametrize("filler", ["x", "é", "\U0001f600"])
    async def test_may_have_409600_bytes_and_not_one_more(self, alice: Api, filler: str) -> None:
        """By batch and transaction, which put: of an update, Dynoxide counts the expression's text as well."""
        namespace = await alice.namespace()
        put = {"namespace": namespace, "key": "a"}
        rest = (await alice.put(**put, value='""')).data["putKey"]["size"]
        room = LARGEST_ITEM - rest
        width = len(filler.encode())
        value = "y" * (room % width) + filler * (room // width)
        fits, too_large = ({**put, "value": json.dumps(text)} for text in (value, value + "z"))
        (written,) = (await alice.batch_put([fits])).data["batchPutKeys"]["items"]
        assert written["size"] == LARGEST_ITEM
        assert json.loads((await alice.get(namespace, "a"))["value"]) == value
        assert (await alice.transact([{"put": fits}])).data["transactKeys"][0]["size"] == LARGEST_ITEM
        for refused in (
            await alice.put(**too_large),
            await alice.batch_put([too_large]),
            await alice.transact([{"put": too_large}]),
        ):
            assert refused.error["errorType"] == "LimitExceeded"
            assert f"{LARGEST_ITEM + 1} bytes" in refused.error["message"]
            assert f"{LARGEST_ITEM} (400 KB)" in refused.error["message"]

    async def test_of_almost_409600_bytes_can_be_put_by_itself(self, alice: Api) -> None:
        namespace = await alice.namespace()
        put = (await alice.put(namespace, "a", json.dumps("x" * (LARGEST_ITEM - 1024)))).data["putKey"]
        assert put["size"] > LARGEST_ITEM - 1024

    async def test_of_many_small_members_is_measured_as_the_table_measures_it(self, alice: Api) -> None:
        namespace = await alice.namespace()
        members = {f"n{n}": [n, n * 1.5, None, True, {"é": -n}] for n in range(1000)}
        size = (await alice.put(namespace, "a", members)).data["putKey"]["size"]
        filler = LARGEST_ITEM - size - len("fill") - 1
        put = (await alice.put(namespace, "a", {**members, "fill": "x" * filler})).data["putKey"]
        assert put["size"] == LARGEST_ITEM


class TestAKey:
    async def test_is_any_text_of_1_to_1000_bytes(self, alice: Api) -> None:
        namespace = await alice.namespace()
        for key in ("x" * 1000, "é" * 500, "\U0001f600" * 250, "\x00", " ", "#", "KEY#", "a\nb"):
            assert (await alice.put(namespace, key, 1)).data["putKey"]["key"] == key
            assert (await alice.get(namespace, key))["key"] == key
            assert await alice.names(namespace, prefix=key) == [key]
            assert await alice.names(namespace, prefix=key, consistent=True) == [key]

    @pytest.mark.parametrize(("key", "found"), [("", 0), ("x" * 1001, 1001), ("é" * 501, 1002)])
    async def test_of_no_or_too_many_bytes_is_refused_everywhere(self, alice: Api, key: str, found: int) -> None:
        namespace = await alice.namespace()
        get = "query ($ns: ID!, $key: String!) { key(namespace: $ns, key: $key) { key } }"
        many = "query ($ns: ID!, $key: String!) { keysByName(namespace: $ns, keys: [$key]) { key } }"
        under = "query ($ns: ID!, $key: String!) { namespace(id: $ns) { key(key: $key) { key } } }"
        answers = [
            *[await alice(query, ns=namespace, key=key) for query in (get, many, under)],
            await alice.put(namespace, key, 1),
            await alice.delete(namespace, key),
            await alice.increment(namespace, key, 1),
            await alice.touch(namespace, key),
            await alice.batch_put([{"namespace": namespace, "key": key, "value": 1}]),
            await alice.batch_delete(namespace, [key]),
            await alice.transact([{"check": {"namespace": namespace, "key": key, "ifVersion": 0}}]),
        ]
        for answer in answers:
            assert answer.error["errorType"] == "LimitExceeded"
            assert f"1 to 1000 bytes of UTF-8; this one has {found}" in answer.error["message"]

    async def test_that_is_composed_in_another_way_is_another_key(self, alice: Api) -> None:
        namespace = await alice.namespace()
        await alice.put(namespace, "\u00e9", "1")
        assert await alice.get(namespace, "e\u0301") is None

    async def test_prefix_of_more_than_1000_bytes_is_refused(self, alice: Api) -> None:
        namespace = await alice.namespace()
        error = (await alice.page(namespace, prefix="x" * 1001)).error
        assert error["errorType"] == "LimitExceeded"
        assert "1000 bytes" in error["message"]
        assert "1001" in error["message"]

    async def test_keysbyname_takes_100_and_not_101(self, alice: Api) -> None:
        namespace = await alice.namespace()
        query = "query ($ns: ID!, $keys: [String!]!) { keysByName(namespace: $ns, keys: $keys) { key } }"
        keys = [str(n) for n in range(101)]
        await refused(alice, query, "at most 100 keys; 101", ns=namespace, keys=keys)
        assert (await alice(query, ns=namespace, keys=keys[:100])).data["keysByName"] == [None] * 100


class TestANamespace:
    async def test_name_of_the_alphabet_is_accepted(self, alice: Api) -> None:
        for name in ("ab", "0a", "a" * 63, "a.b_c-d", "a--", "a.."):
            assert (await alice(CREATE, **{"in": {"id": name}})).data["createNamespace"]["id"] == name

    async def test_name_outside_it_is_refused(self, alice: Api) -> None:
        for name in ("", "a", "a" * 64, "A", "aB", ".a", "-a", "a#b", "a/b", "a b", "é1", "ab\n"):
            found = f"has {len(name)} characters"
            await refused(alice, CREATE, "must match", found, **{"in": {"id": name}})

    async def test_description_of_1000_characters_is_accepted_and_of_1001_refused(self, alice: Api) -> None:
        namespace = await alice.namespace()
        made = (await alice(UPDATE, **{"in": {"id": namespace, "description": "é" * 1000}})).data
        assert made["updateNamespace"]["description"] == "é" * 1000
        for query, name in ((UPDATE, namespace), (CREATE, "another")):
            more = {"in": {"id": name, "description": "é" * 1001}}
            await refused(alice, query, "at most 1000 characters", "has 1001", **more)


class TestAnAccount:
    async def test_password_of_8_to_128_characters_is_accepted(self, api: Api) -> None:
        for length in (8, 128):
            email = f"u{length}@example.com"
            assert (await api(SIGN_UP, **sign_up(email, "é" * length))).data["signUp"]["user"]["email"] == email

    async def test_password_of_another_length_is_refused_before_anything_is_asked(self, api: Api) -> None:
        caller = api.as_caller(None)
        api.client.sent.clear()
        for length in (0, 7, 129):
            await refused(caller, SIGN_UP, "8 to 128", f"has {length}", **sign_up("u@example.com", "é" * length))
        assert api.client.actions() == []

    async def test_email_that_is_none_is_refused(self, api: Api) -> None:
        for email in ("", "u", "u@", "@example.com", "u u@example.com", "u@exa mple.com"):
            await refused(api, SIGN_UP, **sign_up(email, "correct horse"))

    async def test_email_of_254_bytes_is_accepted_and_of_255_refused(self, api: Api) -> None:
        domain = ".".join(["d" * 61] * 3)
        longest = "u" * 64 + "@" + domain + "." + "c" * (254 - 66 - len(domain))
        if len(longest.rpartition(".")[2]) > 63:
            longest = longest[:-2] + ".c"
        assert (await api(SIGN_UP, **sign_up(longest, "correct horse"))).data
        await refused(api, SIGN_UP, "254", **sign_up(longest + "c", "correct horse"))

    async def test_email_that_grows_when_folded_is_still_one(self, api: Api) -> None:
        """Each of these letters is three when its case is folded."""
        email = "\u0390" * 32 + "@" + "\u0390" * 60 + ".example"
        assert (await api(SIGN_UP, **sign_up(email, "correct horse"))).data["signUp"]["user"]["email"] == email


class TestAnApiKey:
    async def test_name_of_100_characters_is_accepted_and_of_0_or_101_refused(self, alice: Api) -> None:
        made = (await alice(CREATE_KEY, **{"in": {"name": "é" * 100}})).data["createApiKey"]
        assert made["apiKey"]["name"] == "é" * 100
        for length in (0, 101):
            await refused(alice, CREATE_KEY, "1 to 100", f"has {length}", **{"in": {"name": "é" * length}})

    async def test_that_expires_outside_the_bounds_is_refused(self, alice: Api) -> None:
        for seconds in (0, -1, 10 * 366 * 24 * 3600 + 1):
            words = ("1 second to ten years", str(seconds))
            await refused(alice, CREATE_KEY, *words, **{"in": {"name": "n", "expiresIn": seconds}})


NAMESPACE = "%namespace%"
TEXTS = (
    f'mutation ($t: String!) {{ putKey(input: {{namespace: "{NAMESPACE}", key: $t, value: 1}}) {{ key }} }}',
    f'query ($t: String!) {{ key(namespace: "{NAMESPACE}", key: $t) {{ key }} }}',
    f'query ($t: String!) {{ keys(namespace: "{NAMESPACE}", prefix: $t) {{ nextToken }} }}',
    f'query ($t: String!) {{ keys(namespace: "{NAMESPACE}", after: $t) {{ nextToken }} }}',
    f'mutation ($t: String!) {{ putKey(input: {{namespace: "{NAMESPACE}", key: "a", value: {{m: $t}}}}) {{ key }} }}',
    f'mutation ($t: String!) {{ updateNamespace(input: {{id: "{NAMESPACE}", description: $t}}) {{ id }} }}',
    f"""mutation ($t: String!) {{ putKey(input: {{namespace: "{NAMESPACE}", key: "a", value: 1, idempotencyKey: $t}})
        {{ key }} }}""",
    "query ($t: ID!) { namespace(id: $t) { id } }",
    "query ($t: ID!) { user(userId: $t) { userId } }",
    "mutation ($t: ID!) { createNamespace(input: {id: $t}) { id } }",
    'mutation ($t: String!) { createNamespace(input: {id: "new-one", description: $t}) { id } }',
    "mutation ($t: String!) { createApiKey(input: {name: $t}) { secret } }",
    'mutation ($t: String!) { createApiKey(input: {name: "n", scopes: [$t]}) { secret } }',
    'mutation ($t: AWSEmail!) { signUp(input: {email: $t, password: "correct horse"}) { apiKey } }',
    'mutation ($t: String!) { signUp(input: {email: "s@example.com", password: $t}) { apiKey } }',
)


async def test_half_of_a_surrogate_pair_is_refused_wherever_text_goes(alice: Api) -> None:
    """Sent as JSON's escape, which is the only way to send one."""
    namespace = await alice.namespace()
    for document in TEXTS:
        for text in ('"\\ud800"', '"a@\\udfff.example"'):
            (error,) = (await send(alice, document.replace(NAMESPACE, namespace), text))["errors"]
            assert error["errorType"] in ("BadRequest", "InvalidCursor", "LimitExceeded", "NotFound", "Unauthorized")


async def test_half_of_a_surrogate_pair_finds_nothing_where_it_is_only_compared(api: Api) -> None:
    for document, answer in {
        "mutation ($t: ID!) { found: revokeApiKey(apiKeyId: $t) }": False,
        "query ($t: String!) { found: userByApiKey(apiKey: $t) { userId } }": None,
    }.items():
        assert await send(api, document, '"\\ud800"') == {"data": {"found": answer}}


async def send(api: Api, query: str, text: str) -> Any:
    """`text` is the JSON of the variable t."""
    body = f'{{"query": {json.dumps(query)}, "variables": {{"t": {text}}}}}'
    headers = {"x-api-key": api.key or "", "content-type": "application/json"}
    return (await api.http.post("/graphql", content=body, headers=headers)).json()
