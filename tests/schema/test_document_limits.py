"""How documents are measured: one at each limit passes, one above is refused, and none takes long."""

import contextlib
import time
from typing import Any

import pytest
from graphql import get_introspection_query, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from datastore.errors import LimitExceeded
from schema.document_limits import DocumentLimits, Limits
from schema.document_size import paged_fields
from tests.transport.sample_api import sample_schema

LIMITS = DocumentLimits(Limits(), paged_fields(sample_schema()), frozenset({"Mutation.signUp", "Mutation.login"}))


def check(text: str, variables: dict[str, Any] | None = None) -> None:
    LIMITS.check(LIMITS.parse(text), variables or {})


def refused(text: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
    with pytest.raises(LimitExceeded) as caught:
        check(text, variables)
    assert caught.value.info is not None
    info = dict(caught.value.info)
    assert str(info["allowed"]) in caught.value.message
    assert str(info["found"]) in caught.value.message
    return info


def as_fields(selection: str) -> str:
    return f"{{ {selection} }}"


def as_inline_fragment(selection: str) -> str:
    return f"{{ ... on Query {{ ... @skip(if: false) {{ {selection} }} }} }}"


def as_spread(selection: str) -> str:
    return f"{{ ...A }} fragment A on Query {{ ...B }} fragment B on Query {{ {selection} }}"


def nested(levels: int) -> str:
    return "item { " + "parent { " * (levels - 2) + "key" + " }" * (levels - 1)


FORMS = [as_fields, as_inline_fragment, as_spread]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("limit", "at", "above"),
    [
        ("depth", nested(10), nested(11)),
        ("aliases", "item { " + "a: key " * 30 + "}", "item { " + "a: key " * 31 + "}"),
        ("root_fields", "hello " * 20, "hello " * 21),
        ("directives", "hello " + "@a " * 49, "hello " + "@a " * 51),
        ("fields", "item { " + "key " * 499 + "}", "item { " + "key " * 500 + "}"),
        # 1 + 100 * 99, and 1 + 100 * 100
        ("list_cost", "items(limit: 100) { " + "key " * 99 + "}", "items(limit: 100) { " + "key " * 100 + "}"),
    ],
)
def test_a_document_at_the_limit_passes_and_one_above_is_refused(form: Any, limit: str, at: str, above: str) -> None:
    assert refused(form(above))["limit"] == limit
    check(form(at))


def test_tokens_are_counted_without_reading_on() -> None:
    at = "{ hello(" + "a: 1 " * 664 + ") }"  # three tokens each, beside the six that stand around and end
    check(at + " # a comment counts nothing")
    found = refused("{ hello(" + "a: 1 " * 666 + ") }")
    assert found == {"limit": "tokens", "allowed": 2000, "found": "more than 2000"}


def test_characters_are_counted_before_reading() -> None:
    found = refused("{ hello }" + " " * 262_144)
    assert found["limit"] == "characters"


def test_what_is_said_names_the_limit_and_what_was_found() -> None:
    with pytest.raises(LimitExceeded, match="has 31 aliases; at most 30 are allowed"):
        check("{ " + "a: hello " * 31 + "}")


@pytest.mark.parametrize("name", ["signUp", "login"])
def test_a_mutation_that_takes_a_credential_stands_alone(name: str) -> None:
    check(f"mutation {{ {name} }}")
    assert refused(f"mutation {{ {name} put }}")["limit"] == "root_fields"
    assert refused(f"mutation {{ a: {name} b: {name} }}")["found"] == 2
    assert refused(f"mutation {{ ...F ...F }} fragment F on Mutation {{ {name} }}")["allowed"] == 1
    check(f"query {{ {name} hello }}")


def test_the_introspection_of_graphiql_passes() -> None:
    check(
        get_introspection_query(
            descriptions=True,
            specified_by_url=True,
            directive_is_repeatable=True,
            schema_description=True,
            input_value_deprecation=True,
        )
    )


def test_introspection_is_exempt_from_depth_alone() -> None:
    check("{ __schema { " + "ofType { " * 12 + "name" + " }" * 13 + " }")
    assert refused("{ __schema { " + "a: name " * 31 + "} }")["limit"] == "aliases"


