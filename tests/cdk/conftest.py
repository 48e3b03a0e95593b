"""The app, synthesised once for each environment, as the CLI would."""

import os

# Read by the node process behind aws_cdk, which starts when that is first imported.
os.environ.update(
    CDK_VALIDATION="false",  # takes seconds a template; test_validation.py has it on
    JSII_DEPRECATED="fail",
    JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION="20",
)
