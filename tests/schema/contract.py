"""Compares a printed schema with the contract that clients are written against.

A part of the contract has a coordinate: `Plan` and `AWSJSON` (an enum or a scalar, whole), `User.email` and
`PutKeyInput.ttl` (a field with its arguments), `@aws_iam` (a directive).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from graphql import (
    DirectiveNode,
    GraphQLArgument,
    GraphQLDirective,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    is_introspection_type,
    is_required_argument,
    is_required_input_field,
    is_specified_directive,
    is_specified_scalar_type,
    print_ast,
)

_WITH_FIELDS = (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType)


def parts_of(sdl: str) -> list[str]:
    """Every coordinate of a schema, in its own order."""
    return list(_parts(build_schema(sdl)))


def missing_from(contract_sdl: str, printed_sdl: str, built: Collection[str]) -> list[str]:
    """What is wrong with the printed schema, a sentence each, where it should hold the parts in `built`.

    More types, fields and enum values are fine, and more arguments and input fields if they are optional.
    """
    contract, printed = build_schema(contract_sdl), build_schema(printed_sdl)
    known = set(_parts(contract))
    unknown = [f"{part} is not a part of the contract" for part in built if part not in known]
    return unknown + [
        fault for part in _parts(contract) if part in built for fault in _compare(contract, printed, part)
    ]


def _parts(schema: GraphQLSchema) -> Iterator[str]:
    yield from (f"@{each.name}" for each in schema.directives if not is_specified_directive(each))
    for name, kind in schema.type_map.items():
        if isinstance(kind, _WITH_FIELDS) and not is_introspection_type(kind):
            yield from (f"{name}.{field}" for field in kind.fields)
        elif not is_introspection_type(kind) and not is_specified_scalar_type(kind):
            yield name


def _compare(contract: GraphQLSchema, printed: GraphQLSchema, part: str) -> Iterable[str]:
    if part.startswith("@"):
        wanted = contract.get_directive(part[1:])
        assert wanted
        return _compare_directive(wanted, printed.get_directive(part[1:]))
    name, _, field = part.partition(".")
    wanted_type, found_type = contract.type_map[name], printed.type_map.get(name)
    if type(wanted_type) is not type(found_type):
        return [f"{part}: {name} is {_kind(found_type)}, not {_kind(wanted_type)}"]
    if isinstance(wanted_type, GraphQLEnumType) and isinstance(found_type, GraphQLEnumType):
        return [f"{part} lacks {value}" for value in wanted_type.values if value not in found_type.values]
    if isinstance(wanted_type, _WITH_FIELDS) and isinstance(found_type, _WITH_FIELDS):
        found = found_type.fields.get(field)
        faults = _compare_field(part, wanted_type.fields[field], found) if found else [f"{part} is not there"]
        return [*faults, *_demands(name, wanted_type.fields, found_type.fields)]
    return []


def _compare_directive(wanted: GraphQLDirective, found: GraphQLDirective | None) -> Iterator[str]:
    if not found:
        yield f"@{wanted.name} is not there"
        return
    yield from (f"@{wanted.name} can't stand on {place.name}" for place in set(wanted.locations) - set(found.locations))
    yield from _compare_arguments(f"@{wanted.name}", wanted.args, found.args)


def _compare_field(
    part: str, wanted: GraphQLField | GraphQLInputField, found: GraphQLField | GraphQLInputField
) -> Iterator[str]:
    if str(wanted.type) != str(found.type):
        yield f"{part} is {found.type}, not {wanted.type}"
    yield from (f"{part} lacks {each}" for each in _applied(wanted) if each not in _applied(found))
    if isinstance(wanted, GraphQLField) and isinstance(found, GraphQLField):
        yield from _compare_arguments(part, wanted.args, found.args)


def _compare_arguments(
    part: str, wanted: Mapping[str, GraphQLArgument], found: Mapping[str, GraphQLArgument]
) -> Iterator[str]:
    for name, argument in wanted.items():
        if name not in found:
            yield f"{part}({name}:) is not there"
        elif str(argument.type) != str(found[name].type):
            yield f"{part}({name}:) is {found[name].type}, not {argument.type}"
    for name, argument in found.items():
        if name not in wanted and is_required_argument(argument):
            yield f"{part}({name}:) is required, and not in the contract"


def _demands(
    name: str,
    wanted: Mapping[str, GraphQLField | GraphQLInputField],
    found: Mapping[str, GraphQLField | GraphQLInputField],
) -> Iterator[str]:
    for field, definition in found.items():
        if field not in wanted and isinstance(definition, GraphQLInputField) and is_required_input_field(definition):
            yield f"{name}.{field} is required, and not in the contract"


def _applied(field: GraphQLField | GraphQLInputField) -> list[str]:
    directives: Iterable[DirectiveNode] = (field.ast_node and field.ast_node.directives) or ()
    return [print_ast(each) for each in directives]


def _kind(named: GraphQLNamedType | None) -> str:
    match named:
        case None:
            return "not there"
        case GraphQLScalarType():
            return "a scalar"
        case GraphQLEnumType():
            return "an enum"
        case GraphQLInputObjectType():
            return "an input"
        case GraphQLObjectType():
            return "an object type"
    return "an interface or a union"
