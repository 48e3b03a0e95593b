"""Settings: from where they come, and what is said of wrong ones."""

import base64
import json
import os

import pytest
from pydantic import ValidationError

from settings import Settings, explain, read_settings, variable


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("KV_")]:
        monkeypatch.delenv(name)


def test_a_setting_comes_from_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KV_PORT", "9000")
    monkeypatch.setenv("KV_CORS_ORIGINS", "https://a.example, https://b.example")
    settings = read_settings([])
    assert (settings.port, settings.cors_origins) == (9000, ("https://a.example", "https://b.example"))


def test_the_command_line_overrides_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KV_PORT", "9000")
    assert read_settings(["--port", "9001"]).port == 9001


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KV_ENDPOINT_URL", "")
    assert read_settings([]).endpoint_url is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KV_PORT", "eighty"),
        ("KV_PORT", "65536"),
        ("KV_LOG_LEVEL", "loud"),
        ("KV_ENDPOINT_URL", "nowhere"),
        ("KV_TABLE_NAME", "a b"),
        ("KV_REGION", "Frankfurt!"),
        ("KV_IDENTITY_CACHE_SECONDS", "6"),
        ("KV_CURSOR_KEYS", "c2hvcnQ="),
        ("KV_ENGINE", "mongodb"),
    ],
)
def test_a_wrong_value_is_named_by_its_variable(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as raised:
        read_settings([])
    assert f"\n  {name}: " in explain(raised.value)


def test_a_wrong_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KV_CURSOR_KEYS", "Y2FuYXJ5LWNhbmFyeQ==")
    with pytest.raises(ValidationError) as raised:
        read_settings([])
    assert "Y2FuYXJ5" not in explain(raised.value)


def test_aws_needs_the_keys_of_page_tokens() -> None:
    with pytest.raises(ValidationError, match="KV_CURSOR_KEYS"):
        Settings(engine="aws")


def test_several_cursor_keys_are_read_in_order() -> None:
    keys = [bytes([number]) * 32 for number in (1, 2)]
    text = ",".join(base64.b64encode(key).decode() for key in keys)
    assert read_settings(["--cursor-keys", text]).cursor_key_bytes(lambda: "") == keys


def test_help_lists_every_variable(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read_settings(["--help"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert [name for name in map(variable, Settings.model_fields) if name not in shown] == []


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1  # type: ignore[misc]


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    secret = base64.b64encode(b"c" * 32).decode()
    settings = Settings(cursor_keys=secret)  # type: ignore[arg-type]
    assert secret not in repr(settings) + json.dumps(settings.model_dump(mode="json"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"KV_OIDC_ISSUER": "https://issuer.example"}, "KV_OIDC_CLIENT_ID must be set"),
        ({"KV_OIDC_ISSUER": "http://issuer.example", "KV_OIDC_CLIENT_ID": "kv"}, "the issuer must be an https address"),
        ({"KV_OIDC_CLIENT_ID": "kv"}, "KV_OIDC_ISSUER must be set"),
        ({"KV_OIDC_CLIENT_SECRET": "s"}, "KV_OIDC_ISSUER must be set"),
        ({"KV_OIDC_AUDIENCE": "https://kv.example"}, "KV_OIDC_ISSUER must be set"),
        ({"KV_OIDC_REDIRECT_URIS": "https://app.example"}, "KV_OIDC_ISSUER must be set"),
    ],
)
def test_half_an_agreement_with_an_issuer_stops_the_start(
    changes: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in changes.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as raised:
        read_settings([])
    assert said in explain(raised.value)


def test_an_agreement_with_an_issuer_comes_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KV_OIDC_ISSUER", "https://issuer.example")
    monkeypatch.setenv("KV_OIDC_CLIENT_ID", "kv")
    monkeypatch.setenv("KV_OIDC_CLIENT_SECRET", "canary")
    monkeypatch.setenv("KV_OIDC_REDIRECT_URIS", "https://app.example/callback, http://localhost:5173/callback")
    settings = read_settings([])
    agreement = settings.agreement()
    assert agreement is not None
    assert (agreement.client_secret, len(agreement.redirect_uris)) == ("canary", 2)
    assert "canary" not in repr(settings)
