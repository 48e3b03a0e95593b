"""Every template of every environment, word for word: a tripwire for what nobody meant to change.

The tests beside this one say what must hold. If a change here is meant: pytest tests/cdk --snapshot-update.
"""

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from tests.cdk.templates import ENVIRONMENTS, synthesised, without_assets


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_templates_are_as_they_were(environment: str, snapshot: SnapshotAssertion) -> None:
    assert without_assets(synthesised(environment)) == snapshot(extension_class=JSONSnapshotExtension)
