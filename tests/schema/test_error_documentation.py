"""docs/errors.md has a row for every refusal, with the type and the code that go out."""

import re
from collections.abc import Iterator
from pathlib import Path

from datastore import errors
from datastore.errors import Refusal, ResolverError
from schema.error_presentation import code_of
from schema.execution import Timeout

PAGE = (Path(__file__).parents[2] / "docs" / "errors.md").read_text()


def rows() -> set[tuple[str, str]]:
    return set(re.findall(r"^\| `([\w:]+)` \| `(\w+)` \|", PAGE, re.MULTILINE))


def refusals() -> Iterator[type[Refusal]]:
    """ResolverError has the type that it is given; Refusal itself is never raised."""
    for each in vars(errors).values():
        if isinstance(each, type) and issubclass(each, Refusal) and each not in (Refusal, ResolverError):
            yield each


def made(kind: type[Refusal]) -> Refusal:
    return kind([]) if kind is errors.TransactionCancelled else kind("")  # type: ignore[arg-type]


def test_every_refusal_has_its_row() -> None:
    assert {(kind.type, code_of(made(kind))) for kind in [*refusals(), Timeout]} <= rows()


def test_no_row_is_of_something_that_there_is_not() -> None:
    others = {
        ("InternalFailure", "INTERNAL"),
        ("GraphQLParseFailed", "GRAPHQL_PARSE_FAILED"),
        ("GraphQLValidationFailed", "GRAPHQL_VALIDATION_FAILED"),
    }
    assert rows() == {(kind.type, code_of(made(kind))) for kind in [*refusals(), Timeout]} | others


def test_only_what_may_succeed_unchanged_is_said_to_be_retryable() -> None:
    retryable = {kind.type for kind in refusals() if kind.retryable}
    said = {line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `") and "`retryable`" in line}
    assert retryable == said
