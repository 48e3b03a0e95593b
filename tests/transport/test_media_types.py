"""Which media type a request gets its answer in."""

import pytest

from transport.answers import JSON_TYPE, RESPONSE_TYPE, Refused
from transport.media_types import response_type


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, JSON_TYPE),
        ("", JSON_TYPE),
        ("*/*", JSON_TYPE),
        ("application/*", JSON_TYPE),
        ("application/json", JSON_TYPE),
        ("Application/JSON; charset=utf-8", JSON_TYPE),
        ("application/json, multipart/mixed", JSON_TYPE),
        ("application/graphql-response+json", RESPONSE_TYPE),
        ("application/graphql-response+json; charset=utf-8, application/json; charset=utf-8", RESPONSE_TYPE),
        ("application/graphql-response+json,application/json;q=0.9", RESPONSE_TYPE),
        ("application/json;q=0.9,application/graphql-response+json", RESPONSE_TYPE),
        ("application/graphql-response+json;q=0.5, application/json", JSON_TYPE),
        ("application/json, application/graphql-response+json", JSON_TYPE),
        ("application/graphql-response+json;q=0, */*", JSON_TYPE),
        ("text/html, */*;q=0.1", JSON_TYPE),
    ],
)
def test_the_media_type_asked_for_is_chosen(accept: str | None, chosen: str) -> None:
    assert response_type(accept) == chosen


@pytest.mark.parametrize("accept", ["text/html", "*/*;q=0", "application/json;q=0, */*", "application/json;q=x"])
def test_what_can_not_be_made_is_refused(accept: str) -> None:
    with pytest.raises(Refused, match="Accept must allow") as caught:
        response_type(accept)
    assert caught.value.status == 406
