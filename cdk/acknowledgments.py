"""How a finding of cdk-nag is accepted: one rule, on one resource, with the reason."""

import aws_cdk
from constructs import IConstruct


def acknowledge(construct: IConstruct, rule: str, reason: str) -> None:
    """`rule` is the finding's id in AwsSolutions, with what it names in brackets: "DDB3", "IAM5[Resource::*]"."""
    finding = aws_cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
    aws_cdk.Validations.of(construct).acknowledge(finding)
