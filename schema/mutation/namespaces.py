"""Mutations of namespaces."""

from typing import Annotated

import strawberry

from datastore.grants import NamespaceRole
from resolvers.mutation import create_namespace as create_namespace_resolver
from resolvers.mutation import delete_namespace as delete_namespace_resolver
from resolvers.mutation import share_namespace as share_namespace_resolver
from resolvers.mutation import unshare_namespace as unshare_namespace_resolver
from resolvers.mutation import update_namespace as update_namespace_resolver
from schema.inputs.namespaces import CreateNamespaceInput, UpdateNamespaceInput
from schema.resolving import Info, resolve
from schema.scalars import AWSEmail
from schema.types.arguments import NamespaceId, input_argument
from schema.types.namespace import Member, Namespace


@strawberry.type
class Mutation:
    @strawberry.mutation(description="A new namespace, which belongs to the caller.")
    async def create_namespace(
        self, info: Info, new: Annotated[CreateNamespaceInput, input_argument("The namespace.")]
    ) -> Namespace:
        made = await resolve(create_namespace_resolver, info, namespace=new.id, description=new.description)
        return Namespace.of(made)

    @strawberry.mutation(description="Change what a namespace is said to be for.")
    async def update_namespace(
        self, info: Info, change: Annotated[UpdateNamespaceInput, input_argument("The change.")]
    ) -> Namespace:
        view = await resolve(update_namespace_resolver, info, namespace=change.id, description=change.description)
        return Namespace.of(view)

    @strawberry.mutation(
        description="Delete a namespace and all its keys. Answers at once; the name is free when all is gone."
    )
    async def delete_namespace(self, info: Info, namespace: NamespaceId) -> Namespace | None:
        return Namespace.of_optional(await resolve(delete_namespace_resolver, info, namespace=namespace))

    @strawberry.mutation(
        description="Let somebody use a namespace, or change what they may do. For its OWNERs; takes the admin scope."
    )
    async def share_namespace(
        self,
        info: Info,
        namespace: NamespaceId,
        email: Annotated[AWSEmail, strawberry.argument(description="The address of somebody with an account.")],
        role: Annotated[NamespaceRole, strawberry.argument(description="What they may do.")],
    ) -> Member:
        return Member.of(await resolve(share_namespace_resolver, info, namespace=namespace, email=email, role=role))

    @strawberry.mutation(
        description="End a membership, as an OWNER or as the member. True if there was one. Takes the admin scope."
    )
    async def unshare_namespace(
        self,
        info: Info,
        namespace: NamespaceId,
        user_id: Annotated[strawberry.ID, strawberry.argument(description="The member's user id.")],
    ) -> bool:
        return await resolve(unshare_namespace_resolver, info, namespace=namespace, user_id=user_id)
