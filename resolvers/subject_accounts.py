"""Accounts that subjects of the OpenID Connect issuer sign in to: new ones, and links to those that there are."""

from collections.abc import Sequence

from datastore.entities.quota import AssignmentEntity
from datastore.entities.subject import SubjectEntity, linked
from datastore.entities.user import UserEntity, UserStatus
from datastore.errors import SignUpClosed, Unauthenticated
from datastore.expressions import differs, equals, exists, missing
from datastore.oidc.values import Subject
from datastore.operations import ConditionCheck, PutItem, TransactWrite
from resolvers.audit import AuditAction, audit
from resolvers.context import Context
from resolvers.email_claims import claim_email
from resolvers.messages import MessageKind, message


def new_account(ctx: Context, subject: Subject) -> UserEntity:
    """Without a password and without an API key: the issuer is the way in."""
    if not ctx.policies.config.sign_up_open:
        raise SignUpClosed("There is no account for this sign-on, and nobody can sign up at the moment.")
    plan = ctx.policies.config.default_plan
    return UserEntity.new(ctx.auto_id(), ctx.timestamp, email=subject.email, plan=plan, writeId=ctx.write_id)


def found(ctx: Context, user: UserEntity) -> Sequence[TransactWrite]:
    """As signUp does it, the email being one that the issuer has verified."""
    tier = AssignmentEntity.of(user)
    claim = [claim_email(ctx, user.email, user_id=user.user_id)] if user.email else []
    return (
        PutItem(user.to_item(), missing("PK")),
        PutItem(tier.to_item(), missing("PK"), tier.table),
        audit(ctx, AuditAction.ACCOUNT_CREATED, user_id=user.user_id),
        *claim,
    )


def keep(user: UserEntity, link: SubjectEntity | None) -> Sequence[TransactWrite]:
    """Only while the account, and the link to it, are as they were read."""
    if user.status is not UserStatus.ACTIVE:
        raise Unauthenticated(f"This account is {user.status.lower()}.")
    active = exists("PK") & differs("status", UserStatus.SUSPENDED) & differs("status", UserStatus.DELETING)
    linked = [ConditionCheck(link.key, equals("userId", user.user_id))] if link else []
    return (ConditionCheck(user.key, active), *linked)


def link(ctx: Context, user: UserEntity, subject: Subject, *, tell: bool) -> Sequence[TransactWrite]:
    """Another way into an account: its user hears of it, whoever has done it."""
    ends = linked(subject.issuer, subject.subject, user_id=user.user_id, created_at=ctx.timestamp)
    event = audit(ctx, AuditAction.SIGN_ON_LINKED, user_id=user.user_id, target=subject.issuer)
    told = message(
        ctx,
        MessageKind.SIGN_ON_LINKED,
        user_id=user.user_id,
        subject="Single sign-on was connected",
        body=f"Your account can now be signed in to through {subject.issuer}.",
    )
    return (*(PutItem(end.to_item(), missing("PK")) for end in ends), event, *([told] if tell else []))
