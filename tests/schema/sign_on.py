"""Single sign-on as a front end does it, with a person who signs on at a real provider."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.api import Answer, Api
from tests.oidc.issuer import AUDIENCE, CALLBACK, CLIENT, SECRET, Issuer

START = """mutation ($uri: String!, $challenge: String, $link: Boolean) {
    startOidcLogin(redirectUri: $uri, challenge: $challenge, link: $link) { url } }"""
COMPLETE = """mutation ($state: String!, $code: String!, $verifier: String) {
    completeOidcLogin(state: $state, code: $code, verifier: $verifier) {
        token expiresAt user { userId email plan role } } }"""


def agreed(issuer: Issuer) -> dict[str, Any]:
    """The settings of a server that has this issuer."""
    return {
        "oidc_issuer": issuer.url,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        "oidc_audience": AUDIENCE,
        "oidc_redirect_uris": (CALLBACK,),
    }


async def begin(api: Api, **arguments: Any) -> str:
    """Where the person is sent."""
    answer = await api(START, **{"uri": CALLBACK, **arguments})
    url: str = answer.data["startOidcLogin"]["url"]
    return url


def asked(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


async def finish(api: Api, back: Mapping[str, str], verifier: str | None = None) -> Answer:
    return await api(COMPLETE, state=back["state"], code=back["code"], verifier=verifier)


async def sign_on(api: Api, issuer: Issuer, name: str) -> Api:
    """The same application, called with the session of whoever has signed on."""
    answer = await finish(api, issuer.sign_on(await begin(api), name))
    made = answer.data["completeOidcLogin"]
    return api.with_token(made["token"], made["user"]["userId"])
