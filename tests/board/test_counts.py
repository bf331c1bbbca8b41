"""The board counts nothing that nobody has approved, whatever else its reader may do (R-V6, R-S2)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from actions.models import Action, Plan
from partnership.roles import Role
from tests import factories as make
from voice.models import Stage

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("R-V6", "R-S2")
@pytest.mark.parametrize("more", [None, Role.MODERATOR, Role.SAFEGUARDING])
def test_a_reader_with_a_second_role_counts_approved_comments_alone(client: Client, more: str | None) -> None:
    make.make_partnership()
    priority = make.make_priority(strategy=make.make_strategy("Strategy", slug="now"), number=1)
    make.make_comment(stage=Stage.APPROVED, priority=priority)
    make.make_comment(priority=priority)
    make.make_comment(stage=Stage.ANSWERED, priority=priority, flagged=True)
    reader = make.make_user(Role.BOARD)
    if more:
        make.make_membership(reader, more)
    client.force_login(reader)
    page = client.get("/board/strategies/now/priorities/1/").content.decode()
    assert "1 approved comment is about this priority." in page


def test_a_priority_on_the_overview_leads_to_what_the_board_needs_to_know_of_it(client: Client) -> None:
    make.make_partnership()
    make.make_priority(strategy=make.make_strategy("Strategy", slug="now"), number=1)
    client.force_login(make.make_user(Role.BOARD))
    [row] = client.get("/board/").context["priority_rows"]
    assert row["url"] == "/board/strategies/now/priorities/1/"
    assert client.get(row["url"]).context["priority"] == row["priority"]


@pytest.mark.requirement("R-B1")
def test_an_empty_list_of_exceptions_does_not_comfort_while_nothing_is_published(client: Client) -> None:
    make.make_partnership()
    draft = make.make_action(make.make_plan(status=Plan.Status.DRAFT))
    client.force_login(make.make_user(Role.BOARD))
    for address in ("/board/exceptions/", "/board/actions/"):
        page = client.get(address).content.decode()
        assert "No published action yet" in page
        assert "Nothing is off track" not in page
    Plan.objects.filter(pk=draft.plan_id).update(status=Plan.Status.PUBLISHED)
    make.make_action(draft.plan, last_heard=timezone.localdate())
    Action.objects.filter(pk=draft.pk).update(last_heard=timezone.localdate())
    assert "No published action yet" not in client.get("/board/exceptions/").content.decode()
