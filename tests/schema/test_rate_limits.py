"""Rate limits over HTTP: 429, Retry-After, RateLimit and RateLimit-Policy."""

import re

from datastore.entities.user import Plan
from datastore.policies import BUILT_IN
from tests.api import Api
from tests.clock import Clock


async def test_every_answer_to_a_known_caller_carries_the_fields(api: Api) -> None:
    for document in ("{ me { userId } }", "{ nothing }", "{ me"):
        answer = await api(document)
        assert re.fullmatch(r'"second";r=\d+;t=1, "month";r=\d+;t=\d+', answer.headers["ratelimit"])
        assert re.fullmatch(r'"second";q=20000;w=1, "month";q=1000000000;w=\d+', answer.headers["ratelimit-policy"])


async def test_who_is_not_known_is_told_nothing_of_limits(api: Api) -> None:
    answer = await api.as_caller(None)("{ me { userId } }")
    assert answer.status == 401
    assert "ratelimit" not in answer.headers


async def test_too_many_requests_over_http(timed: Api, clock: Clock) -> None:
    alice = await timed.sign_up()
    app_limits = BUILT_IN.tiers[Plan.FREE].requests_per_second
    answers = [await alice("{ __typename }") for _ in range(app_limits + 1)]
    assert {answer.status for answer in answers[:-1]} == {200}
    last = answers[-1]
    assert (last.status, last.headers["retry-after"]) == (429, "1")
    assert last.headers["x-amzn-errortype"] == "TooManyRequests"
    assert last.headers["ratelimit"].startswith('"second";r=0;')
    (error,) = last.body["errors"]
    assert (error["errorType"], error["extensions"]["code"]) == ("TooManyRequests", "TOO_MANY_REQUESTS")
    assert "1000 requests a second" in last.body["message"]
    clock.advance(1)
    assert (await alice("{ __typename }")).status == 200
