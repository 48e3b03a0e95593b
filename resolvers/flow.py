"""How a resolver leaves its course: not failures, so not among the errors."""

from typing import Any, Literal


class EarlyReturn(Exception):  # noqa: N818 - AppSync's runtime.earlyReturn
    def __init__(self, value: Any, skip_to: Literal["NEXT", "END"]) -> None:
        super().__init__()
        self.value = value
        self.skip_to = skip_to


class Again(Exception):  # noqa: N818
    """Run the resolver again from its first step."""
