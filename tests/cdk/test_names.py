"""Names of things in an account."""

import pytest

from cdk.config import Config, Environment
from cdk.names import construct_id, cursor_keys_parameter, parameter_path, resource_name, table_name
from datastore.tables import KV_STORAGE_DATA, USER_QUOTAS


def config(environment: str, main_table: str = "kv-storage-data") -> Config:
    return Config(Environment(environment), "kv", main_table, "GSI1", "us-east-1")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [("prod", "user-quotas"), ("staging", "user-quotas-staging"), ("dev", "user-quotas-dev")],
)
def test_names_are_bare_in_prod_and_end_with_the_environment_elsewhere(environment: str, expected: str) -> None:
    assert resource_name(config(environment), "user-quotas") == expected
    assert table_name(config(environment), USER_QUOTAS) == expected


def test_the_main_table_is_called_what_the_context_says() -> None:
    assert table_name(config("prod"), KV_STORAGE_DATA) == "kv-storage-data"
    assert table_name(config("dev", "ours"), KV_STORAGE_DATA) == "ours-dev"


def test_parameters_of_a_deployment_have_one_beginning() -> None:
    assert parameter_path(config("dev")) == "/kv-dev"
    assert cursor_keys_parameter(config("dev")) == "/kv-dev/service/cursor-keys"


def test_a_construct_id_is_the_name_in_camel_case() -> None:
    assert construct_id("user-quotas") == "UserQuotas"
