"""AWSEmail: an address that mail could go to."""

from typing import NewType

from email_validator import EmailNotValidError, validate_email

from schema.scalars.text_scalar import text_scalar

AWSEmail = NewType("AWSEmail", str)


def check(text: str) -> None:
    """The form alone: whether the domain exists is not a question for a type."""
    try:
        validate_email(text, check_deliverability=False, globally_deliverable=False, allow_quoted_local=True)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error


AWS_EMAIL = text_scalar(
    "AWSEmail", description="An email address as RFC 822 has it: `username@example.com`.", check=check
)
