"""Documents asked for by their hash: Apollo's automatic persisted queries, and a list of what may be asked at all."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from datastore import json_text
from schema.fair_cache import FairCache
from transport.answers import Refused, malformed
from transport.request_parameters import Parameters

_CAPACITY: Final = 1000
_LONGEST: Final = 10_000  # characters; a longer document is sent each time


class PersistedQueries:
    """Remembered for each caller alone, so that nobody learns what others ask, or makes them forget it.

    `allowed`, from hash or id to document: only these are run, whether they are named or spelled out.
    """

    def __init__(self, *, automatic: bool = True, allowed: Mapping[str, str] | None = None) -> None:
        self._automatic = automatic
        self._allowed = allowed
        self._texts = frozenset(allowed.values()) if allowed is not None else None
        self._remembered: FairCache[tuple[str | None, str], str] = FairCache(_CAPACITY)

    def document(self, parameters: Parameters, caller: str | None) -> str:
        """The text to run. Raises Refused where it is not known, not allowed, or not what its hash says."""
        text, digest = parameters.query, parameters.digest
        if text is None and digest is not None:
            return self._find(digest, caller)
        if text is None or (self._texts is not None and text not in self._texts):
            raise Refused(403, "DocumentNotAllowed", "This server runs only documents that it has been given.",
                          "DOCUMENT_NOT_ALLOWED")  # fmt: skip
        if digest is not None and self._allowed is None and digest != sha256(text):
            raise malformed("sha256Hash is not the SHA-256 of query: send the hash of exactly the text that you send.")
        return text

    def remember(self, parameters: Parameters, caller: str | None) -> None:
        """To be called once the document has turned out to be valid, and the caller's to ask."""
        text, digest = parameters.query, parameters.digest
        if self._automatic and self._allowed is None and text and digest and len(text) <= _LONGEST:
            self._remembered.put((caller, digest), text, owner=caller)

    def _find(self, digest: str, caller: str | None) -> str:
        if self._allowed is None and not self._automatic:
            raise _not_run("PersistedQueryNotSupported", "PERSISTED_QUERY_NOT_SUPPORTED")
        found = self._remembered.get((caller, digest)) if self._allowed is None else self._allowed.get(digest)
        if found is None:
            raise _not_run("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")
        return found


def read_allowed(path: Path) -> dict[str, str]:
    """From Apollo's manifest, or an object of ids and documents. Raises ValueError."""
    content: Any = json_text.parse(path.read_bytes())
    match content:
        case {"operations": list() as operations} if all(isinstance(each, dict) for each in operations):
            documents = {each.get("id"): each.get("body") for each in operations}
        case dict():
            documents = content
        case _:
            documents = {"": None}
    if not all(isinstance(part, str) for each in documents.items() for part in each):
        raise ValueError(f"{path} must hold an object of ids and documents, or Apollo's manifest of operations.")
    return documents


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _not_run(message: str, code: str) -> Refused:
    """In Apollo's words and with its status, by which clients know that they should send the text."""
    return Refused(200, "PersistedQuery", message, code)
