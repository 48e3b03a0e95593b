"""What the first start on a laptop makes and keeps beside the engine's file, readable by its owner alone."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from datastore.cursors import KEY_BYTES


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """The text in the file, made first if there is none; two servers that start at once agree on one."""
    try:
        write_secret(path, make(), replace=False)
    except FileExistsError:
        path.chmod(0o600)
    return path.read_text().strip()


def write_secret(path: Path, text: str, *, replace: bool) -> None:
    """Whole or not at all, mode 0600. Raises FileExistsError unless it may replace."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
    try:
        if replace:
            draft.replace(path)
        else:
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def new_cursor_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
