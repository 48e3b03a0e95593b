"""Mutations of single sign-on, and the end of an account."""

from typing import Annotated

import strawberry

from resolvers.mutation import complete_oidc_login as complete_oidc_login_resolver
from resolvers.mutation import delete_me as delete_me_resolver
from resolvers.mutation import start_oidc_login as start_oidc_login_resolver
from schema.resolving import Info, resolve
from schema.types.payloads import LoginPayload, OidcStartPayload


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Begin to sign in at the server's OpenID Connect issuer. Open to all, where there is one."
    )
    async def start_oidc_login(
        self,
        info: Info,
        redirect_uri: Annotated[
            str, strawberry.argument(description="Where the issuer sends the person back to: one that is allowed.")
        ],
        challenge: Annotated[
            str | None,
            strawberry.argument(
                description="Base64url of the SHA-256 of a verifier that the front end keeps, and shows at the end."
            ),
        ] = None,
        link: Annotated[
            bool | None,
            strawberry.argument(description="True: connect it to the account of the caller, who must finish it too."),
        ] = None,
    ) -> OidcStartPayload:
        url = await resolve(start_oidc_login_resolver, info, redirect_uri=redirect_uri, challenge=challenge, link=link)
        return OidcStartPayload(url=url)

    @strawberry.mutation(
        description="Finish to sign in at the issuer, within ten minutes and once. Somebody new gets an account."
    )
    async def complete_oidc_login(
        self,
        info: Info,
        state: Annotated[str, strawberry.argument(description="As the issuer has sent it back with the person.")],
        code: Annotated[str, strawberry.argument(description="As the issuer has sent it back with the person.")],
        verifier: Annotated[
            str | None, strawberry.argument(description="What the challenge was made of, if there was one.")
        ] = None,
    ) -> LoginPayload:
        return LoginPayload.of(
            await resolve(complete_oidc_login_resolver, info, state=state, code=code, verifier=verifier)
        )

    @strawberry.mutation(
        description="Delete the caller's account and all that is in it. Answers at once, and ends every credential."
    )
    async def delete_me(
        self,
        info: Info,
        current_password: Annotated[
            str | None, strawberry.argument(description="The present password, if the account has one.")
        ] = None,
    ) -> bool:
        return await resolve(delete_me_resolver, info, current_password=current_password)
