"""Mutation.completeOidcLogin: a session for whoever has signed on at the issuer; the first time, an account too."""

from datastore.entities.subject import SubjectEntity
from datastore.entities.user import UserEntity
from datastore.errors import TransactionCancelled
from datastore.oidc.values import Subject
from datastore.operations import TransactWrite, TransactWriteItems
from resolvers.context import Context
from resolvers.functions import (
    begin_sign_on,
    claim_sign_on,
    consume_sign_on,
    exchange_code,
    find_account,
    read_subject,
)
from resolvers.sessions import NewSession, begin, login_writes, set_cookie
from resolvers.subject_accounts import found, keep, link, new_account

# An issuer that does not answer is found out before the sign-on is used up.
STEPS = (begin_sign_on, claim_sign_on, consume_sign_on, exchange_code, read_subject, find_account)


def request(ctx: Context, state: str, code: str, verifier: str | None = None) -> TransactWriteItems:
    """Account, link and session are there together or not at all."""
    subject: Subject = ctx.stash["subject"]
    known: UserEntity | None = ctx.stash["user"]
    linked: SubjectEntity | None = ctx.stash["link"]
    user = known or new_account(ctx, subject)
    writes: list[TransactWrite] = [*(keep(known, linked) if known else found(ctx, user))]
    if linked is None:
        writes += link(ctx, user, subject, tell=known is not None)
    new = begin(ctx, user)
    ctx.stash["new"] = new
    return TransactWriteItems((*writes, *login_writes(ctx, new)))


def response(ctx: Context, result: None) -> NewSession:
    new: NewSession = ctx.stash["new"]
    set_cookie(ctx, new)
    return new


def failure(ctx: Context, error: TransactionCancelled) -> NewSession:
    """The same subject signs on elsewhere, or its account changes, at this moment: look again at what is there."""
    if any(reason.failed_condition for reason in error.reasons):
        ctx.again()
    raise error
