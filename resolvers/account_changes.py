"""What changes with a user's email or password, as writes of one transaction; each knows what its failure means."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from datastore.entities.session import SessionEntity
from datastore.entities.user import UserEntity, email_entries, fold_email
from datastore.errors import Refusal, Unauthenticated
from datastore.expressions import Update, equals, exists
from datastore.operations import DeleteItem, TransactWrite, UpdateItem
from resolvers.audit import AuditAction, audit
from resolvers.context import Context
from resolvers.email_claims import claim_email, email_taken, release_email
from resolvers.sessions import begin, came_by_cookie, own_session, put_session


@dataclass(frozen=True)
class Change:
    """`refusal`: the answer if the write's condition does not hold; without one, what was read has changed."""

    write: TransactWrite
    refusal: Refusal | None = None


def change_user(before: UserEntity, after: UserEntity) -> Change:
    """Only while nobody else has changed the same."""
    stood = before.to_item()
    changed = {name: value for name, value in after.to_item().items() if stood.get(name) != value}
    unchanged = equals("passwordHash", before.password_hash) & equals("email", before.email)
    return Change(UpdateItem(before.key, Update(changed), unchanged))


def with_email(user: UserEntity, email: str) -> dict[str, Any]:
    """Nothing, where it is spelled as before."""
    return {} if email == user.email else {"email": email} | email_entries(email)


def move_email(ctx: Context, before: UserEntity, after: UserEntity) -> Iterator[Change]:
    """The claim stays where only the spelling changes."""
    was, is_now = before.email or "", after.email or ""
    if was == is_now:
        return
    if fold_email(was) != fold_email(is_now):
        yield Change(claim_email(ctx, is_now, user_id=before.user_id), email_taken())
        yield Change(release_email(was, user_id=before.user_id))
    detail = {"from": was, "to": is_now}
    yield Change(audit(ctx, AuditAction.EMAIL_CHANGED, user_id=before.user_id, detail=detail))


def end_sessions(ctx: Context, after: UserEntity) -> Iterator[Change]:
    """All but the one that asks, which goes on in the new epoch; in a cookie it gets a new token."""
    if ctx.stash["password_hash"] is None:
        return
    own = own_session(ctx)
    if own is not None:
        ended = Unauthenticated("This session has ended.")
        if came_by_cookie(ctx):
            new = ctx.stash["new"] = begin(ctx, after)
            yield Change(DeleteItem(own, exists("PK")), ended)
            yield Change(put_session(new.entity))
        else:
            update = Update({"epoch": after.session_epoch, "updatedAt": ctx.timestamp})
            yield Change(UpdateItem(own, update, exists("PK")), ended)
    sessions: list[SessionEntity] = ctx.stash["sessions"]
    yield from (Change(DeleteItem(each.key)) for each in sessions if each.key != own)
    yield Change(audit(ctx, AuditAction.PASSWORD_CHANGED, user_id=after.user_id))
