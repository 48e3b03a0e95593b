"""python server.py with an issuer in its environment: somebody signs on."""

from pathlib import Path

import pytest

from tests.oidc.issuer import AUDIENCE, CALLBACK, CLIENT, SECRET, Issuer
from tests.running_server import running_server
from tests.schema.sign_on import COMPLETE, START

pytestmark = pytest.mark.node


def test_a_server_that_has_an_issuer_signs_people_on(issuer: Issuer, tmp_path: Path) -> None:
    settings = {
        "KV_OIDC_ISSUER": issuer.url,
        "KV_OIDC_CLIENT_ID": CLIENT,
        "KV_OIDC_CLIENT_SECRET": SECRET,
        "KV_OIDC_AUDIENCE": AUDIENCE,
        "KV_OIDC_REDIRECT_URIS": CALLBACK,
    }
    with running_server(tmp_path, **settings) as server:
        url = server.ask(START, uri=CALLBACK)["startOidcLogin"]["url"]
        back = issuer.sign_on(url, "alice")
        made = server.ask(COMPLETE, state=back["state"], code=back["code"])["completeOidcLogin"]
        assert made["user"]["email"] == "alice@example.com"
        assert server.stop() == 0
