"""Random GraphQL requests for a schema: fragments, aliases, directives, variables, nulls and repetitions."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
)

_SCALARS: dict[str, tuple[str, ...]] = {
    "Int": ("0", "3", "-7"),
    "Float": ("0.5", "2", "-1e3"),
    "Boolean": ("true", "false"),
    "AWSDateTime": ('"2026-01-01T00:00:00.000Z"',),
    "AWSTimestamp": ("1700000000",),
    "AWSEmail": ('"a@example.com"',),
    "AWSJSON": ('"{\\"a\\": 1}"', "[1, true, null]", '{a: "b"}', "1.50"),
}
_TEXTS = ('"a"', '"bench"', '"bench"', '"customer:0001"', '"naïve"', '""')
_VALUES: dict[str, tuple[Any, ...]] = {
    "Int": (0, 3, -7, 2**31, "3"),
    "Float": (0.5, 2, "x"),
    "Boolean": (True, False, 1),
    "AWSDateTime": ("2026-01-01T00:00:00.000Z", "yesterday"),
    "AWSTimestamp": (1_700_000_000, -1, "1"),
    "AWSEmail": ("a@example.com", "a"),
    "AWSJSON": ('{"a": 1}', {"a": [1, None]}, 1.5, "{"),
}


@dataclass(frozen=True)
class Request:
    """`operation_name` chooses among the document's operations."""

    document: str
    variables: dict[str, Any]
    operation_name: str | None


