"""What an operator may agree with an issuer."""

from typing import Any

import pytest

from datastore.oidc.agreement import Agreement


def agree(**changes: Any) -> Agreement:
    return Agreement(**{"issuer": "https://issuer.example", "client_id": "kv", **changes})


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example/callback",
        "https://app.example/callback?tenant=1",
        "http://localhost:5173/callback",
        "http://127.0.0.1/callback",
        "com.example.app:/callback",
    ],
)
def test_where_a_sign_on_may_come_back_to(uri: str) -> None:
    assert agree(redirect_uris=(uri,)).redirect_uris == (uri,)


@pytest.mark.parametrize(
    "uri",
    [
        "http://app.example/callback",
        "https://app.example/callback#part",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https://[bad",
        "/callback",
        "*",
        "",
    ],
)
def test_where_it_may_not(uri: str) -> None:
    with pytest.raises(ValueError, match="redirected"):
        agree(redirect_uris=(uri,))


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "http://issuer.example"},
        {"issuer": "issuer.example"},
        {"issuer": "https://issuer.example?x=1"},
        {"issuer": "https://issuer.example#x"},
        {"audience": "kv"},
        {"scope": "email profile"},
    ],
    ids=str,
)
def test_what_could_not_be_used_safely_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must"):
        agree(**changes)


def test_an_issuer_on_this_machine_may_speak_plain_http() -> None:
    assert agree(issuer="http://127.0.0.1:9000").issuer == "http://127.0.0.1:9000"


def test_the_secret_is_not_shown() -> None:
    assert "canary" not in repr(agree(client_secret="canary"))
