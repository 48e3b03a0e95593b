"""One request at a time: a contestant's answers are checked before and after they are measured."""

import urllib.error
import urllib.request
from dataclasses import dataclass

from bench.contestants import Contestant
from bench.fixture import PAGE
from bench.operations import CREATE_NAMESPACE, OPERATIONS, Operation, fault, put_key
from bench.stacks.floor import CONSTANT


class WrongAnswer(Exception):  # noqa: N818 - says what went wrong, as everywhere here
    """A contestant does not answer what it is measured for, so its figures would mean nothing."""


@dataclass(frozen=True)
class Running:
    """A contestant that listens."""

    contestant: Contestant
    pid: int
    url: str
    api_key: str


def fill(running: Running) -> None:
    """Writes the keys of the bench through the API, where the engine is a real one."""
    for body in (CREATE_NAMESPACE, *(put_key(number).body for number in range(PAGE))):
        answer = ask(running, body)
        if b'"errors"' in answer:
            raise WrongAnswer(f"{running.contestant.name} can't be filled: {answer.decode()}")


def check(running: Running) -> None:
    for operation in OPERATIONS:
        if wrong := _wrong(running.contestant, operation, ask(running, operation.body)):
            raise WrongAnswer(f"{running.contestant.name}: asked for {operation.name}, {wrong}.")


def ask(running: Running, body: bytes) -> bytes:
    headers = {"content-type": "application/json", "accept": "application/json", "x-api-key": running.api_key}
    request = urllib.request.Request(running.url, body, headers)  # noqa: S310 - the address is this machine's
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
            answer: bytes = response.read()
            return answer
    except urllib.error.HTTPError as refusal:
        raise WrongAnswer(f"{running.contestant.name} answers {refusal.code}: {refusal.read().decode()}") from refusal
    except urllib.error.URLError as silence:
        raise WrongAnswer(f"{running.contestant.name} does not answer: {silence.reason}.") from silence


def _wrong(contestant: Contestant, operation: Operation, answer: bytes) -> str | None:
    if contestant.constant:
        return None if answer == CONSTANT else f"it answered {answer.decode()}"
    return fault(operation, answer, canned=not contestant.own_engine)