@dataclass
class Generator:
    """Makes one request. What it makes may be invalid: then it is for the caller to ask for another."""

    schema: GraphQLSchema
    random: Random
    leave_out: frozenset[str] = frozenset()  # coordinates of fields
    variables: dict[str, GraphQLInputType] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    budget: int = 20
    made: int = 0

    def request(self) -> Request:
        kind = self.random.choice(("query", "query", "mutation")) if self.schema.mutation_type else "query"
        root = self.schema.query_type if kind == "query" else self.schema.mutation_type
        assert root
        selection = self._selection(root, self.random.randrange(2, 6))
        head = f"{kind} Op{self._definitions()}"
        others = self.random.choice(("", "", " query Other { __typename }"))
        text = f"{head} {selection} {' '.join(self.fragments)}{others}"
        return Request(text, self.values, "Op" if others or self._maybe() else None)

    def _selection(self, type_: GraphQLObjectType, depth: int) -> str:
        count = self.random.randrange(1, 6)
        chosen = [self._selected(type_, depth) for _ in range(count)]
        chosen += [self.random.choice(chosen)] if self._maybe() else []
        return "{ " + " ".join(chosen) + " }"

    def _selected(self, type_: GraphQLObjectType, depth: int) -> str:
        match self.random.randrange(10):
            case 0:
                condition = self.random.choice(("", f" on {type_.name}"))
                return f"...{condition}{self._directive()} {self._selection(type_, depth)}"
            case 1:
                name = f"F{len(self.fragments)}"
                self.fragments.append("")
                self.fragments[int(name[1:])] = f"fragment {name} on {type_.name} {self._selection(type_, depth)}"
                return " ".join(f"...{name}{self._directive()}" for _ in range(self.random.randrange(1, 3)))
            case 2:
                return f"{self._alias()}__typename{self._directive()}"
        return self._field(type_, depth)

    def _field(self, type_: GraphQLObjectType, depth: int) -> str:
        self.budget -= 1
        self.made += 1
        fields = [
            (name, each)
            for name, each in type_.fields.items()
            if f"{type_.name}.{name}" not in self.leave_out
            and (is_leaf_type(get_named_type(each.type)) or (depth > 1 and self.budget > 0))
        ]
        if not fields:
            return "__typename"
        name, definition = self.random.choice(fields)
        arguments = self._arguments(definition)
        alias = f"b{self.made}: " if arguments else self._alias()
        head = f"{alias}{name}{arguments}{self._directive()}"
        below = get_named_type(definition.type)
        return f"{head} {self._selection(below, depth - 1)}" if isinstance(below, GraphQLObjectType) else head

    def _alias(self) -> str:
        return self.random.choice(("", "", "", f"a{self.random.randrange(60)}: "))

    def _directive(self) -> str:
        if self.random.random() < 0.85:
            return ""
        name = self.random.choice(("skip", "include"))
        boolean = self.schema.type_map["Boolean"]
        condition = self.random.choice(("true", "false", "$"))
        return f" @{name}(if: {condition}{self._condition(boolean) if condition == '$' else ''})"

    def _condition(self, boolean: GraphQLNamedType) -> str:
        name = f"if{self.random.randrange(3)}"
        self.variables[name] = boolean  # type: ignore[assignment]
        return name

    def _arguments(self, definition: GraphQLField) -> str:
        given = [(name, each) for name, each in definition.args.items() if is_required_argument(each) or self._maybe()]
        if not given:
            return ""
        return "(" + ", ".join(f"{name}: {self._argument(each)}" for name, each in given) + ")"

    def _argument(self, definition: GraphQLArgument) -> str:
        return self._literal(definition.type, 3)

    def _literal(self, type_: GraphQLInputType, depth: int) -> str:
        if self.random.random() < 0.3:
            name = f"v{len(self.variables)}"
            self.variables[name] = type_
            return f"${name}"
        if is_non_null_type(type_):
            return self._present(type_.of_type, depth)
        return "null" if self.random.random() < 0.15 else self._present(type_, depth)

    def _present(self, type_: Any, depth: int) -> str:
        if is_list_type(type_):
            if self.random.random() < 0.1:
                return self._literal(type_.of_type, depth)
            return "[" + ", ".join(self._literal(type_.of_type, depth) for _ in range(self.random.randrange(3))) + "]"
        if isinstance(type_, GraphQLInputObjectType):
            fields = [
                f"{name}: {self._literal(each.type, depth - 1)}"
                for name, each in type_.fields.items()
                if is_required_input_field(each) or (depth > 0 and self._maybe())
            ]
            return "{" + ", ".join(fields) + "}"
        if isinstance(type_, GraphQLEnumType):
            return self.random.choice(list(type_.values))
        return self.random.choice(_SCALARS.get(type_.name, _TEXTS))

    def _definitions(self) -> str:
        defined = [self._definition(name, type_) for name, type_ in self.variables.items()]
        return f"({', '.join(defined)})" if defined else ""

    def _definition(self, name: str, type_: GraphQLInputType) -> str:
        default, written = "", str(type_)
        if name.startswith("if"):
            written = self.random.choice(("Boolean!", "Boolean! = true", "Boolean = false"))
        elif self._maybe():
            default = f" = {self._constant(type_)}"
        if "=" in written or default:
            if self._maybe():
                self.values[name] = self._value(type_, 3)
        elif written.endswith("!") or self.random.random() < 0.7:
            self.values[name] = self._value(type_, 3)
        return f"${name}: {written}{default}"

    def _constant(self, type_: GraphQLInputType) -> str:
        """A literal in which no variable stands."""
        plain = Generator(self.schema, _NoVariables(self.random.random()))
        return plain._literal(type_, 2)

    def _value(self, type_: Any, depth: int) -> Any:
        if self.random.random() < 0.02:
            return self.random.choice((None, {}, [], "x", Undefined.__class__.__name__))
        if is_non_null_type(type_):
            return self._value(type_.of_type, depth)
        if self.random.random() < 0.1:
            return None
        if is_list_type(type_):
            return [self._value(type_.of_type, depth) for _ in range(self.random.randrange(3))]
        if isinstance(type_, GraphQLInputObjectType):
            return {
                name: self._value(each.type, depth - 1)
                for name, each in type_.fields.items()
                if is_required_input_field(each) or (depth > 0 and self._maybe())
            }
        if isinstance(type_, GraphQLEnumType):
            return self.random.choice([*type_.values, *type_.values, "NONE"])
        values = _VALUES.get(type_.name, ("bench", "customer:0001", ""))
        return values[0] if self.random.random() < 0.9 else self.random.choice(values)

    def _maybe(self) -> bool:
        return self.random.random() < 0.5


class _NoVariables(Random):
    """Never small enough for a variable; otherwise like any other."""

    def random(self) -> float:
        return 0.3 + 0.7 * super().random()
