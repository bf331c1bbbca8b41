"""Several people at once, each with a connection of their own: nothing is lost and nothing is counted twice."""

from functools import partial

import pytest

from actions import operations
from actions.models import Action, ActionUpdate, Category, Finding, GapAction, Status
from actions.operations import ChangedMeanwhile, RuleBroken
from foundation.tokens import new_token
from foundation.versions import VersionConflict
from partnership.roles import Role
from tests.factories import (
    make_action,
    make_audit,
    make_finding,
    make_plan,
    make_priority,
    make_service,
    make_user,
)

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 6


@pytest.fixture
def contributor(together):
    return make_user(Role.CONTRIBUTOR, service=make_service(code="SALT"))


@pytest.fixture
def plan(contributor):
    return make_plan(contributor.memberships.get().service)


def everybody(work):
    return [partial(work, number) for number in range(PEOPLE)]


@pytest.mark.requirement("R-A2")
def test_people_adding_at_once_get_references_that_differ(together, contributor, plan):
    priority = make_priority()

    def add(number):
        made = operations.add_action(
            by=contributor, plan=plan, title=f"Action {number}", category=Category.COULD, priority=priority
        )
        return made.ref

    results = together(*everybody(add))
    assert sorted(map(str, results)) == [f"SALT-{number}" for number in range(1, PEOPLE + 1)]


@pytest.mark.requirement("R-A9")
def test_of_many_saves_of_one_version_one_is_kept_and_the_rest_are_told(together, contributor, plan):
    action = make_action(plan, public=False)

    def edit(number):
        return operations.edit_action(by=contributor, action=action, version=1, title=f"Title {number}").title

    results = together(*everybody(edit))
    kept = [result for result in results if isinstance(result, str)]
    told = [result for result in results if isinstance(result, VersionConflict)]
    assert (len(kept), len(told)) == (1, PEOPLE - 1), results
    [stored] = together(lambda: Action.objects.get(pk=action.pk))
    assert (stored.title, stored.version) == (kept[0], 2)


@pytest.mark.requirement("R-A5")
def test_updates_sent_at_once_are_all_kept_each_with_the_status_before_it(together, contributor, plan):
    action = make_action(plan, status=Status.GREEN)
    turns = [Status.AMBER, Status.RED]

    def update(number):
        return operations.add_update(
            by=contributor, action=action, status=turns[number % 2], reason="r", narrative=str(number)
        )

    results = together(*everybody(update))
    assert [type(result).__name__ for result in results] == ["ActionUpdate"] * PEOPLE, results
    [rows] = together(lambda: list(ActionUpdate.objects.filter(action=action).order_by("pk")))
    assert sorted(row.narrative for row in rows) == [str(number) for number in range(PEOPLE)]
    assert [row.status_before for row in rows] == [Status.GREEN, *[row.status for row in rows[:-1]]]


def test_one_token_sent_at_once_makes_one_update(together, contributor, plan):
    action, token = make_action(plan), new_token()

    def update(_number):
        made = operations.add_update(by=contributor, action=action, narrative="n", token=token)
        return "made" if made is not None else "again"

    assert sorted(map(str, together(*everybody(update)))) == ["again"] * (PEOPLE - 1) + ["made"]
    assert together(lambda: ActionUpdate.objects.filter(action=action).count()) == [1]


@pytest.mark.requirement("R-A14", "R-A9")
def test_an_audit_thrown_away_while_somebody_writes_in_it_loses_no_words_unseen(together, contributor, plan):
    """Either the words came first, and nothing is thrown away; or the audit went first, and the writer is told."""
    audits = [make_audit(plan.service, by=contributor, finished=False) for _ in range(PEOPLE // 2)]
    pairs = [(audit, make_finding(audit)) for audit in audits]
    notes = [operations.note_of_audit(audit, [finding]) for audit, finding in pairs]

    def drop(number):
        return operations.drop_audit(by=contributor, audit=audits[number], seen=notes[number])

    def write(number):
        return operations.save_finding(
            by=contributor, finding=pairs[number][1], version=1, result="met", words="Words."
        )

    calls = [partial(work, number) for number in range(len(audits)) for work in (drop, write)]
    results = together(*calls)
    for number, (audit, finding) in enumerate(pairs):
        dropped, written = results[2 * number], results[2 * number + 1]
        [words] = together(partial(words_of, finding))
        if dropped is True:
            assert isinstance(written, RuleBroken), results
            assert words == []
        else:
            assert isinstance(dropped, ChangedMeanwhile), results
            assert words == ["Words."], audit


def words_of(finding):
    return list(Finding.objects.filter(pk=finding.pk).values_list("words", flat=True))


@pytest.mark.requirement("R-A14", "R-A9")
def test_of_people_who_take_one_link_off_at_once_one_is_kept_and_no_new_link_goes_unseen(
    together, contributor, plan
):
    gap = make_finding(make_audit(plan.service), "not_met")
    link = operations.link_gap(by=contributor, finding=gap, action=make_action(plan))
    other = make_action(plan)

    def take_off(number):
        return operations.unlink_gap(by=contributor, link=link, version=2)

    def add():
        return operations.link_gap(by=contributor, finding=gap, action=other)

    results = together(*everybody(take_off), add)
    ended = [result for result in results[:PEOPLE] if isinstance(result, GapAction)]
    told = [result for result in results[:PEOPLE] if result is None or isinstance(result, VersionConflict)]
    assert (len(ended) <= 1, len(ended) + len(told)) == (True, PEOPLE), results
    [left] = together(lambda: list(GapAction.objects.open().values_list("action", flat=True)))
    assert left == ([other.pk] if ended else [link.action_id, other.pk])
