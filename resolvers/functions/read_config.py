"""Step: the configuration as it stands in the table at this moment."""

from datastore.access_patterns import AccessPattern
from datastore.entities.config import ConfigEntity
from datastore.operations import GetItem, Item
from datastore.policies import BUILT_IN
from resolvers.context import Context


def request(ctx: Context) -> GetItem:
    return GetItem(AccessPattern.GET_CONFIG.key(), consistent=True)


def response(ctx: Context, result: Item | None) -> ConfigEntity:
    """What nobody has set is as it is built in."""
    return ConfigEntity.from_item(result) if result else BUILT_IN.config
