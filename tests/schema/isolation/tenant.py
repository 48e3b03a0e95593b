"""A caller, and how he asks for what a row of the table says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.api import Answer, Api
from tests.schema.isolation.subjects import SUBJECTS, VARIABLES


@dataclass(frozen=True)
class Tenant:
    """A caller, and what the variables of documents are when they name his objects."""

    api: Api
    mine: str
    objects: Mapping[str, Any]


async def sign_up(api: Api, email: str) -> Tenant:
    """A new tenant, with objects of every subject."""
    document = 'mutation ($email: AWSEmail!) { signUp(input: {email: $email, password: "correct horse"}) {'
    made = (await api.as_caller(None)(document + " apiKey user { userId } } }", email=email)).data["signUp"]
    caller = api.as_caller(made["apiKey"], made["user"]["userId"])
    objects: dict[str, Any] = {"email": email}
    for subject in SUBJECTS:
        objects |= await subject.make(caller, objects)
    return Tenant(caller, objects["ns"], objects)


async def ask(caller: Tenant, document: str, objects: Mapping[str, Any]) -> Answer:
    """The document with its variables declared."""
    used = sorted(set(re.findall(r"\$(\w+)", document)))
    declared = ", ".join(f"${name}: {VARIABLES[name]}" for name in used)
    operation, rest = document.split(" ", 1)
    values = {"mine": caller.mine, **objects}
    return await caller.api(
        f"{operation} {f'({declared}) ' if used else ''}{rest}", **{name: values.get(name) for name in used}
    )
