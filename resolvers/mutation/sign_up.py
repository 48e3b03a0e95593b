"""Mutation.signUp: a user with his tier, the claim on the email, and a first API key, in one transaction."""

from dataclasses import dataclass

from datastore.access_patterns import AccessPattern
from datastore.api_keys import SECRET_BYTES, digest_api_key, make_api_key, shown_prefix
from datastore.entities.api_key import ApiKeyEntity
from datastore.entities.quota import AssignmentEntity
from datastore.entities.user import UserEntity
from datastore.errors import TransactionCancelled
from datastore.expressions import missing
from datastore.operations import PutItem, TransactWriteItems
from resolvers.audit import AuditAction, audit
from resolvers.context import Context
from resolvers.email_claims import claim_email, email_taken
from resolvers.functions import check_sign_up, hash_password
from resolvers.scopes import ALL_SCOPES

STEPS = (check_sign_up, hash_password)


@dataclass(frozen=True)
class SignUp:
    """`api_key` is the secret itself: the only time that it is shown."""

    user: UserEntity
    api_key: str


def request(ctx: Context, email: str, password: str) -> TransactWriteItems:
    text = make_api_key(ctx.random_bytes(SECRET_BYTES))
    user_id = ctx.auto_id()
    user = UserEntity.new(
        user_id,
        ctx.timestamp,
        email=email,
        plan=ctx.policies.config.default_plan,
        passwordHash=ctx.prev,
        apiKey=shown_prefix(text),
        writeId=ctx.write_id,
        **AccessPattern.GET_USER_BY_API_KEY.entry(digest=digest_api_key(text)),
    )
    key = ApiKeyEntity.new(text, user_id=user_id, name="first", scopes=ALL_SCOPES, created_at=ctx.timestamp)
    ctx.stash["sign_up"] = SignUp(user, text)
    new = missing("PK")
    tier = AssignmentEntity.of(user)
    return TransactWriteItems(
        (
            PutItem(user.to_item(), new),
            claim_email(ctx, email, user_id=user_id),
            PutItem(key.to_item(), new),
            PutItem(tier.to_item(), new, tier.table),
            audit(ctx, AuditAction.ACCOUNT_CREATED, user_id=user_id),
        )
    )


def response(ctx: Context, result: None) -> SignUp:
    signed_up: SignUp = ctx.stash["sign_up"]
    return signed_up


def failure(ctx: Context, error: TransactionCancelled) -> SignUp:
    if error.reasons[1].failed_condition:
        raise email_taken()
    raise error
