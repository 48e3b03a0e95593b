"""What things are called: one place for names of resources, of parameters and of constructs."""

from cdk.config import Config, Environment
from datastore.tables import KV_STORAGE_DATA, Table


def resource_name(config: Config, name: str) -> str:
    """The name as it stands in prod, and with the environment behind it elsewhere (docs/decisions/0030)."""
    return name if config.environment is Environment.PROD else f"{name}-{config.environment}"


def table_name(config: Config, table: Table) -> str:
    """The main table is called what the context says, the others what datastore/tables.py says."""
    return resource_name(config, config.table_name if table is KV_STORAGE_DATA else table.name)


def parameter_path(config: Config) -> str:
    """What every SSM parameter of a deployment begins with; the server's KV_SSM_PREFIX."""
    return f"/{config.project_prefix}"


def cursor_keys_parameter(config: Config) -> str:
    """A SecureString, which CloudFormation can't make: docs/deploy.md says how the operator does."""
    return f"{parameter_path(config)}/service/cursor-keys"


def oidc_secret_parameter(config: Config) -> str:
    """Another, where there is an OpenID Connect issuer."""
    return f"{parameter_path(config)}/service/oidc-client-secret"


def construct_id(name: str) -> str:
    """user-quotas -> UserQuotas. A changed id replaces the table, so tests hold what comes out."""
    return "".join(word.capitalize() for word in name.split("-"))
