"""One running server: its image, its settings, its secrets and its log."""

from pathlib import Path

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_logs as logs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from cdk.acknowledgments import acknowledge
from cdk.config import Config, SignOn
from cdk.constructs.server_roles import task_role
from cdk.names import cursor_keys_parameter, oidc_secret_parameter, parameter_path

PORT = 8000
_ROOT = Path(__file__).parents[2]  # the Dockerfile's folder
_RETENTION = {
    7: logs.RetentionDays.ONE_WEEK,
    30: logs.RetentionDays.ONE_MONTH,
    90: logs.RetentionDays.THREE_MONTHS,
}


class ServerTask(Construct):
    """`resource` is the task definition."""

    def __init__(self, scope: Construct, config: Config) -> None:
        super().__init__(scope, "ServerTask")
        self.resource = ecs.FargateTaskDefinition(
            self,
            "Resource",
            cpu=config.capacity.cpu,
            memory_limit_mib=config.capacity.memory,
            task_role=task_role(self, config),
            runtime_platform=ecs.RuntimePlatform(
                cpu_architecture=ecs.CpuArchitecture.X86_64,
                operating_system_family=ecs.OperatingSystemFamily.LINUX,
            ),
        )
        self._add_server(config)
        acknowledge(self.resource, "ECS2", "The plain variables are no secrets; the secrets come from SSM.")
        acknowledge(
            self.resource.obtain_execution_role(),
            "IAM5[Resource::*]",
            "ecr:GetAuthorizationToken, by which the image is pulled, is an action without resources.",
        )

    def _add_server(self, config: Config) -> None:
        self.resource.add_container(
            "Server",
            image=ecs.ContainerImage.from_asset(str(_ROOT), platform=ecr_assets.Platform.LINUX_AMD64),
            environment=_settings(config),
            secrets=self._secrets(config),
            logging=ecs.LogDrivers.aws_logs(stream_prefix="server", log_group=self._log_group(config)),
            port_mappings=[ecs.PortMapping(container_port=PORT)],
            linux_parameters=ecs.LinuxParameters(self, "Linux", init_process_enabled=True),
            readonly_root_filesystem=True,
            ulimits=[ecs.Ulimit(name=ecs.UlimitName.NOFILE, soft_limit=65536, hard_limit=65536)],
        )

    def _secrets(self, config: Config) -> dict[str, ecs.Secret]:
        secrets = {"KV_CURSOR_KEYS": self._secret("CursorKeys", cursor_keys_parameter(config))}
        if config.sign_on:
            secrets["KV_OIDC_CLIENT_SECRET"] = self._secret("OidcClientSecret", oidc_secret_parameter(config))
        return secrets

    def _secret(self, construct_id: str, parameter_name: str) -> ecs.Secret:
        parameter = ssm.StringParameter.from_secure_string_parameter_attributes(
            self, construct_id, parameter_name=parameter_name
        )
        return ecs.Secret.from_ssm_parameter(parameter)

    def _log_group(self, config: Config) -> logs.LogGroup:
        return logs.LogGroup(
            self,
            "Log",
            log_group_name=f"{parameter_path(config)}/server",
            retention=_RETENTION[config.capacity.log_days],
            removal_policy=RemovalPolicy.RETAIN if config.retains else RemovalPolicy.DESTROY,
        )


def _settings(config: Config) -> dict[str, str]:
    """As settings.py has them; nothing of a first local start happens with engine aws."""
    return {
        "KV_ALLOWED_HOSTS": str(config.domain_name),
        "KV_ENGINE": "aws",
        "KV_GRAPHIQL": "false",
        "KV_HOST": "0.0.0.0",  # noqa: S104 - a task has an address of its own, behind a closed security group
        "KV_INTROSPECTION": "false" if config.retains else "true",
        "KV_PORT": str(PORT),
        "KV_PROXIES": "1",  # the load balancer
        "KV_REGION": config.region,
        "KV_SSM_PREFIX": parameter_path(config),
        **_sign_on(config.sign_on),
    }


def _sign_on(sign_on: SignOn | None) -> dict[str, str]:
    if sign_on is None:
        return {}
    return {
        "KV_OIDC_ISSUER": sign_on.issuer,
        "KV_OIDC_CLIENT_ID": sign_on.client_id,
        "KV_OIDC_REDIRECT_URIS": sign_on.redirect_uris,
        **({"KV_OIDC_AUDIENCE": sign_on.audience} if sign_on.audience else {}),
    }
