"""What the operator has agreed with an issuer, checked before the server starts."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from datastore.oidc.fetching import is_secure


@dataclass(frozen=True)
class Agreement:
    """Without an `audience` no access tokens are accepted. Raises ValueError for what could not be used safely."""

    issuer: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    audience: str | None = None
    redirect_uris: tuple[str, ...] = ()
    scope: str = "openid email"
    link_verified_emails: bool = False

    def __post_init__(self) -> None:
        if not is_secure(self.issuer, loopback=True) or {"?", "#"} & set(self.issuer):
            raise ValueError("the issuer must be an https address (http on loopback only), without ? and #")
        if self.audience == self.client_id:  # else an ID token, which any front end gets to see, would do
            raise ValueError("the audience of access tokens must differ from the client's id")
        if "openid" not in self.scope.split():
            raise ValueError("the scope must contain openid")
        for uri in self.redirect_uris:
            if not _is_redirect_uri(uri):
                raise ValueError(
                    f"{uri!r} can't be redirected to: it must be https, http on loopback, or an app's own scheme"
                    " such as com.example.app:, and have no #"
                )


def _is_redirect_uri(uri: str) -> bool:
    """A scheme of an app's own has a dot (RFC 8252, section 7.1): javascript: and data: have none."""
    try:
        scheme = urlsplit(uri).scheme
    except ValueError:
        return False
    return "#" not in uri and (is_secure(uri, loopback=True) or "." in scheme)
