"""Step: whose account the subject signs in to, and who has claimed its email."""

from datastore.access_patterns import AccessPattern
from datastore.entities.subject import SubjectEntity, digest_subject
from datastore.entities.user import fold_email
from datastore.oidc.values import Subject
from datastore.operations import BatchGetItem, Item
from resolvers.context import Context


def request(ctx: Context) -> BatchGetItem:
    subject: Subject = ctx.stash["subject"]
    keys = [AccessPattern.GET_SUBJECT.key(digest=digest_subject(subject.issuer, subject.subject))]
    if subject.email:
        keys.append(AccessPattern.CLAIM_EMAIL.key(email=fold_email(subject.email)))
    return BatchGetItem(tuple(keys), consistent=True)


def response(ctx: Context, result: tuple[Item | None, ...]) -> None:
    link, *claims = result
    ctx.stash["link"] = SubjectEntity.from_item(link) if link else None
    ctx.stash["claimed_by"] = claims[0]["userId"] if claims and claims[0] else None
