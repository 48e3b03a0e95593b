"""Descriptions that users give."""

from datastore.errors import LimitExceeded
from datastore.surrogates import refuse_surrogates

LONGEST_DESCRIPTION = 1000


def check_description(text: str | None) -> str | None:
    refuse_surrogates("description", text or "")
    if text is not None and len(text) > LONGEST_DESCRIPTION:
        raise LimitExceeded(f"A description has at most {LONGEST_DESCRIPTION} characters; this one has {len(text)}.")
    return text
