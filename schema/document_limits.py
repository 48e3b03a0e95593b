"""How large a document may be, held against what was measured before it is validated."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSyntaxError,
    Lexer,
    OperationDefinitionNode,
    Source,
    TokenKind,
    parse,
)

from datastore.errors import LimitExceeded
from schema.document_size import MAX_NESTING, Measurer, NestedTooDeep, Size, root_field_names


@dataclass(frozen=True)
class Limits:
    """Each is the greatest that is allowed; fragments count wherever they are spread."""

    characters: int = 262_144
    tokens: int = 2000
    depth: int = 10  # a leaf is a level; __schema and __type are one with all they hold
    aliases: int = 30
    root_fields: int = 20  # 1 where one of them takes a credential
    directives: int = 50
    fields: int = 500
    list_cost: int = 10_000  # fields, each times the sizes of the pages that it stands in


_WORDS = {
    "characters": "characters (a large value goes into the variables)",
    "tokens": "tokens",
    "depth": "levels of fields",
    "aliases": "aliases",
    "root_fields": "root fields",
    "directives": "directives",
    "fields": "fields, fragments expanded",
    "list_cost": "fields times page sizes (ask for smaller pages with limit)",
    "nesting": "levels of selections",
}


@dataclass(frozen=True)
class DocumentLimits:
    """The limits as they hold for one schema: its paged fields, and the root fields that take a credential."""

    limits: Limits
    paged: frozenset[str]
    credential_fields: Collection[str] = ()  # as coordinates: Mutation.signUp

    def parse(self, text: str) -> DocumentNode:
        if len(text) > self.limits.characters:
            raise _exceeded("characters", self.limits.characters, len(text))
        tokens = self.limits.tokens
        try:
            return parse(text, max_lexical_tokens=tokens, max_comments=tokens)
        except GraphQLSyntaxError:
            if _has_more_tokens(text, tokens):
                raise _exceeded("tokens", tokens, f"more than {tokens}") from None
            raise

    def check(self, document: DocumentNode, variables: Mapping[str, Any]) -> None:
        """Raises LimitExceeded for the first definition that is too large."""
        measurer = Measurer(document, self.paged, variables)
        try:
            for definition in document.definitions:
                match definition:
                    case OperationDefinitionNode():
                        self._check_operation(definition, measurer)
                    case FragmentDefinitionNode():
                        self._check_fragment(measurer.fragment(definition.name.value))
        except NestedTooDeep:
            raise _exceeded("nesting", MAX_NESTING, f"more than {MAX_NESTING}") from None

    def always_fits(self, document: DocumentNode) -> bool:
        """Whether it is within the limits whatever its variables are: where none is given, the largest counts."""
        try:
            self.check(document, {})
        except LimitExceeded:
            return False
        return True

    def _check_operation(self, operation: OperationDefinitionNode, measurer: Measurer) -> None:
        root_type = operation.operation.value.capitalize()
        names = {f"{root_type}.{name}" for name in root_field_names(operation, measurer.fragments)}
        root_fields = self.limits.root_fields if names.isdisjoint(self.credential_fields) else 1
        self._check_size(measurer.operation(operation), root_fields)

    def _check_fragment(self, size: Size) -> None:
        """A fragment may be spread nowhere, but is validated all the same: only what that costs counts."""
        self._check_size(size._replace(depth=0, root_fields=0, list_cost=0), self.limits.root_fields)

    def _check_size(self, size: Size, root_fields: int) -> None:
        for limit, found in size._asdict().items():
            allowed = root_fields if limit == "root_fields" else getattr(self.limits, limit)
            if found > allowed:
                raise _exceeded(limit, allowed, found)


def _exceeded(limit: str, allowed: int, found: int | str) -> LimitExceeded:
    return LimitExceeded(
        f"The document has {found} {_WORDS[limit]}; at most {allowed} are allowed.",
        info={"limit": limit, "allowed": allowed, "found": found},
    )


def _has_more_tokens(text: str, allowed: int) -> bool:
    lexer = Lexer(Source(text))
    try:
        return all(lexer.advance().kind is not TokenKind.EOF for _ in range(allowed + 1))
    except GraphQLSyntaxError:
        return False
