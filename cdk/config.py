"""What differs between environments: one frozen, validated Config, made from the CDK context and nothing else."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from datastore.tables import KV_STORAGE_DATA

ReadContext = Callable[[str], object]


class Environment(StrEnum):
    DEV = "dev"
    STAGING = "staging"
    PROD = "prod"


class InvalidConfig(ValueError):  # noqa: N818 - exceptions here say what went wrong
    """A context value that can't be used; the message says which, and what to pass instead."""


@dataclass(frozen=True)
class Capacity:
    """What the service may use. `cpu` in 1,024ths of a core, `memory` in MiB."""

    min_tasks: int
    max_tasks: int
    cpu: int
    memory: int
    nat_gateways: int
    log_days: int


CAPACITY = {
    #                              min tasks  max  cpu   memory  NAT  log days
    Environment.DEV:     Capacity(         1,   2,  512,   1024,   1,        7),
    Environment.STAGING: Capacity(         1,   4,  512,   1024,   1,       30),
    Environment.PROD:    Capacity(         2,  10, 1024,   2048,   2,       90),
}  # fmt: skip


@dataclass(frozen=True)
class SignOn:
    """An OpenID Connect issuer, as settings.py knows one. What the service proves itself with is in SSM."""

    issuer: str
    client_id: str
    redirect_uris: str
    audience: str | None = None


@dataclass(frozen=True)
class Config:
    """One environment, ready to be built."""

    environment: Environment
    project: str
    table_name: str
    gsi_name: str
    region: str
    account: str | None = None
    certificate_arn: str | None = None
    domain_name: str | None = None
    alarm_email: str | None = None
    sign_on: SignOn | None = None

    @property
    def project_prefix(self) -> str:
        """Begins the names of stacks and of SSM parameters."""
        return f"{self.project}-{self.environment}"

    @property
    def retains(self) -> bool:
        """Data outlives its stack, and nobody deletes either by accident."""
        return self.environment is Environment.PROD

    @property
    def capacity(self) -> Capacity:
        return CAPACITY[self.environment]


_INDEX_NAMES = [index.name for index in KV_STORAGE_DATA.indexes]


@dataclass(frozen=True)
class _Rule:
    pattern: str
    advice: str
    required: bool = True


# fmt: off
_RULES = {
    #                          what it must match                  what to do about it
    "environment":    _Rule("|".join(Environment),                 f"pass -c environment={'|'.join(Environment)}"),
    "PROJECT":        _Rule(r"[a-z][a-z0-9-]{1,20}",               "begin with a letter, lower case, at most 21 long"),
    "TABLE_NAME":     _Rule(r"[A-Za-z0-9_.-]{3,240}",              "name the main table, as in cdk.json"),
    "GSI_NAME":       _Rule("|".join(_INDEX_NAMES),                "name an index that datastore/tables.py declares"),
    "BILLING_MODE":   _Rule("PAY_PER_REQUEST",                     "the tables are made for no other mode"),
    "REGION":         _Rule(r"[a-z]{2}(-[a-z]+){1,3}-\d",          "pass an AWS region, as -c REGION=eu-central-1"),
    "account":        _Rule(r"\d{12}",                             "pass 12 digits, as text", required=False),
    "certificateArn": _Rule(r"arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]+",
                                                                  "pass an ACM certificate's ARN", required=False),
    "domainName":     _Rule(r"([a-z0-9-]{1,63}\.)+[a-z]{2,63}",    "pass the certificate's host name", required=False),
    "alarmEmail":     _Rule(r"[^@\s]+@[^@\s]+",                    "pass where alarms are mailed to", required=False),
    "oidcIssuer":     _Rule(r"https://[^\s?#]+",                   "pass the issuer's https address", required=False),
    "oidcClientId":   _Rule(r"[!-~]+",                             "pass what the issuer knows it as", required=False),
    "oidcRedirectUris": _Rule(r"[!-~]+",                           "pass addresses, comma-separated", required=False),
    "oidcAudience":   _Rule(r"[!-~]+",                             "pass an access token's audience", required=False),
}
# fmt: on


def read_config(context: ReadContext) -> Config:
    """The environment that the context names; InvalidConfig for the first value that does not hold."""
    values = {name: _read(name, rule, context) for name, rule in _RULES.items()}
    _refuse_half_a_service(values)
    return Config(
        environment=Environment(str(values["environment"])),
        project=str(values["PROJECT"]),
        table_name=str(values["TABLE_NAME"]),
        gsi_name=str(values["GSI_NAME"]),
        region=str(values["REGION"]),
        account=values["account"],
        certificate_arn=values["certificateArn"],
        domain_name=values["domainName"],
        alarm_email=values["alarmEmail"],
        sign_on=_sign_on(values),
    )


def _read(name: str, rule: _Rule, context: ReadContext) -> str | None:
    value = context(name)
    if value is None and not rule.required:
        return None
    if not isinstance(value, str) or not re.fullmatch(rule.pattern, value):
        found = "is missing" if value is None else f"can't be {value!r}"
        raise InvalidConfig(f"The context value {name} {found}: {rule.advice}.")
    return value


def _sign_on(values: dict[str, str | None]) -> SignOn | None:
    """With an issuer, what it needs; without one, nothing of it."""
    names = ("oidcIssuer", "oidcClientId", "oidcRedirectUris")
    issuer, client_id, redirect_uris = (values[name] for name in names)
    if issuer and client_id and redirect_uris:
        return SignOn(issuer, client_id, redirect_uris, values["oidcAudience"])
    if issuer or client_id or redirect_uris or values["oidcAudience"]:
        raise InvalidConfig(f"Single sign-on needs {', '.join(names)}: pass all of them, or none.")
    return None


def _refuse_half_a_service(values: dict[str, str | None]) -> None:
    certificate, domain, region = values["certificateArn"], values["domainName"], values["REGION"]
    if (certificate is None) != (domain is None):
        raise InvalidConfig("The service needs both certificateArn and domainName: pass the other one too, or neither.")
    if certificate is not None and certificate.split(":")[3] != region:
        raise InvalidConfig(
            f"The certificate is not in REGION {region}: a load balancer takes one from its own region."
        )
