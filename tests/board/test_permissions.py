"""Who reads the board's pages: those who oversee, and nobody else (R-B7)."""

import pytest
from django.contrib.auth.models import AnonymousUser

from board.permissions import can_view_board
from partnership.roles import Role
from tests.factories import make_membership, make_sector, make_user

pytestmark = pytest.mark.django_db

READERS = {Role.BOARD, Role.CHAIR, Role.ADVISER, Role.ASSURANCE, Role.PROGRAMME}


@pytest.mark.requirement("R-B7")
def test_the_board_is_read_by_those_who_oversee_alone():
    assert {role for role in Role if can_view_board(make_user(role))} == READERS
    former, closed = make_user(), make_user(Role.BOARD, is_active=False)
    make_membership(former, Role.BOARD, ends="2021-01-01")
    writer = make_user(Role.PUBLISHER, sector=make_sector("Health"))
    for person in (former, closed, writer, make_user(), AnonymousUser(), None):
        assert not can_view_board(person), person
