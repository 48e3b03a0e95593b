"""What mutations of keys take."""

from decimal import Decimal

import strawberry

from datastore.exact_numbers import to_decimal
from resolvers import inputs
from schema.scalars import AWSJSON, AWSTimestamp


@strawberry.input(description="A key to be put.")
class PutKeyInput:
    namespace: strawberry.ID = strawberry.field(description="The namespace it goes into.")
    key: str = strawberry.field(description="The key, 1 to 1,000 bytes of UTF-8.")
    value: AWSJSON = strawberry.field(description="Any JSON: a string holding JSON, or the value as it is.")
    ttl: AWSTimestamp | None = strawberry.field(
        default=None, description="The second at which it expires; give this or expiresIn."
    )
    expires_in: int | None = strawberry.field(default=None, description="Seconds from now until it expires.")
    if_version: int | None = strawberry.field(
        default=None, description="Only if the key is at this version; 0 means only if it is absent."
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description="Up to 128 characters; the same put sent again within 24 hours is done once."
    )

    def to_value(self) -> inputs.PutKey:
        return inputs.PutKey(**vars(self))


@strawberry.input(description="A key to be deleted.")
class DeleteKeyInput:
    namespace: strawberry.ID = strawberry.field(description="The namespace it is in.")
    key: str = strawberry.field(description="The key.")
    if_version: int | None = strawberry.field(default=None, description="Only if the key is at this version.")

    def to_value(self) -> inputs.DeleteKey:
        return inputs.DeleteKey(**vars(self))


@strawberry.input(description="A key that must be as expected for a transaction to go through.")
class CheckKeyInput:
    namespace: strawberry.ID = strawberry.field(description="The namespace it is in.")
    key: str = strawberry.field(description="The key.")
    if_version: int = strawberry.field(description="The version it must be at; 0 means absent.")

    def to_value(self) -> inputs.CheckKey:
        return inputs.CheckKey(**vars(self))


@strawberry.input(description="A number to be added to a key's.")
class IncrementKeyInput:
    namespace: strawberry.ID = strawberry.field(description="The namespace it is in.")
    key: str = strawberry.field(description="The key; absent counts as 0.")
    by: float = strawberry.field(description="What to add; may be negative, or a fraction.")
    idempotency_key: str | None = strawberry.field(
        default=None, description="Up to 128 characters; the same increment sent again within 24 hours counts once."
    )

    def to_value(self) -> inputs.IncrementKey:
        by: Decimal = to_decimal(self.by)
        return inputs.IncrementKey(**vars(self) | {"by": by})


@strawberry.input(description="One write of a transaction: exactly one of the three.")
class KeyWrite:
    put: PutKeyInput | None = strawberry.field(default=None, description="Put a key.")
    delete: DeleteKeyInput | None = strawberry.field(default=None, description="Delete a key.")
    check: CheckKeyInput | None = strawberry.field(default=None, description="Write nothing, but insist on a version.")

    def to_value(self) -> inputs.KeyWrite:
        return inputs.KeyWrite(
            put=self.put.to_value() if self.put else None,
            delete=self.delete.to_value() if self.delete else None,
            check=self.check.to_value() if self.check else None,
        )
