"""AppSync's directives: which credentials open a type or a field, and which mutations feed a subscription."""

import strawberry
from strawberry.schema_directive import Location

_OBJECT_OR_FIELD = [Location.OBJECT, Location.FIELD_DEFINITION]


@strawberry.schema_directive(
    name="aws_api_key", locations=_OBJECT_OR_FIELD, description="Open to callers with an API key."
)
class AwsApiKey:
    pass


@strawberry.schema_directive(
    name="aws_oidc", locations=_OBJECT_OR_FIELD, description="Open to callers with a token of an OpenID provider."
)
class AwsOidc:
    pass


@strawberry.schema_directive(
    name="aws_lambda", locations=_OBJECT_OR_FIELD, description="Open to callers with a session of this service."
)
class AwsLambda:
    pass


@strawberry.schema_directive(
    name="aws_iam", locations=_OBJECT_OR_FIELD, description="Open to callers who sign with AWS credentials."
)
class AwsIam:
    pass


@strawberry.schema_directive(
    name="aws_subscribe",
    locations=[Location.FIELD_DEFINITION],
    description="A subscription that these mutations feed.",
)
class AwsSubscribe:
    mutations: list[str]


# For Schema(types=[*DIRECTIVES, *SCALAR_TYPES]), so that all of them are declared, used or not.
DIRECTIVES: tuple[type, ...] = (AwsApiKey, AwsOidc, AwsLambda, AwsIam, AwsSubscribe)
