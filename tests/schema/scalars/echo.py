"""A schema whose fields give back what they are given, one for each scalar."""

from enum import Enum
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig

from datastore.native_values import NULL, to_native
from schema.scalars import (
    AWSJSON,
    AWSURL,
    SCALARS,
    AWSDate,
    AWSDateTime,
    AWSEmail,
    AWSIPAddress,
    AWSPhone,
    AWSTime,
    AWSTimestamp,
)


@strawberry.enum
class Colour(Enum):
    RED = "red"


@strawberry.input
class Box:
    value: AWSJSON


def _stored(value: AWSJSON) -> AWSJSON:
    native = to_native(value)  # type: ignore[arg-type]
    return AWSJSON(NULL if native is None else native)


@strawberry.type
class Query:
    @strawberry.field(name="AWSDate")
    def date(self, value: AWSDate) -> AWSDate:
        return value

    @strawberry.field(name="AWSTime")
    def time(self, value: AWSTime) -> AWSTime:
        return value

    @strawberry.field(name="AWSDateTime")
    def date_time(self, value: AWSDateTime) -> AWSDateTime:
        return value

    @strawberry.field(name="AWSTimestamp")
    def timestamp(self, value: AWSTimestamp) -> AWSTimestamp:
        return value

    @strawberry.field(name="AWSEmail")
    def email(self, value: AWSEmail) -> AWSEmail:
        return value

    @strawberry.field(name="AWSURL")
    def url(self, value: AWSURL) -> AWSURL:
        return value

    @strawberry.field(name="AWSPhone")
    def phone(self, value: AWSPhone) -> AWSPhone:
        return value

    @strawberry.field(name="AWSIPAddress")
    def ip_address(self, value: AWSIPAddress) -> AWSIPAddress:
        return value

    @strawberry.field(name="AWSJSON")
    def json(self, value: AWSJSON) -> AWSJSON:
        return _stored(value)

    @strawberry.field
    def others(self, whole: int, fraction: float, colour: Colour) -> bool:
        return True

    @strawberry.field
    def boxed(self, box: Box) -> AWSJSON:
        return _stored(box.value)


SCHEMA = strawberry.Schema(query=Query, config=StrawberryConfig(scalar_map=SCALARS))


class Refused(Exception):  # noqa: N818
    """The request was answered with this error."""


def echo_variable(scalar: str, value: Any) -> Any:
    """What comes back for a value sent as a variable."""
    return run(f"query ($value: {scalar}!) {{ {scalar}(value: $value) }}", {"value": value})[scalar]


def echo_literal(scalar: str, literal: str) -> Any:
    """What comes back for a value written into the document."""
    return run(f"{{ {scalar}(value: {literal}) }}")[scalar]


def run(document: str, variables: dict[str, Any] | None = None) -> Any:
    result = SCHEMA.execute_sync(document, variables)
    if result.errors:
        raise Refused(_message(result.errors[0]))
    return result.data


def _message(error: GraphQLError) -> str:
    error.message.encode()
    return error.message
