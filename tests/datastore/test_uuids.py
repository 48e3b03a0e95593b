"""Ids are random UUIDs in their usual spelling."""

import subprocess
import sys
from uuid import RFC_4122, UUID

from datastore.uuids import make_uuid


def test_an_id_is_a_random_uuid() -> None:
    made = [make_uuid() for _ in range(500)]
    read = [UUID(each) for each in made]
    assert [str(each) for each in read] == made
    assert {(each.version, each.variant) for each in read} == {(4, RFC_4122)}


def test_each_id_is_another_and_each_of_its_bits_varies() -> None:
    numbers = [UUID(make_uuid()).int for _ in range(500)]
    assert len(set(numbers)) == 500
    varying = 0
    for number in numbers:
        varying |= number ^ numbers[0]
    fixed = (0xF << 76) | (0b11 << 62)
    assert varying == (1 << 128) - 1 - fixed


def test_a_process_that_is_forked_off_makes_others() -> None:
    """In a process of its own: a fork takes over whatever threads of this one hold."""
    program = "import os; from datastore.uuids import make_uuid; make_uuid(); os.fork(); print(make_uuid())"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert len(set(ran.stdout.split())) == 2
