"""How long, how often and how many, for calls of DynamoDB."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """`alive_seconds`: how lately a connection must have been heard from to be trusted with what must not be lost."""

    attempts: int = 3
    connections: int = 64
    connect_seconds: float = 1.0
    silent_seconds: float = 3.0  # without a byte, either way
    whole_seconds: float = 10.0  # until the last byte of the answer
    idle_seconds: float = 60.0  # after which a connection is not used again
    alive_seconds: float = 2.0