@pytest.mark.parametrize(
    ("arguments", "variables", "page"),
    [
        ("", {}, 50),
        ("(limit: 2)", {}, 2),
        ("(first: 2)", {}, 2),
        ("(limit: 2, first: 9)", {}, 9),
        ("(limit: $n)", {"n": 7}, 7),
        ("(limit: $n)", {"n": None}, 50),
        ("(limit: $n)", {"n": "x"}, 50),
        ("(limit: $n)", {}, 100),
        ("(limit: 0)", {}, 1),
        ("(limit: -5)", {}, 1),
        ("(limit: 101)", {}, 100),
        ("(limit: " + "9" * 5000 + ")", {}, 100),
        ('(limit: "x")', {}, 50),
    ],
)
def test_pages_count_as_large_as_they_can_get(arguments: str, variables: dict[str, Any], page: int) -> None:
    text = f"{{ items{arguments} {{ items(limit: 100) {{ key key }} }} }}"
    cheap = DocumentLimits(Limits(list_cost=0), LIMITS.paged)
    with pytest.raises(LimitExceeded) as caught:
        cheap.check(parse(text), variables)
    assert caught.value.info is not None
    assert caught.value.info["found"] == 1 + page * (1 + 100 * 2)


def test_a_large_page_of_keys_with_edges_and_items_stays_usable() -> None:
    fields = "namespace key value ttl version size createdAt updatedAt"
    page_info = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
    limits = DocumentLimits(Limits(), frozenset({"keys", "namespaces"}))
    limits.check(
        parse(
            f"{{ keys(limit: 100) {{ items {{ {fields} }} nextToken edges {{ cursor node {{ {fields} }} }}"
            f" {page_info} }} namespaces {{ items {{ keys {{ items {{ key }} }} }} }} }}"
        ),
        {},
    )


def test_every_operation_of_a_document_is_measured() -> None:
    assert refused("query A { hello } query B { " + "hello " * 21 + "}")["limit"] == "root_fields"


def test_an_unused_fragment_costs_what_validating_it_costs() -> None:
    check("{ hello } fragment F on Query { " + nested(12) + " }")
    assert refused("{ hello } fragment F on Query { " + "hello " * 501 + "}")["limit"] == "fields"


def doubling(levels: int) -> str:
    fragments = (f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels))
    return "{ ...F0 } " + " ".join(fragments) + f" fragment F{levels} on Query {{ hello }}"


HOSTILE = {
    "fragments that double 90 times": doubling(90),
    "a thousand times the same field": "{ " + "hello " * 1990 + "}",
    "a fragment of itself": "{ ...A } fragment A on Query { hello ...A ...A }",
    "fragments of one another": "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A item { ...A } }",
    "unknown fragments": "{ " + "...Nope " * 900 + "}",
    "inline fragments in one another": "{ " + "... { " * 90 + "hello" + " }" * 91,
    "lists in one another": "{ " + "items(first: 100) { " * 90 + "key" + " }" * 91,
    "a long chain of fragments": "{ ...F0 } "
    + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(240))
    + " fragment F240 on Query { hello }",
    "a value without end": "{ echo(value: " + "[" * 90 + "]" * 90 + ") }",
}


def seconds_to_check(text: str) -> float:
    document = parse(text, max_lexical_tokens=2000)
    started = time.process_time()
    with contextlib.suppress(LimitExceeded):
        LIMITS.check(document, {})
    return time.process_time() - started


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_document_is_slow_to_measure(text: str) -> None:
    assert min(seconds_to_check(text) for _ in range(3)) < 0.05


def test_selections_in_one_another_without_end_are_refused() -> None:
    assert refused("{ " + "... { " * 150 + "hello" + " }" * 151)["limit"] == "nesting"


_NAMES = st.sampled_from(["F0", "F1", "F2", "F3", "Nope"])
_SELECTIONS = st.recursive(
    st.sampled_from(["hello ", "a: hello ", "hello @skip(if: true) "]) | _NAMES.map("...{} ".format),
    lambda inner: st.tuples(
        st.sampled_from(["item", "items", "items(limit: 100)", "items(first: $n)", "... on Query", "__schema"]),
        st.lists(inner, min_size=1, max_size=6),
    ).map(lambda pair: f"{pair[0]} {{ {''.join(pair[1])}}} "),
    max_leaves=40,
)


@settings(max_examples=50, deadline=None, print_blob=True)
@given(st.lists(_SELECTIONS, min_size=5, max_size=5))
def test_any_document_is_measured_in_time(selections: list[str]) -> None:
    operation, *fragments = selections
    definitions = [f"fragment F{n} on Query {{ {body} }}" for n, body in enumerate(fragments)]
    assert seconds_to_check(" ".join([f"{{ {operation} }}", *definitions])) < 0.05
