"""The context is read once, and nothing doubtful gets through."""

import dataclasses
import json
from pathlib import Path

import pytest

import cdk
from cdk.config import Config, Environment, InvalidConfig, read_config
from tests.cdk.templates import SERVICE

CONTEXT: dict[str, object] = {
    "environment": "dev",
    "PROJECT": "kv",
    "TABLE_NAME": "kv-storage-data",
    "GSI_NAME": "GSI1",
    "BILLING_MODE": "PAY_PER_REQUEST",
    "REGION": "us-east-1",
}


def read(**changes: object) -> Config:
    return read_config((CONTEXT | changes).get)


def test_cdk_json_carries_the_names_that_were_agreed() -> None:
    context = json.loads((Path(cdk.__file__).parent / "cdk.json").read_text())["context"]
    assert CONTEXT.items() <= context.items()


@pytest.mark.parametrize("name", ["dev", "staging", "prod"])
def test_an_environment_is_chosen_by_name(name: str) -> None:
    config = read(environment=name)
    assert config.environment is Environment(name)
    assert config.project_prefix == f"kv-{name}"


def test_an_unknown_environment_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidConfig, match=r"^The context value environment can't be 'qa': .*dev\|staging\|prod\.$"):
        read(environment="qa")


def test_a_missing_value_is_named() -> None:
    with pytest.raises(InvalidConfig, match=r"^The context value REGION is missing: "):
        read(REGION=None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROJECT", "Kv"),
        ("PROJECT", "k" * 22),
        ("TABLE_NAME", "kv storage"),
        ("GSI_NAME", "GSI9"),
        ("BILLING_MODE", "PROVISIONED"),
        ("REGION", "Frankfurt"),
        ("REGION", ["us-east-1"]),
        ("account", 123456789012),
        ("account", "1234"),
        ("certificateArn", "arn:aws:acm:us-east-1:123456789012:certificate/*"),
        ("domainName", "https://kv.example.com"),
        ("alarmEmail", "nobody"),
    ],
)
def test_a_value_that_does_not_hold_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(InvalidConfig, match=f"^The context value {name} can't be "):
        read(**{name: value})


@pytest.mark.parametrize("alone", SERVICE, ids=lambda pair: str(pair[0]))
def test_certificate_and_host_name_come_together_or_not_at_all(alone: tuple[str, str]) -> None:
    with pytest.raises(InvalidConfig, match="needs both certificateArn and domainName"):
        read(**dict([alone]))


def test_a_certificate_of_another_region_is_refused() -> None:
    with pytest.raises(InvalidConfig, match="not in REGION eu-central-1"):
        read(**dict(SERVICE), REGION="eu-central-1")


def test_a_config_can_not_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        read().region = "eu-central-1"  # type: ignore[misc]


@pytest.mark.parametrize(("environment", "retains"), [("dev", False), ("staging", False), ("prod", True)])
def test_only_prod_keeps_what_its_stacks_leave(environment: str, retains: bool) -> None:
    assert read(environment=environment).retains is retains


SIGN_ON = {
    "oidcIssuer": "https://issuer.example",
    "oidcClientId": "kv",
    "oidcRedirectUris": "https://app.example/callback,http://localhost:5173/callback",
}


def test_single_sign_on_takes_all_that_it_needs_or_nothing() -> None:
    assert read().sign_on is None
    found = read(**SIGN_ON, oidcAudience="https://kv.example").sign_on
    assert found is not None
    assert (found.issuer, found.client_id, found.audience) == ("https://issuer.example", "kv", "https://kv.example")
    for name in SIGN_ON:
        with pytest.raises(InvalidConfig, match="all of them, or none"):
            read(**{each: value for each, value in SIGN_ON.items() if each != name})
    with pytest.raises(InvalidConfig, match="all of them, or none"):
        read(oidcAudience="https://kv.example")


def test_an_issuer_without_tls_is_refused() -> None:
    with pytest.raises(InvalidConfig, match="oidcIssuer"):
        read(**{**SIGN_ON, "oidcIssuer": "http://issuer.example"})
