"""Where a request comes from."""

from collections.abc import Iterable


def client_ip(forwarded_for: Iterable[str], peer: tuple[str, int] | None, *, proxies: int) -> str:
    """Each of the operator's own proxies adds whom it was called by to X-Forwarded-For; the rest may be made up."""
    if proxies:
        forwarded = [address.strip() for line in forwarded_for for address in line.split(",")]
        if len(forwarded) >= proxies:
            return forwarded[-proxies]
    return peer[0] if peer else ""
