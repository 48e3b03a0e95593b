"""Half characters: JSON can spell them, UTF-8 can't hold them, so nothing that is stored may have one."""

import re

from datastore.errors import BadRequest

_LONE = re.compile("[\ud800-\udfff]")


def refuse_surrogates(name: str, text: str) -> None:
    """`name` says what the text is, for the message."""
    if _LONE.search(text):
        raise BadRequest(f"The {name} has a lone surrogate, which is not text that UTF-8 can hold.")
