"""This service as the issuer's client: it begins sign-ons, exchanges codes, and verifies what it is given."""

import hmac
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote_plus

from datastore.errors import SignInRefused
from datastore.oidc.agreement import Agreement
from datastore.oidc.discovery import Metadata, discover
from datastore.oidc.fetching import Fetcher, log, unavailable
from datastore.oidc.key_set import KeySet
from datastore.oidc.remembered import Remembered
from datastore.oidc.tokens import InvalidToken, audiences, check_claims, moment, read_header, refuse, verify_signature
from datastore.oidc.values import AccessToken, SignOn, Subject
from datastore.operations import BeginSignOn, ExchangeCode, Operation, VerifyAccessToken

ACCESS_TOKEN_KINDS = ("at+jwt", "jwt")  # RFC 9068's, and what most issuers still write
LONGEST_EMAIL = 254
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")


class RelyingParty:
    """`clock` gives epoch seconds."""

    def __init__(self, agreement: Agreement, clock: Callable[[], float]) -> None:
        self._agreement = agreement
        self._clock = clock
        self._fetcher = Fetcher()
        self._metadata = Remembered(lambda: discover(agreement.issuer, self._fetcher), clock)
        self._keys = KeySet(self._fetch_keys, clock)

    async def execute(self, operation: Operation[Any]) -> Any:
        """Raises SignInRefused or Unavailable."""
        match operation:
            case BeginSignOn():
                return await self.begin()
            case ExchangeCode(code, redirect_uri, verifier, nonce):
                return await self.exchange(code, redirect_uri=redirect_uri, verifier=verifier, nonce=nonce)
            case VerifyAccessToken(token):
                return await self.verify_access_token(token)
        raise TypeError(f"{type(operation).__name__} is not a question for an issuer")

    async def begin(self) -> SignOn:
        agreement, metadata = self._agreement, await self._metadata.get()
        return SignOn(
            agreement.issuer,
            metadata.authorization_endpoint,
            agreement.client_id,
            agreement.scope,
            agreement.redirect_uris,
        )

    async def exchange(self, code: str, *, redirect_uri: str, verifier: str, nonce: str) -> Subject:
        """Who has signed on. Raises SignInRefused, or Unavailable."""
        metadata = await self._metadata.get()
        answer = await self._redeem(metadata, code, redirect_uri, verifier)
        try:
            claims = await self._verify_id_token(metadata, answer.get("id_token"), nonce)
        except InvalidToken as invalid:
            log.warning("oidc_id_token_refused", reason=str(invalid))
            raise SignInRefused(f"The issuer's ID token can't be trusted: {invalid}.") from invalid
        told = claims if "email" in claims else await self._userinfo(metadata, claims, answer.get("access_token"))
        agreement = self._agreement
        return Subject(agreement.issuer, claims["sub"], _verified_email(told), agreement.link_verified_emails)

    async def verify_access_token(self, token: str) -> AccessToken | None:
        """None for one that is not to be trusted. Raises Unavailable where the issuer's keys can't be had."""
        agreement = self._agreement
        if agreement.audience is None:
            return None
        metadata = await self._metadata.get()
        try:
            header = read_header(token, metadata.algorithms)
            if header.kind not in ACCESS_TOKEN_KINDS:
                refuse("it is no access token")
            claims = await verify_signature(token, header, self._keys)
            check_claims(claims, issuer=agreement.issuer, audience=agreement.audience, now=self._clock())
            if "cnf" in claims:  # RFC 9449, RFC 8705: worthless without a proof that we do not ask for
                refuse("it is bound to a key of the caller's")
        except InvalidToken as invalid:
            log.info("oidc_access_token_refused", reason=str(invalid))
            return None
        return AccessToken(agreement.issuer, claims["sub"], int(moment(claims, "exp")))

    async def close(self) -> None:
        await self._fetcher.close()

    async def _fetch_keys(self) -> Mapping[str, Any]:
        return await self._fetcher.get((await self._metadata.get()).jwks_uri)

    async def _redeem(self, metadata: Metadata, code: str, redirect_uri: str, verifier: str) -> Mapping[str, Any]:
        """The token endpoint's answer. A code is good for one try: it is never sent again."""
        agreement = self._agreement
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        form |= {"code_verifier": verifier}
        auth = None
        if agreement.client_secret and metadata.takes_basic:  # RFC 6749, section 2.3.1
            auth = (quote_plus(agreement.client_id), quote_plus(agreement.client_secret))
        else:
            form |= {"client_id": agreement.client_id}
            form |= {"client_secret": agreement.client_secret} if agreement.client_secret else {}
        status, answer = await self._fetcher.post(metadata.token_endpoint, form, auth=auth)
        if answer.get("error") == "invalid_grant":
            raise SignInRefused("The issuer does not accept this code: it is used up, too old, or somebody else's.")
        if status != HTTPStatus.OK:
            raise unavailable("code_not_exchanged", status=status, error=str(answer.get("error"))[:40])
        return answer

    async def _verify_id_token(self, metadata: Metadata, token: Any, nonce: str) -> Mapping[str, Any]:
        """OpenID Connect Core, section 3.1.3.7."""
        if not isinstance(token, str):
            refuse("there is none")
        client = self._agreement.client_id
        claims = await verify_signature(token, read_header(token, metadata.algorithms), self._keys)
        check_claims(claims, issuer=self._agreement.issuer, audience=client, now=self._clock())
        if claims.get("azp", client if len(audiences(claims)) == 1 else None) != client:
            refuse("it was issued to another client")
        given = claims.get("nonce")
        if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
            refuse("it is not the answer to this sign-on")
        return claims

    async def _userinfo(self, metadata: Metadata, claims: Mapping[str, Any], token: Any) -> Mapping[str, Any]:
        """Where many issuers keep the email; only what it says of the same subject counts."""
        if metadata.userinfo_endpoint is None or not isinstance(token, str):
            return {}
        told = await self._fetcher.get(metadata.userinfo_endpoint, token=token)
        if told.get("sub") != claims["sub"]:
            raise unavailable("userinfo_of_another_subject")
        return told


def _verified_email(claims: Mapping[str, Any]) -> str | None:
    """An address that the issuer has not verified is somebody else's, for all we know. Only JSON's true counts."""
    email = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(email, str):
        return None
    return email if len(email) <= LONGEST_EMAIL and _EMAIL.fullmatch(email) else None
