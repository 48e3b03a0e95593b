"""Where alarms go: one topic, and a person behind it if an address was given."""

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from cdk.config import Config


class AlarmTopic(Construct):
    """`resource` is the topic; it takes TLS only."""

    def __init__(self, scope: Construct, config: Config) -> None:
        super().__init__(scope, "AlarmTopic")
        self.resource = sns.Topic(self, "Resource", display_name=f"Alarms of {config.project_prefix}", enforce_ssl=True)
        self.resource.add_to_resource_policy(
            iam.PolicyStatement(  # a topic with a policy of its own lets nobody in, CloudWatch included
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.resource.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )
        if config.alarm_email:
            self.resource.add_subscription(subscriptions.EmailSubscription(config.alarm_email))
