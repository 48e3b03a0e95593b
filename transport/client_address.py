"""Where a request comes from."""

from starlette.types import Scope


def client_ip(scope: Scope, *, proxies: int) -> str:
    """Each of the operator's own proxies adds whom it was called by to X-Forwarded-For; the rest may be made up."""
    if proxies:
        lines = (value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for")
        forwarded: list[str] = [address.strip() for line in lines for address in line.split(",")]
        if len(forwarded) >= proxies:
            return forwarded[-proxies]
    client: tuple[str, int] | None = scope.get("client")
    return client[0] if client else ""
