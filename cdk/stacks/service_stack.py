"""The server: on Fargate, behind a load balancer that takes TLS only."""

import aws_cdk
from constructs import Construct

from cdk.config import Config
from cdk.constructs.alarm_topic import AlarmTopic
from cdk.constructs.load_balancer import LoadBalancer
from cdk.constructs.network import Network
from cdk.constructs.server_service import ServerService
from cdk.constructs.service_alarms import ServiceAlarms


class ServiceStack(aws_cdk.Stack):
    """Holds no data: it can be destroyed and made again, and the tables do not notice."""

    def __init__(self, scope: Construct, config: Config) -> None:
        super().__init__(
            scope,
            f"{config.project_prefix}-service",
            description="The server of the key-value store",
            env=aws_cdk.Environment(account=config.account, region=config.region),
            termination_protection=config.retains,
        )
        network = Network(self, config)
        balancer = LoadBalancer(self, config, network)
        service = ServerService(self, config, network=network, balancer=balancer)
        ServiceAlarms(self, config, targets=service.targets, topic=AlarmTopic(self, config).resource)
        self._put_out("LoadBalancerName", balancer.resource.load_balancer_dns_name, f"Point {config.domain_name} here")
        self._put_out("ClusterName", service.resource.cluster.cluster_name, "Where the servers run")
        self._put_out("ServiceName", service.resource.service_name, "What starts and stops them")

    def _put_out(self, name: str, value: str, description: str) -> None:
        aws_cdk.CfnOutput(self, name, value=value, description=description)
