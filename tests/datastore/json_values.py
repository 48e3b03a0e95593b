"""JSON texts that DynamoDB can hold, for hypothesis."""

import json

from hypothesis import strategies as st

_PLACES = st.integers(min_value=-120, max_value=80)
_COEFFICIENTS = st.integers(min_value=-(10**38) + 1, max_value=10**38 - 1)

numbers = st.one_of(
    st.integers(min_value=-(2**63), max_value=2**64).map(str),
    _COEFFICIENTS.map(str),
    st.builds("{}e{}".format, _COEFFICIENTS, _PLACES),
    st.builds("{}.{:03}".format, st.integers(-(10**6), 10**6), st.integers(0, 999)),
    st.sampled_from(["-0", "-0.0", "0e5", "0.1", "1e3", "1E+3", "1.50", "1e125", "-9.99E+125", "1e-130"]),
)
strings = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.one_of(numbers, strings.map(json.dumps), st.sampled_from(["true", "false", "null"]))


def _list(elements: list[str]) -> str:
    return f"[{', '.join(elements)}]"


def _object(members: dict[str, str]) -> str:
    pairs = (f"{json.dumps(name)}: {text}" for name, text in members.items())
    return "{" + ", ".join(pairs) + "}"


texts = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5).map(_list),
        st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), inner, max_size=5).map(_object),
    ),
    max_leaves=20,
)
