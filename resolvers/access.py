"""Who may call a field, decided before its resolver runs."""

import asyncio
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache, lru_cache
from typing import Any

from datastore.access_patterns import AccessPattern
from datastore.entities.namespace import GrantEntity
from datastore.errors import NamespaceDeleting, NotFound, ReadOnly
from datastore.grants import Grant, NamespaceRole, NamespaceStatus
from datastore.operations import GetItem, Item
from resolvers.context import Context, Execute, GrantReader
from resolvers.permissions import Permission
from resolvers.reading_ahead import read_grant
from resolvers.scopes import Scope, namespaces_opened


class Who(Enum):
    """From open to closed; the last three need that role in each namespace that the arguments name."""

    ANYONE = auto()
    SIGNED_IN = auto()
    SELF = auto()
    SELF_OR_PERMITTED = auto()
    PERMITTED = auto()
    VIEWER = auto()
    EDITOR = auto()
    OWNER = auto()


_ROLES = {Who.VIEWER: NamespaceRole.VIEWER, Who.EDITOR: NamespaceRole.EDITOR, Who.OWNER: NamespaceRole.OWNER}


@dataclass(frozen=True)
class Rule:
    """`where` says where the id stands: "namespace", "put.namespace", "puts[].namespace"; "source" is the parent.

    `permission`: what the caller's role must hold, where the field is not for everybody; with it goes the admin scope.
    `lenient`: a namespace that does not exist makes the field null, and one being deleted may still be seen.
    `or_self` names an argument: whoever is in the namespace may do it to himself.
    `while_read_only`: the mutation that is let through while all others are refused.
    `ahead`: a query whose request is one GetItem in the namespace named, and has no effect: it may go with the grant's.
    `narrowed`: a list of namespaces, which leaves out those that the scopes of the API key do not open.
    """

    who: Who
    where: str = ""
    permission: Permission | None = None
    lenient: bool = False
    needs_admin_scope: bool = False
    or_self: str = ""
    narrowed: bool = False
    while_read_only: bool = False
    ahead: bool = False


async def authorize(rule: Rule, ctx: Context, execute: Execute, resolver: Any = None) -> Execute:
    """Gives ctx its grants, and answers how the resolver's operations are to be executed, some of which may have been.

    Raises Unauthenticated, Unauthorized, NotFound, NamespaceDeleting or ReadOnly.
    """
    if ctx.policies.config.read_only and ctx.info.parent_type_name == "Mutation" and not rule.while_read_only:
        raise ReadOnly("The service is read-only at the moment; nothing was written. Try again later.")
    if rule.who is Who.ANYONE:
        return execute
    _check_scopes(rule, ctx)
    match rule.who:
        case Who.SIGNED_IN:
            pass
        case Who.SELF | Who.SELF_OR_PERMITTED if _subject(rule, ctx) == ctx.caller.user_id:
            pass
        case Who.SELF:
            ctx.unauthorized()
        case Who.SELF_OR_PERMITTED | Who.PERMITTED:
            _check_permission(rule, ctx)
        case _ if rule.ahead and ctx.grant_reader:
            return await _find_grant_ahead(rule, ctx, execute, resolver, reader=ctx.grant_reader)
        case _:
            await _find_grants(rule, ctx, execute)
    return execute


def _check_scopes(rule: Rule, ctx: Context) -> None:
    """Before anything is read: whether what the scopes close exists makes no difference."""
    scopes = ctx.caller.scopes
    power = Scope.WRITE if ctx.info.parent_type_name == "Mutation" else Scope.READ
    if power not in scopes and not _opens_in_part(rule, ctx, power):
        ctx.unauthorized()
    if (rule.who is Who.PERMITTED or rule.needs_admin_scope) and Scope.ADMIN not in scopes:
        ctx.unauthorized()


def _opens_in_part(rule: Rule, ctx: Context, power: Scope) -> bool:
    """Whether the scopes that are for one namespace each open every one that the field is about."""
    opened = namespaces_opened(ctx.caller.scopes, power) or ()
    if rule.narrowed or rule.who not in _ROLES:
        return rule.narrowed and bool(opened)
    names = [ctx.source.grant.namespace] if rule.where == "source" else _named(rule.where, ctx.arguments)
    return bool(names) and set(names) <= set(opened)


def _subject(rule: Rule, ctx: Context) -> Any:
    return ctx.source.user_id if rule.where == "source" else ctx.arguments[rule.where]


def _check_permission(rule: Rule, ctx: Context) -> None:
    if Scope.ADMIN not in ctx.caller.scopes or rule.permission not in ctx.caller.permissions:
        ctx.unauthorized()


async def _find_grant_ahead(
    rule: Rule, ctx: Context, execute: Execute, resolver: Any, *, reader: GrantReader
) -> Execute:
    (namespace,) = _named(rule.where, ctx.arguments)
    claim = _reading_grant(ctx.caller.user_id, namespace)
    item = reader.recall(claim)
    if item is None:
        item, execute = await read_grant(claim, resolver, ctx, execute, namespace=namespace, reader=reader)
    grant = _grant_of(item, namespace, ctx)
    _check_grant(rule, grant, ctx)
    ctx.grants = {grant.namespace: grant}
    return execute


async def _find_grants(rule: Rule, ctx: Context, execute: Execute) -> None:
    if rule.where == "source":
        found = [ctx.source.grant]
    else:
        names = list(dict.fromkeys(_named(rule.where, ctx.arguments)))
        if len(names) == 1:  # no need of tasks, then
            found = [await _find_grant(names[0], ctx, execute)]
        else:
            found = await asyncio.gather(*(_find_grant(name, ctx, execute) for name in names))
    for grant in found:
        _check_grant(rule, grant, ctx)
    ctx.grants = {grant.namespace: grant for grant in found}


async def _find_grant(namespace: str, ctx: Context, execute: Execute) -> Grant:
    return _grant_of(await execute(_reading_grant(ctx.caller.user_id, namespace)), namespace, ctx)


def _grant_of(item: Item | None, namespace: str, ctx: Context) -> Grant:
    """The caller's grant. Another's namespace is answered like one that does not exist."""
    if item is None:
        raise NotFound(f"There is no namespace {namespace!r}, or it is not yours to use.")
    return ctx.entity(GrantEntity, item).grant()


@lru_cache(maxsize=10_000)
def _reading_grant(user_id: str, namespace: str) -> GetItem:
    """Made once for each pair that is in use: building it takes longer than finding what is remembered of it."""
    return GetItem(AccessPattern.GET_GRANT.key(user_id=user_id, namespace=namespace), consistent=True, remembered=True)


def _check_grant(rule: Rule, grant: Grant, ctx: Context) -> None:
    """An administrator may see which namespaces another has; what is in them stays the other's."""
    himself = bool(rule.or_self) and ctx.arguments[rule.or_self] == ctx.caller.user_id
    if grant.user_id != ctx.caller.user_id or not (himself or grant.role.covers(_ROLES[rule.who])):
        ctx.unauthorized()
    if grant.status is NamespaceStatus.DELETING and not rule.lenient:
        raise NamespaceDeleting(f"The namespace {grant.namespace!r} is being deleted.")


def _named(where: str, arguments: Any) -> list[str]:
    name, many, rest = _parts(where)
    values = arguments[name] if many else [arguments[name]]
    return [getattr(each, rest) for each in values] if rest else values


@cache
def _parts(where: str) -> tuple[str, bool, str]:
    """The argument, whether it is a list, and which attribute of its values is meant, if not they themselves."""
    first, _, rest = where.partition(".")
    return first.removesuffix("[]"), first.endswith("[]"), rest
