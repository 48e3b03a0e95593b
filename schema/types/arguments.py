"""Arguments that many fields share, described once."""

from typing import Annotated

import strawberry

from schema.scalars import AWSDateTime


def input_argument(description: str) -> object:
    """The one argument of a mutation that takes an object, under the name that it has in GraphQL."""
    return strawberry.argument(name="input", description=description)


Limit = Annotated[
    int | None, strawberry.argument(description="Items in a page, 1 to 100; 50 unless told. The same as first.")
]
NextToken = Annotated[str | None, strawberry.argument(description="Go on behind this nextToken. The same as after.")]
First = Annotated[int | None, strawberry.argument(description="Items in a page, as Relay asks for them.")]
After = Annotated[str | None, strawberry.argument(description="Go on behind this cursor, as Relay asks for it.")]

From = Annotated[
    AWSDateTime | None, strawberry.argument(name="from", description="What happened then or later; null for all.")
]
To = Annotated[
    AWSDateTime | None, strawberry.argument(name="to", description="What happened then or before; null for all.")
]

NamespaceName = Annotated[strawberry.ID, strawberry.argument(description="The namespace's name.")]
NamespaceId = Annotated[strawberry.ID, strawberry.argument(name="id", description="The namespace's name.")]
KeyName = Annotated[str, strawberry.argument(description="The key, 1 to 1,000 bytes of UTF-8, as it was put.")]
Prefix = Annotated[str | None, strawberry.argument(description="Only keys that begin with this text.")]
Reverse = Annotated[bool | None, strawberry.argument(description="From the last key to the first.")]
Consistent = Annotated[
    bool | None,
    strawberry.argument(description="See every write that was answered before, at twice the cost of the read."),
]
