"""Every setting, read once from the environment and the command line."""

import base64
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AnyHttpUrl, Field, FilePath, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, CliApp, CliSettingsSource, NoDecode, SettingsConfigDict

from datastore.client import LOOPBACK
from datastore.cursors import KEY_BYTES
from datastore.entities.session import IDLE_SECONDS, SECONDS
from datastore.login_limits import PER_ACCOUNT, PER_ADDRESS, LoginLimits
from datastore.oidc.agreement import Agreement

SENDING_SECONDS = 12  # for how long a thread of boto3 may go on sending what its request has given up

PREFIX = "KV_"


class Settings(BaseSettings):
    """A multi-tenant key-value store with a GraphQL API, on DynamoDB."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, env_ignore_empty=True, cli_kebab_case=True)

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    workers: int = Field(
        1, ge=1, le=64, description="Processes that serve the port together, on one engine; one is enough for a core."
    )
    data_dir: Path = Field(
        Path(".data"), description="Where the local engine keeps its file and the first start its secrets."
    )
    endpoint_url: AnyHttpUrl | None = Field(
        None, description="A DynamoDB-compatible endpoint to use instead of the local engine."
    )
    engine: Literal["local", "aws"] = Field(
        "local", description="local starts an engine of our own; aws uses DynamoDB with the usual AWS credentials."
    )
    client: Literal["native", "boto3"] = Field(
        "native", description="How DynamoDB is called: by a fast client of this server's own, or by AWS's boto3."
    )
    dynoxide: Path | None = Field(
        None, description="Program of the local engine; without it, the one that npm installed is used."
    )
    table_name: str = Field(
        "kv-storage-data", pattern=r"^[A-Za-z0-9_.-]{3,255}$", description="Name of the main table."
    )
    ssm_prefix: str | None = Field(
        None,
        pattern=r"^(/[A-Za-z0-9_.-]+)+$",
        description="Read the tables' names from SSM parameters that begin with this; what cdk/ put out as SsmPrefix.",
    )
    region: str = Field("us-east-1", pattern=r"^[a-z0-9-]+$", description="AWS region.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    cursor_keys: SecretStr | None = Field(
        None,
        description="Keys that encrypt page tokens, newest first, comma-separated base64 of 32 bytes; made locally.",
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Origins that browsers may call from, comma-separated; * for all."
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        ("localhost", "127.0.0.1", "[::1]"), description="Host headers that are answered, comma-separated; * for all."
    )
    proxies: int = Field(
        0, ge=0, le=10, description="How many proxies stand in front, each adding to X-Forwarded-For; 0 believes none."
    )
    graphiql: bool = Field(True, description="Serve GraphiQL at /graphql to browsers.")
    introspection: bool = Field(True, description="Answer __schema and __type.")
    execution: Literal["adaptive", "compiled", "reference"] = Field(
        "adaptive",
        description="Operations are run by plans once a document is asked again; compiled: at once; reference: never.",
    )
    persisted_queries: bool = Field(True, description="Remember documents for callers who send their SHA-256.")
    allowed_documents: FilePath | None = Field(
        None, description="File of the only documents that are run: Apollo's manifest, or a JSON object by id."
    )
    identity_cache_seconds: float = Field(
        5,
        ge=0,
        le=5,
        description="How long users, API keys, grants and policies may be remembered; 0 asks the table every time.",
    )
    session_seconds: int = Field(SECONDS, ge=60, description="How long a session lasts, however much it is used.")
    session_idle_seconds: int = Field(
        IDLE_SECONDS, ge=600, description="How long a session lasts that is not used, to some five minutes."
    )
    session_cookie: bool = Field(
        False, description="Let browsers keep a session in a cookie; then every request must show it is not forged."
    )
    login_attempts: int = Field(
        PER_ACCOUNT.attempts, ge=1, description="Wrong passwords that an account takes at once; then one a minute."
    )
    login_attempts_per_address: int = Field(
        PER_ADDRESS.attempts, ge=1, description="The same for a client's address, over all accounts; then ten a minute."
    )
    operation_timeout_seconds: float = Field(10, gt=0, le=300, description="Longest a GraphQL operation may take.")
    metrics_token: SecretStr | None = Field(
        None,
        description="What /metrics asks for as Authorization: Bearer; without it, it is on loopback only.",
    )
    max_body_bytes: int = Field(2 * 1024 * 1024, ge=1024, description="Largest request body.")

    oidc_issuer: str | None = Field(
        None, description="OpenID Connect issuer for single sign-on, exactly as it names itself."
    )
    oidc_client_id: str | None = Field(None, description="What the issuer knows this service as.")
    oidc_client_secret: SecretStr | None = Field(
        None, description="What it proves that with; none for a public client."
    )
    oidc_redirect_uris: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="The only addresses that a sign-on may come back to, comma-separated and exact."
    )
    oidc_scope: str = Field("openid email", description="What is asked of the issuer.")
    oidc_audience: str | None = Field(
        None, description="Audience of the issuer's access tokens that Authorization takes; without it, none."
    )
    oidc_link_verified_emails: bool = Field(
        False, description="A first sign-on takes over the account with its verified email; see docs/accounts.md."
    )

    @field_validator("cors_origins", "allowed_hosts", "oidc_redirect_uris", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("cursor_keys")
    @classmethod
    def _check_cursor_keys(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            decode_cursor_keys(value)
        return value

    @model_validator(mode="after")
    def _check_secrets(self) -> Self:
        if self.engine == "aws" and self.cursor_keys is None:
            raise ValueError("KV_CURSOR_KEYS must be set with KV_ENGINE=aws: page tokens must outlive a process")
        return self

    @model_validator(mode="after")
    def _check_sign_on(self) -> Self:
        self.agreement()
        return self

    def agreement(self) -> Agreement | None:
        """With the OpenID Connect issuer, where there is one."""
        if self.oidc_issuer is None:
            if self.oidc_client_id or self.oidc_client_secret or self.oidc_redirect_uris or self.oidc_audience:
                raise ValueError("KV_OIDC_ISSUER must be set with the other settings of single sign-on")
            return None
        if self.oidc_client_id is None:
            raise ValueError("KV_OIDC_CLIENT_ID must be set with KV_OIDC_ISSUER")
        secret = self.oidc_client_secret
        return Agreement(
            issuer=self.oidc_issuer,
            client_id=self.oidc_client_id,
            client_secret=secret.get_secret_value() if secret else None,
            audience=self.oidc_audience,
            redirect_uris=self.oidc_redirect_uris,
            scope=self.oidc_scope,
            link_verified_emails=self.oidc_link_verified_emails,
        )

    def login_limits(self, clock: Callable[[], float]) -> LoginLimits:
        return LoginLimits(
            clock=clock,
            per_account=replace(PER_ACCOUNT, attempts=self.login_attempts),
            per_address=replace(PER_ADDRESS, attempts=self.login_attempts_per_address),
        )

    @property
    def settle_seconds(self) -> float:
        """How long after a namespace or an account is marked a write to it may still arrive."""
        sending = SENDING_SECONDS if self.client == "boto3" else 0
        return self.identity_cache_seconds + self.operation_timeout_seconds + sending

    @property
    def environment(self) -> dict[str, str]:
        """What resolvers see as ctx.env."""
        return {
            "SESSION_SECONDS": str(self.session_seconds),
            "SESSION_IDLE_SECONDS": str(self.session_idle_seconds),
            "SESSION_COOKIE": "true" if self.session_cookie else "false",
        }

    @property
    def is_loopback(self) -> bool:
        return self.host in LOOPBACK

    def cursor_key_bytes(self, local: Callable[[], str]) -> list[bytes]:
        """The keys, or what `local` gives where none are set."""
        return decode_cursor_keys(self.cursor_keys or SecretStr(local()))


def decode_cursor_keys(text: SecretStr) -> list[bytes]:
    """Raises ValueError unless each is base64 of 32 bytes; never shows them."""
    keys = [base64.b64decode(part, validate=True) for part in text.get_secret_value().split(",")]
    if any(len(key) != KEY_BYTES for key in keys):
        raise ValueError(
            f"each key must be base64 of {KEY_BYTES} bytes, as `openssl rand -base64 {KEY_BYTES}` makes it"
        )
    return keys


def read_settings(
    arguments: Sequence[str] | None = None, *, program: str = "server.py", description: str | None = Settings.__doc__
) -> Settings:
    """From the command line and the environment. Raises ValidationError; ends the process after --help."""
    variables = ", ".join(map(variable, Settings.model_fields))
    parser = ArgumentParser(
        prog=f"python {program}",
        description=description,
        epilog=f"Each option is an environment variable too, which the command line overrides: {variables}.",
    )
    source: CliSettingsSource[Any] = CliSettingsSource(Settings, root_parser=parser)
    args = None if arguments is None else list(arguments)
    return CliApp.run(Settings, cli_args=args, cli_settings_source=source)


def variable(field: str) -> str:
    """The environment variable of a setting."""
    return f"{PREFIX}{field.upper()}"


def explain(error: ValidationError) -> str:
    """What is wrong with the settings, naming each by its variable; never its value where that is a secret."""
    faults = (f"  {_variable(fault['loc'])}: {fault['msg']}" for fault in error.errors())
    return "\n".join(["Some settings are wrong:", *faults, "See python server.py --help."])


def _variable(location: tuple[int | str, ...]) -> str:
    return variable(str(location[0]).replace("-", "_")) if location else "together"
