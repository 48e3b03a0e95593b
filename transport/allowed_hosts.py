"""Answers only to names that are ours, so that a page can't reach a local server by rebinding its own name."""

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from transport.answers import Refused, refusal
from transport.health import HEALTH_PATHS


class AllowedHosts:
    """Ports are ignored. Load balancers ask for health by address, so those paths answer to any name."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = frozenset(_name(host) for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or self._allows(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "This host is not served here."})
        else:
            message = "This host is not served here; name it in KV_ALLOWED_HOSTS if it should be."
            refused = Refused(421, "MisdirectedRequest", message, "MISDIRECTED_REQUEST")
            await refusal(scope, refused)(scope, receive, send)

    def _allows(self, scope: Scope) -> bool:
        if "*" in self._hosts or scope["path"] in HEALTH_PATHS:
            return True
        named = Headers(scope=scope).getlist("host")
        return len(named) == 1 and _name(named[0]) in self._hosts


def _name(host: str) -> str:
    """Without its port; an IPv6 address keeps its brackets."""
    address, bracket, _ = host.strip().lower().rpartition("]")
    if bracket:
        return address + bracket
    return host.strip().lower().partition(":")[0].rstrip(".")
