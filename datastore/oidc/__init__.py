"""Single sign-on: what the store asks of an OpenID Connect issuer, and how its tokens are verified."""
