"""A real OpenID Connect provider (npm's certified oidc-provider) as a child process, and a person without a browser."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import httpx2
import pytest
from joserfc.jwk import KeySet, RSAKey

SCRIPT = Path(__file__).with_name("provider.mjs")
PACKAGE = SCRIPT.parents[2] / "node_modules" / "oidc-provider"
NODE = shutil.which("node")

CALLBACK = "https://app.example/callback"
CLIENT, SECRET = "kv-graphql", "s3cret/with+signs and spaces, of forty."
OTHER_CLIENT = "another-client"  # public, as a program on a phone is
AUDIENCE = "https://kv.example/graphql"
_COMMON = {"redirect_uris": [CALLBACK], "grant_types": ["authorization_code"], "response_types": ["code"]}


@dataclass
class Issuer:
    url: str
    keys: RSAKey
    http: httpx2.Client = field(default_factory=lambda: httpx2.Client(follow_redirects=False, timeout=20))

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def sign_on(self, url: str, name: str) -> dict[str, str]:
        """What the provider hands to the callback when `name` has signed on and consented at `url`."""
        with httpx2.Client(follow_redirects=False, timeout=20) as browser:
            response = browser.get(url)
            for _ in range(12):
                if response.is_redirect:
                    location = urljoin(str(response.url), response.headers["location"])
                    if not location.startswith(self.url):
                        return {key: values[0] for key, values in parse_qs(urlsplit(location).query).items()}
                    response = browser.get(location)
                else:
                    action, form = _filled_in(response, name)
                    response = browser.post(action, data=form)
        raise AssertionError(f"the sign-on does not end: {response.status_code} {response.text[:500]}")

    def access_token(self, name: str, *, audience: str = AUDIENCE) -> str:
        """An access token for `audience`, as another client of the same issuer gets it for its user."""
        verifier = "v" * 43
        asked = {
            "client_id": OTHER_CLIENT,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "openid",
            "resource": audience,
            **challenge(verifier),
        }
        answer = self.sign_on(f"{self.url}/auth?{urlencode(asked)}", name)
        form = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": CALLBACK}
        form |= {"client_id": OTHER_CLIENT, "code_verifier": verifier}
        token: str = self.http.post(f"{self.url}/token", data=form).json()["access_token"]
        return token


def challenge(verifier: str) -> dict[str, str]:
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return {"code_challenge": digest, "code_challenge_method": "S256"}


@contextmanager
def running_issuer(*, port: int = 0, keys: RSAKey | None = None, email_in_id_token: bool = True) -> Iterator[Issuer]:
    """Started when it has printed its address; its standard input is what keeps it running."""
    if NODE is None or not PACKAGE.is_dir():
        pytest.skip("node, or the npm packages, are not installed: run npm ci")
    keys = keys or new_keys()
    clients: Sequence[dict[str, Any]] = (
        {"client_id": CLIENT, "client_secret": SECRET, **_COMMON},
        {"client_id": OTHER_CLIENT, "token_endpoint_auth_method": "none", **_COMMON},
    )
    jwks = KeySet([keys]).as_dict(private=True)
    config = {"port": port, "clients": clients, "jwks": jwks, "emailInIdToken": email_in_id_token}
    process = subprocess.Popen(  # noqa: S603 - our own script
        [NODE, SCRIPT, json.dumps(config)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            url = process.stdout.readline().strip()
            assert url, "the provider did not start"
            issuer = Issuer(url, keys)
            yield issuer
            issuer.http.close()
        finally:
            process.kill()


def new_keys() -> RSAKey:
    return RSAKey.generate_key(2048, parameters={"use": "sig"}, auto_kid=True)


def _filled_in(page: httpx2.Response, name: str) -> tuple[str, dict[str, str]]:
    """The form of one of the provider's pages, as a person fills it in."""
    action = re.search(r'<form[^>]* action="([^"]+)"', page.text)
    prompt = re.search(r'name="prompt" value="(\w+)"', page.text)
    assert action, page.text[:500]
    assert prompt, page.text[:500]
    return urljoin(str(page.url), action[1]), {"prompt": prompt[1], "login": name, "password": "any"}
