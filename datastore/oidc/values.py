"""What is known of an issuer, and what its tokens say once they are verified."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SignOn:
    """What a sign-on begins with: where to send the person, and back to where."""

    issuer: str
    authorization_endpoint: str
    client_id: str
    scope: str
    redirect_uris: tuple[str, ...]


@dataclass(frozen=True)
class Subject:
    """Somebody whom the issuer vouches for. `email` is one that it has verified, or None.

    `email_links`: the operator lets the first sign-on find an account by it.
    """

    issuer: str
    subject: str
    email: str | None = None
    email_links: bool = False


@dataclass(frozen=True)
class AccessToken:
    """A verified access token: whose it is, and until when it may be used."""

    issuer: str
    subject: str
    expires_at: int
