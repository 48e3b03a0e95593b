"""The way in: TLS on 443 and nothing else."""

from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from constructs import Construct

from cdk.acknowledgments import acknowledge
from cdk.config import Config
from cdk.constructs.network import Network

_IDLE = Duration.seconds(60)  # less than the server's KEEP_ALIVE_SECONDS, or the balancer meets connections just closed


class LoadBalancer(Construct):
    """`resource` is the balancer, `listener` its only port; there is no port 80 to redirect from."""

    def __init__(self, scope: Construct, config: Config, network: Network) -> None:
        super().__init__(scope, "LoadBalancer")
        self.resource = elbv2.ApplicationLoadBalancer(
            self,
            "Resource",
            vpc=network.vpc,
            internet_facing=True,
            security_group=self._front_door(network.vpc),
            deletion_protection=config.retains,
            drop_invalid_header_fields=True,
            idle_timeout=_IDLE,
        )
        self.resource.log_access_logs(network.logs, "requests")
        self.listener = self.resource.add_listener(
            "Https",
            port=443,
            certificates=[elbv2.ListenerCertificate.from_arn(str(config.certificate_arn))],
            ssl_policy=elbv2.SslPolicy.TLS13_RES,
            open=False,
        )

    def _front_door(self, vpc: ec2.IVpc) -> ec2.SecurityGroup:
        door = ec2.SecurityGroup(
            self, "FrontDoor", vpc=vpc, description="HTTPS from anywhere", allow_all_outbound=False
        )
        door.add_ingress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443), "A public API, over TLS")
        acknowledge(door, "EC23", "A public API: each request shows its own credentials, and only 443 is open.")
        return door
