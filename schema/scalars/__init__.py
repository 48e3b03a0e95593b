"""AWS AppSync's scalars, with AppSync's rules."""

from typing import cast

from strawberry.types.scalar import ScalarDefinition

from schema.scalars.aws_date import AWS_DATE, AWSDate
from schema.scalars.aws_date_time import AWS_DATE_TIME, AWSDateTime
from schema.scalars.aws_email import AWS_EMAIL, AWSEmail
from schema.scalars.aws_ip_address import AWS_IP_ADDRESS, AWSIPAddress
from schema.scalars.aws_json import AWS_JSON, AWSJSON
from schema.scalars.aws_phone import AWS_PHONE, AWSPhone
from schema.scalars.aws_time import AWS_TIME, AWSTime
from schema.scalars.aws_timestamp import AWS_TIMESTAMP, AWSTimestamp
from schema.scalars.aws_url import AWS_URL, AWSURL

__all__ = [
    "AWSJSON",
    "AWSURL",
    "SCALARS",
    "SCALAR_TYPES",
    "AWSDate",
    "AWSDateTime",
    "AWSEmail",
    "AWSIPAddress",
    "AWSPhone",
    "AWSTime",
    "AWSTimestamp",
]

# For StrawberryConfig(scalar_map=SCALARS).
SCALARS: dict[object, ScalarDefinition] = {
    AWSDate: AWS_DATE,
    AWSTime: AWS_TIME,
    AWSDateTime: AWS_DATE_TIME,
    AWSTimestamp: AWS_TIMESTAMP,
    AWSEmail: AWS_EMAIL,
    AWSJSON: AWS_JSON,
    AWSURL: AWS_URL,
    AWSPhone: AWS_PHONE,
    AWSIPAddress: AWS_IP_ADDRESS,
}

# For Schema(types=[*DIRECTIVES, *SCALAR_TYPES]), so that all of them are declared, used or not.
SCALAR_TYPES = cast("tuple[type, ...]", tuple(SCALARS))
