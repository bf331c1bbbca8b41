"""How many questions the pages of action plans ask of the database: few, and as many for 30 rows as for one (S4).

One action has everything that can hang on an action. The pages of voice are in `tests/voice/test_query_counts.py`.
"""

from __future__ import annotations

import datetime
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from actions.models import (
    Action,
    BulkChange,
    BulkChangeRow,
    DueDateChange,
    GapAction,
    ImpactRating,
    Status,
)
from partnership.calendar import today
from partnership.roles import Role
from tests import factories as make
from tests.asked import browser_of, questions, shape
from voice.models import DifferenceAnswer

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def world(settings: Any) -> SimpleNamespace:
    settings.PORTAL_PAGE_CACHE = True
    make.make_partnership()
    service = make.make_service()
    plan = make.make_plan(service, next_review=today())
    people = {
        "contributor": make.make_user(Role.CONTRIBUTOR, service=service),
        "publisher": make.make_user(Role.PUBLISHER, service=service),
        "assurance": make.make_user(Role.ASSURANCE),
        "programme": make.make_user(Role.PROGRAMME),
        "board": make.make_user(Role.BOARD),
    }
    action = make.make_action(
        plan, status=Status.DELIVERED, slips=1, original_due=today() - 40 * DAY, category=1
    )
    audit = make.make_audit(service)
    other = make.make_plan()
    make.make_due_date_request(action)
    return SimpleNamespace(
        service=service, plan=plan, people=people, action=action, audit=audit, other=other, now=timezone.now()
    )


def fill(world: SimpleNamespace, number: int) -> None:
    """Hang so many more of everything on the action, its plan, its audit and its service."""
    action, by, now = world.action, world.people["assurance"], world.now
    for place in range(number):
        usual(action)
        action.also_serves.add(make.make_priority())
        DueDateChange.objects.create(
            action=action, old_due=action.due, new_due=action.due + DAY, reason="Why.", by=by, at=now
        )
        ImpactRating.objects.create(action=action, rating="some", words="Seen.", by=by, at=now)
        DifferenceAnswer.objects.create(action=action, answer="yes", who="child", on=today())
        make.make_board_rating(action, by=by)
        mine = make.make_action(world.plan, status=Status.RED, due=today() - DAY * place)
        make.make_update(mine, author=by)
        make.make_board_rating(mine, by=by)
        make.make_reviewed_action(mine, by=by)
        make.make_due_date_request(mine, by=by)
        make.make_waiting_for(action, make.make_action(world.other), by=by)
        make.make_waiting_for(mine, action, by=by)
        change = BulkChange.objects.create(
            kind="serve", reason="Why.", priority=action.priority, by=by, at=now
        )
        for one in (action, mine):
            BulkChangeRow.objects.create(change=change, action=one)
        gap = make.make_finding(world.audit, "not_met")
        GapAction.objects.create(finding=gap, action=action, linked_by=by, linked_at=now)
        another = make.make_audit(by=by)
        make.make_finding(another, "part")
        make.make_finding(another, "not_met", commitment=make.make_commitment())
        make.make_plan(service=world.service, status="draft")
    for place, row in enumerate(
        action.history.all()
    ):  # each a change of its own, and none made in the same press
        type(row).objects.filter(pk=row.pk).update(history_date=now - place * DAY / 24)


def usual(action: Action) -> None:
    """What hangs on most actions: words of the service, steps, proof, how we will know, and whose words led to it."""
    by = action.updates.first().author if action.updates.exists() else None
    make.make_update(action, author=by)
    make.make_milestone(action)
    make.make_action_measure(action)
    make.make_evidence(action, by=by)
    action.commitments.add(make.make_commitment())
    comment = make.make_comment(stage="answered", service=action.service, priority=action.priority)
    make.make_voice(action, comment)


