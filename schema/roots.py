"""The root types, put together from their subjects: a new subject is a module in schema/query or schema/mutation."""

import strawberry

from schema.mutation import accounts as account_mutations
from schema.mutation import config as config_mutations
from schema.mutation import directory as directory_mutations
from schema.mutation import keys as key_mutations
from schema.mutation import messages as message_mutations
from schema.mutation import namespaces as namespace_mutations
from schema.mutation import quotas as quota_mutations
from schema.mutation import roles as role_mutations
from schema.mutation import sessions as session_mutations
from schema.mutation import sign_on as sign_on_mutations
from schema.query import accounts as account_queries
from schema.query import config as config_queries
from schema.query import directory as directory_queries
from schema.query import keys as key_queries
from schema.query import namespaces as namespace_queries
from schema.query import quotas as quota_queries
from schema.query import roles as role_queries


@strawberry.type(description="What may be asked for.")
class Query(
    account_queries.Query,
    directory_queries.Query,
    config_queries.Query,
    role_queries.Query,
    quota_queries.Query,
    namespace_queries.Query,
    key_queries.Query,
):
    pass


@strawberry.type(description="What may be changed.")
class Mutation(
    account_mutations.Mutation,
    message_mutations.Mutation,
    directory_mutations.Mutation,
    config_mutations.Mutation,
    quota_mutations.Mutation,
    session_mutations.Mutation,
    role_mutations.Mutation,
    namespace_mutations.Mutation,
    key_mutations.Mutation,
    sign_on_mutations.Mutation,
):
    pass
