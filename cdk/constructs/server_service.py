"""The servers together: how many run, how a new version comes in, and how requests find them."""

from aws_cdk import Duration
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from constructs import Construct

from cdk.config import Config
from cdk.constructs.load_balancer import LoadBalancer
from cdk.constructs.network import Network
from cdk.constructs.server_task import PORT, ServerTask

_BUSY_PERCENT = 60


class ServerService(Construct):
    """`resource` is the ECS service, `targets` its tasks as the balancer sees them."""

    def __init__(self, scope: Construct, config: Config, *, network: Network, balancer: LoadBalancer) -> None:
        super().__init__(scope, "ServerService")
        self.resource = ecs.FargateService(
            self,
            "Resource",
            cluster=ecs.Cluster(self, "Cluster", vpc=network.vpc, container_insights_v2=ecs.ContainerInsights.ENABLED),
            task_definition=ServerTask(self, config).resource,
            circuit_breaker=ecs.DeploymentCircuitBreaker(rollback=True),
            min_healthy_percent=100,
            max_healthy_percent=200,
        )
        self.targets = self._behind(balancer)
        self._scale(config)

    def _behind(self, balancer: LoadBalancer) -> elbv2.ApplicationTargetGroup:
        return balancer.listener.add_targets(
            "Servers",
            port=PORT,
            protocol=elbv2.ApplicationProtocol.HTTP,
            targets=[self.resource],
            deregistration_delay=Duration.seconds(30),
            health_check=elbv2.HealthCheck(
                path="/readyz", interval=Duration.seconds(10), timeout=Duration.seconds(5), healthy_threshold_count=2
            ),
        )

    def _scale(self, config: Config) -> None:
        tasks = self.resource.auto_scale_task_count(
            min_capacity=config.capacity.min_tasks, max_capacity=config.capacity.max_tasks
        )
        tasks.scale_on_cpu_utilization("Cpu", target_utilization_percent=_BUSY_PERCENT)
