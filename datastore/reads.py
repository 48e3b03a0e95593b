"""How an answer may be read where it is known what it is going to be."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

# A short cut from an answer's body to what is wanted of it; None where something in it is out of the ordinary.
Reads: TypeAlias = Callable[[bytes], Mapping[str, Any] | None]
