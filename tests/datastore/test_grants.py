"""Each role may do what the ones before it may."""

import pytest

from datastore.grants import NamespaceRole

VIEWER, EDITOR, OWNER = NamespaceRole.VIEWER, NamespaceRole.EDITOR, NamespaceRole.OWNER


@pytest.mark.parametrize(
    ("role", "covered"),
    [(VIEWER, [VIEWER]), (EDITOR, [VIEWER, EDITOR]), (OWNER, [VIEWER, EDITOR, OWNER])],
)
def test_a_role_covers_itself_and_the_ones_before_it(role: NamespaceRole, covered: list[NamespaceRole]) -> None:
    assert [needed for needed in NamespaceRole if role.covers(needed)] == covered
