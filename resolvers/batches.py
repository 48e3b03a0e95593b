"""How much one batch mutation may carry."""

from datastore.errors import BadRequest, LimitExceeded

LARGEST_BATCH = 500


def check_batch(size: int) -> None:
    if size == 0:
        raise BadRequest("A batch needs at least one key.")
    if size > LARGEST_BATCH:
        raise LimitExceeded(f"A batch has 1 to {LARGEST_BATCH} keys; {size} were given.")
