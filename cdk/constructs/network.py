"""The service's own network: the load balancer faces the internet, the tasks do not."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk.acknowledgments import acknowledge
from cdk.config import Config


class Network(Construct):
    """`vpc`, and `logs`: a bucket for who spoke to what, which outlives the stack and empties itself."""

    def __init__(self, scope: Construct, config: Config) -> None:
        super().__init__(scope, "Network")
        self.logs = self._logs(config)
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            availability_zones=[f"{config.region}a", f"{config.region}b"],  # named: nothing is looked up at synth
            nat_gateways=config.capacity.nat_gateways,
            restrict_default_security_group=False,  # would need a Lambda function of its own
            gateway_endpoints={
                # free, and keeps the table's traffic off the NAT gateways
                "DynamoDb": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.DYNAMODB)
            },
            flow_logs={
                "FlowLogs": ec2.FlowLogOptions(
                    destination=ec2.FlowLogDestination.to_s3(self.logs, "network"),
                    traffic_type=ec2.FlowLogTrafficType.REJECT,
                )
            },
        )

    def _logs(self, config: Config) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "Logs",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(config.capacity.log_days))],
            removal_policy=RemovalPolicy.RETAIN,
        )
        acknowledge(bucket, "S1", "It is itself where access logs go; logging its own access would never end.")
        return bucket