PAGES = {
    # An action on which everything hangs that can. What most actions have is the next test.
    ("action", ""): 12,
    ("action", "contributor"): 21,
    ("action", "assurance"): 22,
    ("action", "programme"): 21,
    ("action", "board"): 22,
    ("action_history", "contributor"): 18,
    ("action_then", ""): 14,
    ("action_then", "contributor"): 18,
    ("action_then", "board"): 18,
    ("updates", "contributor"): 8,
    ("audits", "contributor"): 8,
    ("audit", "contributor"): 12,
    ("audit", "board"): 12,
    ("plan", ""): 15,
    ("plan", "publisher"): 15,
    ("plan", "programme"): 15,
    ("plan_review", "contributor"): 8,
    ("plan_review", "programme"): 8,
    ("plan_history", "contributor"): 8,
    ("thread_of_action", ""): 10,
    ("thread_of_action", "board"): 15,
    ("thread_of_measure", "board"): 17,
    ("thread_of_priority", "board"): 16,
    ("board", "board"): 15,
    ("board_priority", "board"): 17,
    ("exceptions", "board"): 15,
    ("board_audits", "board"): 15,
    ("board_gaps", "board"): 15,
    ("my_work", "contributor"): 15,
    ("my_work", "publisher"): 15,
    ("my_work", "assurance"): 15,
    ("my_work", "programme"): 15,
    ("my_work", "board"): 15,
}
"""The page, who looks at it, and the most that it asks: its budget, or what it takes where everything is more. A signed-in
person's session, account and roles are within it."""


def addresses(world: SimpleNamespace) -> dict[str, str]:
    action, plan, link = f"/actions/{world.action.ref}/", world.plan.get_absolute_url(), world.link
    return {
        "action": action,
        "action_history": f"{action}history/",
        "action_then": f"{action}?as_at={today().isoformat()}",
        "updates": "/actions/updates/",
        "audits": "/audits/",
        "audit": f"/audits/{world.audit.pk}/",
        "plan": plan,
        "plan_review": f"{plan}review/",
        "plan_history": f"{plan}history/",
        "thread_of_action": f"/thread/action/{world.action.ref}/",
        "thread_of_measure": f"/thread/measure/{link.measure.slug}/",
        "thread_of_priority": f"/thread/priority/{world.action.priority_id}/",
        "board": "/board/",
        "board_priority": f"/board{world.action.priority.get_absolute_url()}",
        "exceptions": "/board/exceptions/",
        "board_audits": "/board/audits/",
        "board_gaps": "/board/gaps/",
        "my_work": "/my-work/",
    }


def test_each_page_asks_few_questions_and_as_many_for_30_rows_as_for_one(world: SimpleNamespace) -> None:
    browsers = {who: browser_of(world.people.get(who)) for _, who in PAGES}
    fill(world, 1)
    world.link = world.action.success_measures.get()
    asked = []
    for more in (0, 29):
        fill(world, more)
        found = addresses(world)
        asked.append({one: questions(browsers[one[1]], found[one[0]]) for one in PAGES})
    few, many = ({one: len(sqls) for one, sqls in of.items()} for of in asked)
    assert {one: (few[one], many[one]) for one in PAGES if many[one] > few[one]} == {}
    assert {one: number for one, number in many.items() if number > PAGES[one]} == {}
    repeated = {one: Counter(map(shape, sqls)).most_common(1)[0] for one, sqls in asked[1].items()}
    assert {one: sql for one, (sql, times) in repeated.items() if times > 2} == {}


@pytest.mark.parametrize(
    ("page", "who"),
    [
        (page, who)
        for page in ("action", "action_history", "action_then", "thread_of_action")
        for who in ("", "contributor", "publisher", "assurance", "programme", "board")
        if (page, who) != ("action_history", "")  # only staff read the history
    ],
)
def test_an_action_with_what_most_have_asks_at_most_twelve_questions(
    world: SimpleNamespace, page: str, who: str
) -> None:
    world.action = make.make_action(world.plan)
    for _ in range(3):
        usual(world.action)
    world.link = world.action.success_measures.first()
    asked = questions(browser_of(world.people.get(who)), addresses(world)[page])
    # A past page asks what the statuses mean too: once, and then it is kept for everybody.
    most = 13 if page == "action_then" else 12
    assert len(asked) <= most, "\n".join(asked)
