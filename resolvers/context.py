"""What a resolver sees: AppSync's context, with a clock and an id maker that a test can freeze."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, NoReturn, Protocol, TypeAlias

from datastore.cursors import CursorSeal, bind
from datastore.entities.user import Plan
from datastore.entity_memo import E
from datastore.errors import Refusal, ResolverError, Unauthenticated, Unauthorized
from datastore.grants import Grant
from datastore.metering.meter import Meter
from datastore.once import once
from datastore.operations import GetItem, Item, Operation
from datastore.policies import BUILT_IN, Policies
from datastore.ulids import RANDOM_BYTES, make_ulid
from datastore.uuids import make_uuid
from resolvers.flow import Again, EarlyReturn
from resolvers.permissions import Permission

Execute: TypeAlias = Callable[[Operation[Any]], Awaitable[Any]]

_HEADER_NAME = re.compile(r"[A-Za-z0-9-]+")
_HEADER_VALUE = re.compile(r"[\x20-\x7e]*")


@dataclass(frozen=True)
class Identity:
    """Who asks, as authentication found out. With a session there is no API key."""

    user_id: str
    scopes: frozenset[str] = frozenset()
    api_key_id: str | None = None
    session_id: str | None = None
    role: str = "member"
    permissions: frozenset[Permission] = frozenset()
    plan: Plan = Plan.FREE
    email: str | None = None


@dataclass(frozen=True)
class FieldInfo:
    """Which field is being resolved. Paths in the selection are joined by "/", with aliases for names."""

    parent_type_name: str
    field_name: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    select: Callable[[], list[str]] = list

    @property
    def path(self) -> str:
        return f"{self.parent_type_name}.{self.field_name}"

    @once
    def selection_set_list(self) -> list[str]:
        return self.select()


class ReadEntity(Protocol):
    """The entity of an item from the identity cache, which may be known already."""

    def __call__(self, kind: type[E], item: Item, /) -> E: ...


class GrantReader(Protocol):
    """How the authorising step gets at a grant's item otherwise than by executing an operation."""

    def recall(self, operation: GetItem, /) -> Item | None: ...

    def read_ahead(self, claim: GetItem, ahead: GetItem, /) -> Awaitable[Sequence[Item | None]]: ...


def _from_item(kind: type[E], item: Item, /) -> E:
    return kind.from_item(item)


@dataclass
class Context:
    """One field's resolution. `stash` is shared by the steps of a pipeline, `prev` is the last step's result."""

    info: FieldInfo
    identity: Identity | None
    seal: CursorSeal
    now: datetime
    auto_id: Callable[[], str] = make_uuid
    random_bytes: Callable[[int], bytes] = lambda size: b"\0" * size
    arguments: Mapping[str, Any] = field(default_factory=dict)
    source: Any = None
    request_headers: Mapping[str, str] = field(default_factory=dict)
    response_headers: list[tuple[str, str]] = field(default_factory=list)
    client_ip: str = ""
    policies: Policies = BUILT_IN
    meter: Meter = field(default_factory=Meter)
    env: Mapping[str, str] = field(default_factory=dict)
    entity: ReadEntity = _from_item
    grant_reader: GrantReader | None = None
    stash: dict[str, Any] = field(default_factory=dict)
    prev: Any = None
    grants: Mapping[str, Grant] = field(default_factory=dict)
    appended: tuple[Refusal, ...] = ()

    @property
    def caller(self) -> Identity:
        """The identity, where the field is not open to all."""
        if self.identity is None:
            raise Unauthenticated("You are not authorized to make this call.")
        return self.identity

    @property
    def grant(self) -> Grant:
        """The grant, where the field names one namespace."""
        (grant,) = self.grants.values()
        return grant

    @once
    def now_seconds(self) -> int:
        return int(self.now.timestamp())

    @once
    def timestamp(self) -> str:
        return format_time(self.now)

    def auto_ulid(self) -> str:
        """A new id that sorts by the time at which it was made."""
        return make_ulid(self.now, self.random_bytes(RANDOM_BYTES))

    @once
    def write_id(self) -> str:
        """Stands in every item written here: an item that bears it tells a repeated write that it has happened."""
        return self.auto_id()

    def error(
        self, message: str, error_type: str, *, data: Any = None, info: Mapping[str, Any] | None = None
    ) -> NoReturn:
        """Stop this field with an error of a type of its own; `data` is cut to the selection, `info` is not."""
        raise ResolverError(message, error_type, data=data, info=info)

    def append_error(
        self, message: str, error_type: str, *, data: Any = None, info: Mapping[str, Any] | None = None
    ) -> None:
        """Add an error beside the field's value."""
        self.appended += (ResolverError(message, error_type, data=data, info=info),)

    def add_response_header(self, name: str, value: str) -> None:
        """Send a header with the answer; a name given twice is sent twice."""
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            raise ValueError(f"{name} is no header, or its value is none.")
        self.response_headers.append((name, value))

    def unauthorized(self) -> NoReturn:
        """Stop this field in the words in which AppSync does."""
        info = self.info
        raise Unauthorized(f"Not Authorized to access {info.field_name} on type {info.parent_type_name}")

    def early_return(self, value: Any = None, *, skip_to: Literal["NEXT", "END"] = "NEXT") -> NoReturn:
        """From a request: skip the operation and its response; from END the value is the field's."""
        raise EarlyReturn(value, skip_to)

    def again(self) -> NoReturn:
        """Run the whole resolver once more, with the stash as it stands: what was read has changed meanwhile."""
        raise Again

    def seal_cursor(self, position: Mapping[str, Any]) -> str:
        return self.seal.seal(position, self._binding())

    def open_cursor(self, token: str) -> dict[str, Any]:
        """Raises InvalidCursor unless the token was made for this caller, list and arguments."""
        return self.seal.open(token, self._binding())

    def _binding(self) -> bytes:
        fixed = {name: value for name, value in self.arguments.items() if name != "paging" and value is not None}
        place = [self.info.path, *sorted(self.grants), getattr(self.source, "user_id", None)]
        return bind(self.caller.user_id, str(place), fixed)


def format_time(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds, as every item has it: later is greater."""
    in_utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return in_utc.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
