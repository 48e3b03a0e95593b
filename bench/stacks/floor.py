"""The floor: a Starlette route that parses the JSON body and answers a constant."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

CONSTANT = b'{"data":{"floor":true}}'


async def answer(request: Request) -> Response:
    await request.json()
    return Response(CONSTANT, media_type="application/json")


def create_app() -> Starlette:
    return Starlette(routes=[Route("/graphql", answer, methods=["POST"])])
