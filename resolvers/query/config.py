"""Query.config: how the service is configured; for whoever is signed in."""

from datastore.entities.config import ConfigEntity
from datastore.operations import GetItem, Item
from resolvers.context import Context
from resolvers.functions import read_config


def request(ctx: Context) -> GetItem:
    return read_config.request(ctx)


def response(ctx: Context, result: Item | None) -> ConfigEntity:
    return read_config.response(ctx, result)
