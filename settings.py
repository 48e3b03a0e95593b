"""Every setting, read once from the environment and the command line."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AnyHttpUrl, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Settings(BaseSettings):
    """A multi-tenant key-value store with a GraphQL API, on DynamoDB.

    Each option is also an environment variable: --data-dir is KV_DATA_DIR. The command line wins.
    """

    model_config = SettingsConfigDict(env_prefix="KV_", frozen=True, extra="forbid", env_ignore_empty=True)

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    data_dir: Path = Field(
        Path(".data"), description="Where the local engine keeps its file and the first start its secrets."
    )
    endpoint_url: AnyHttpUrl | None = Field(
        None, description="A DynamoDB-compatible endpoint to use instead of the local engine."
    )
    engine: Literal["local", "aws"] = Field(
        "local", description="local starts an engine of our own; aws uses DynamoDB with the usual AWS credentials."
    )
    dynoxide: Path | None = Field(
        None, description="Program of the local engine; without it, the one that npm installed is used."
    )
    table_name: str = Field("kv-storage-data", pattern=r"^[A-Za-z0-9_.-]{3,255}$", description="Name of the main table.")
    region: str = Field("us-east-1", pattern=r"^[a-z0-9-]+$", description="AWS region.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    cursor_keys: SecretStr | None = Field(
        None, description="Keys that encrypt page tokens, newest first, comma-separated base64 of 32 bytes; made locally."
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Origins that browsers may call from, comma-separated; * for all."
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        ("localhost", "127.0.0.1", "[::1]"), description="Host headers that are answered, comma-separated; * for all."
    )
    graphiql: bool = Field(True, description="Serve GraphiQL at /graphql to browsers.")
    introspection: bool = Field(True, description="Answer __schema and __type.")
    identity_cache_seconds: float = Field(
        5, ge=0, le=5, description="How long an API key or a grant may be remembered; 0 asks the table every time."
    )
    operation_timeout_seconds: float = Field(10, gt=0, le=300, description="Longest a GraphQL operation may take.")
    max_body_bytes: int = Field(2 * 1024 * 1024, ge=1024, description="Largest request body.")
