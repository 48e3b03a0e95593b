"""What is believed of an issuer's account of itself."""

from typing import Any

import pytest

from datastore.errors import Unavailable
from datastore.oidc.discovery import read_metadata

ISSUER = "https://issuer.example"


def document(**changes: Any) -> dict[str, Any]:
    """None takes a member away."""
    whole = {
        "issuer": ISSUER,
        "authorization_endpoint": f"{ISSUER}/auth",
        "token_endpoint": "https://tokens.example/token",
        "jwks_uri": f"{ISSUER}/jwks",
        "id_token_signing_alg_values_supported": ["none", "HS256", "RS256", "ES256"],
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def test_only_asymmetric_algorithms_that_it_advertises_are_pinned() -> None:
    assert read_metadata(document(), issuer=ISSUER).algorithms == ("RS256", "ES256")


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": f"{ISSUER}/"},
        {"issuer": "https://attacker.example"},
        {"issuer": None},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "http://tokens.example/token"},
        {"token_endpoint": "http://127.0.0.1/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": ["https://issuer.example/jwks"]},
        {"jwks_uri": "https://[bad"},
        {"userinfo_endpoint": "http://issuer.example/me"},
        {"id_token_signing_alg_values_supported": ["none", "HS256"]},
        {"id_token_signing_alg_values_supported": "RS256"},
        {"id_token_signing_alg_values_supported": None},
        {"code_challenge_methods_supported": ["plain"]},
    ],
    ids=str,
)
def test_what_could_not_be_used_safely_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Unavailable):
        read_metadata(document(**changes), issuer=ISSUER)


def test_an_issuer_on_this_machine_may_speak_plain_http_there_and_nowhere_else() -> None:
    local = "http://127.0.0.1:9000"
    whole = document(issuer=local, jwks_uri="http://localhost:9001/jwks")
    assert read_metadata(whole, issuer=local).jwks_uri == "http://localhost:9001/jwks"
    with pytest.raises(Unavailable):
        read_metadata(document(issuer=local, jwks_uri="http://issuer.example/jwks"), issuer=local)


@pytest.mark.parametrize(
    ("methods", "takes_basic"),
    [(None, True), (["client_secret_basic", "client_secret_post"], True), (["client_secret_post"], False)],
)
def test_the_secret_goes_where_the_issuer_takes_it(methods: list[str] | None, takes_basic: bool) -> None:
    whole = document(token_endpoint_auth_methods_supported=methods)
    assert read_metadata(whole, issuer=ISSUER).takes_basic is takes_basic
