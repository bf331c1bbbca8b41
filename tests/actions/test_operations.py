"""What changes plans and actions: each rule with the case it refuses."""

import datetime

import pytest
from django.utils import timezone

from actions import operations
from actions.models import Action, ActionUpdate, Category, DueDateChange, Evidence, Impact, Plan, Status
from actions.operations import ChangedMeanwhile, NotReady, RuleBroken
from foundation.tokens import new_token
from foundation.versions import VersionConflict
from partnership.calendar import today
from partnership.roles import Role
from tests.factories import (
    current_strategy,
    make_action,
    make_duty,
    make_evidence,
    make_milestone,
    make_plan,
    make_priority,
    make_service,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
PROOF = {"kind": Evidence.Kind.DATA, "statement": "It is done.", "link": ""}


@pytest.fixture
def service():
    return make_service(code="SALT")


@pytest.fixture
def contributor(service):
    return make_user(Role.CONTRIBUTOR, service=service)


@pytest.fixture
def publisher(service):
    return make_user(Role.PUBLISHER, service=service)


@pytest.fixture
def plan(service):
    return make_plan(service)


def begin(by, plan, **fields):
    values = {"title": "An action", "category": Category.SHOULD, "priority": make_priority()} | fields
    return operations.add_action(by=by, plan=plan, **values)


def seen(plan):
    """The note of a publisher who looked at the whole plan a moment ago."""
    waiting = ActionUpdate.objects.filter(action__plan=plan).waiting()
    return operations.note_of(plan.actions.all(), waiting, plan=Plan.objects.get(pk=plan.pk))


COMPLETE = {
    "problem": "It is slow.",
    "doing": "We make it fast.",
    "difference": "It is fast.",
    "lead_role": "Head",
    "due": datetime.date(2030, 1, 1),
}


# --- plans


@pytest.mark.requirement("R-A1")
def test_a_new_plan_is_a_draft_with_its_own_address(contributor, service):
    values = {
        "service": service,
        "strategy": current_strategy(),
        "title": "Speech and language plan",
        "starts": datetime.date(2026, 4, 1),
        "ends": datetime.date(2027, 3, 31),
        "next_review": datetime.date(2027, 1, 31),
    }
    first = operations.create_plan(by=contributor, **values)
    second = operations.create_plan(by=contributor, **values)
    assert (first.status, first.created_by) == (Plan.Status.DRAFT, contributor)
    assert second.slug == f"{first.slug}-2"
    assert first.history.get().history_user == contributor


def test_a_form_sent_twice_begins_one_plan_and_one_action(contributor, service, plan):
    token = new_token()
    values = {"service": service, "strategy": current_strategy(), "title": "P", "token": token}
    days = {"starts": today(), "ends": today()}
    assert operations.create_plan(by=contributor, **values, **days) is not None
    assert operations.create_plan(by=contributor, **values, **days) is None
    assert begin(contributor, plan, token=token) is not None
    assert begin(contributor, plan, token=token) is None
    assert plan.actions.count() == 1


def test_the_second_of_two_editors_of_a_plan_is_told_and_nothing_is_lost(contributor, publisher, plan):
    values = {"strategy": plan.strategy, "starts": plan.starts, "ends": plan.ends}
    operations.edit_plan(by=contributor, plan=plan, version=1, title="First", **values)
    with pytest.raises(VersionConflict) as conflict:
        operations.edit_plan(by=publisher, plan=plan, version=1, title="Second", **values)
    assert conflict.value.current.title == "First"
    plan.refresh_from_db()
    assert (plan.title, plan.version) == ("First", 2)


@pytest.mark.requirement("R-A3")
def test_a_must_without_its_duty_stops_the_plan_and_with_it_the_plan_goes_out(
    contributor, publisher, service
):
    plan = make_plan(service, status=Plan.Status.DRAFT)
    must = begin(contributor, plan, category=Category.MUST, **COMPLETE)
    with pytest.raises(NotReady) as refused:
        operations.publish_plan(by=publisher, plan=plan, seen=seen(plan))
    assert refused.value.missing == [(must, ["the legal duty that this must-do meets"])]
    plan.refresh_from_db()
    assert plan.status == Plan.Status.DRAFT
    Action.objects.filter(pk=must.pk).update(duty=make_duty())
    operations.publish_plan(by=publisher, plan=plan, seen=seen(plan))
    plan.refresh_from_db()
    must.refresh_from_db()
    assert (plan.status, plan.published_by) == (Plan.Status.PUBLISHED, publisher)
    assert (must.published_by, must.original_due, must.last_heard) == (publisher, COMPLETE["due"], today())


@pytest.mark.requirement("R-A3")
@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("problem", "the problem"),
        ("doing", "what we will do"),
        ("difference", "the difference it will make"),
        ("lead_role", "the role that leads it"),
        ("due", "the due date"),
    ],
)
def test_publishing_names_what_each_action_lacks(contributor, publisher, service, field, words):
    plan = make_plan(service, status=Plan.Status.DRAFT)
    begin(contributor, plan, **COMPLETE)
    lacking = begin(contributor, plan, **{name: value for name, value in COMPLETE.items() if name != field})
    with pytest.raises(NotReady) as refused:
        operations.publish_plan(by=publisher, plan=plan, seen=seen(plan))
    assert refused.value.missing == [(lacking, [words])]
    assert refused.value.faults == [f"{lacking.ref} needs {words}."]
    assert not Action.objects.filter(published_at__isnull=False).exists()


def test_a_plan_without_actions_or_changed_meanwhile_is_not_published(publisher, contributor, service):
    plan = make_plan(service, status=Plan.Status.DRAFT)
    with pytest.raises(NotReady):
        operations.publish_plan(by=publisher, plan=plan, seen=seen(plan))
    begin(contributor, plan, **COMPLETE)
    with pytest.raises(ChangedMeanwhile):
        operations.publish_plan(by=publisher, plan=plan, seen=seen(plan).replace("p1", "p7"))
    operations.publish_plan(by=publisher, plan=plan, seen=seen(plan))
    with pytest.raises(NotReady):
        operations.publish_plan(by=publisher, plan=plan, seen=seen(plan))


def test_publishing_a_plan_publishes_the_words_that_wait_in_it(contributor, publisher, service):
    plan = make_plan(service, status=Plan.Status.DRAFT)
    action = begin(contributor, plan, **COMPLETE)
    operations.add_update(
        by=publisher, action=action, status=Status.GREEN, narrative="n", public_words="Begun."
    )
    action.refresh_from_db()
    assert action.public_status == Status.NOT_STARTED
    operations.publish_plan(by=publisher, plan=plan, seen=seen(plan))
    action.refresh_from_db()
    assert action.public_status == Status.GREEN
    assert action.updates.get().published_by == publisher


def test_an_archived_plan_takes_no_more_words(contributor, publisher, plan):
    action = make_action(plan)
    operations.archive_plan(by=publisher, plan=plan, version=1)
    with pytest.raises(RuleBroken):
        begin(contributor, plan)
    with pytest.raises(RuleBroken):
        operations.add_update(by=contributor, action=action, nothing_changed=True)
    with pytest.raises(RuleBroken):
        operations.archive_plan(by=publisher, plan=plan, version=2)
    assert (plan.actions.count(), action.updates.count()) == (1, 0)


# --- actions


@pytest.mark.requirement("R-A2")
def test_references_count_up_for_life_and_are_never_used_twice(contributor, plan, service):
    first, second = begin(contributor, plan), begin(contributor, plan)
    assert (first.ref, second.ref) == ("SALT-1", "SALT-2")
    second.delete()
    assert begin(contributor, make_plan(service)).ref == "SALT-3"


@pytest.mark.requirement("R-A2")
def test_an_action_is_saved_from_its_title_category_and_priority_alone(contributor, plan):
    action = begin(contributor, plan)
    assert action.missing_to_publish() == [
        "the problem",
        "what we will do",
        "the difference it will make",
        "the role that leads it",
        "the due date",
    ]
    assert (action.service, action.created_by, action.published_at) == (plan.service, contributor, None)


def test_a_new_action_of_a_service_that_publishes_at_once_is_public_when_complete(contributor, plan, service):
    service.publishes_at_once = True
    service.save()
    assert begin(contributor, plan).published_at is None
    complete = begin(contributor, plan, **COMPLETE)
    assert (complete.published_by, complete.last_heard) == (contributor, today())
    draft = make_plan(service, status=Plan.Status.DRAFT)
    assert begin(contributor, draft, **COMPLETE).published_at is None


@pytest.mark.requirement("R-A9")
def test_the_second_of_two_editors_of_an_action_is_told_and_nothing_is_lost(contributor, publisher, plan):
    action = begin(contributor, plan)
    operations.edit_action(by=contributor, action=action, version=1, title="First")
    with pytest.raises(VersionConflict) as conflict:
        operations.edit_action(by=publisher, action=action, version=1, title="Second")
    assert conflict.value.current.title == "First"
    action.refresh_from_db()
    assert (action.title, action.version) == ("First", 2)
    assert [row.history_user for row in action.history.all()] == [contributor, contributor]


@pytest.mark.requirement("R-A5")
def test_a_published_due_date_moves_with_a_reason_only_and_each_later_date_is_a_slip(publisher, plan):
    first = today() + 30 * DAY
    action = make_action(plan, due=first)
    with pytest.raises(RuleBroken):
        operations.edit_action(by=publisher, action=action, version=1, due=first + DAY, due_reason="  ")
    operations.edit_action(by=publisher, action=action, version=1, due=first + DAY, due_reason="No room yet.")
    operations.edit_action(by=publisher, action=action, version=2, due=first - DAY, due_reason="Room found.")
    operations.edit_action(by=publisher, action=action, version=3, title="Same day")
    action.refresh_from_db()
    assert (action.due, action.original_due, action.slips) == (first - DAY, first, 1)
    moves = DueDateChange.objects.order_by("pk").values_list("old_due", "new_due", "reason", "by")
    assert list(moves) == [
        (first, first + DAY, "No room yet.", publisher.pk),
        (first + DAY, first - DAY, "Room found.", publisher.pk),
    ]


def test_a_draft_due_date_moves_freely(contributor, service):
    action = begin(contributor, make_plan(service, status=Plan.Status.DRAFT), due=today())
    action = operations.edit_action(by=contributor, action=action, version=1, due=today() + DAY)
    assert (action.slips, action.original_due, DueDateChange.objects.count()) == (0, None, 0)


def test_what_families_read_cannot_be_emptied(publisher, plan):
    action = make_action(plan)
    with pytest.raises(RuleBroken):
        operations.edit_action(by=publisher, action=action, version=1, problem="")
    action.refresh_from_db()
    assert action.problem == "What is wrong now."


def test_a_should_lets_go_of_the_duty(contributor, plan):
    action = begin(contributor, plan, category=Category.MUST, duty=make_duty())
    action = operations.edit_action(by=contributor, action=action, version=1, category=Category.COULD)
    assert action.duty is None


# --- updates


@pytest.mark.requirement("R-A5")
def test_an_update_is_added_and_the_action_follows_it(contributor, plan):
    action = make_action(plan, status=Status.GREEN, last_heard=today() - 40 * DAY)
    update = operations.add_update(
        by=contributor,
        action=action,
        status=Status.AMBER,
        reason="Two left; we hire.",
        narrative="n",
        next_step="s",
    )
    action.refresh_from_db()
    assert (update.status_before, update.status, update.author) == (Status.GREEN, Status.AMBER, contributor)
    assert (action.status, action.last_heard, action.last_update_at) == (Status.AMBER, today(), update.at)
    assert action.version == 1, "an update overwrites nobody's edit"


@pytest.mark.requirement("R-A4")
@pytest.mark.parametrize(
    ("due", "values"),
    [
        (-1, {"status": Status.GREEN}),
        (1, {"status": Status.DELIVERED}),
        (1, {"status": Status.BLUE}),
        (1, {"status": Status.CLOSED}),
        (1, {"status": Status.AMBER}),
        (-1, {"nothing_changed": True}),
    ],
)
def test_a_status_the_rules_refuse_leaves_nothing_behind(contributor, plan, due, values):
    action = make_action(plan, due=today() + due * DAY)
    with pytest.raises(RuleBroken):
        operations.add_update(by=contributor, action=action, narrative="n", **values)
    action.refresh_from_db()
    assert (action.status, action.updates.count(), action.last_update_at) == (Status.GREEN, 0, None)
    assert operations.add_update(
        by=contributor, action=action, narrative="n", status=Status.RED, reason="Late."
    )


@pytest.mark.requirement("R-A4")
def test_delivered_takes_evidence_given_with_the_update_or_before(contributor, plan):
    before = make_action(plan)
    make_evidence(before)
    operations.add_update(by=contributor, action=before, status=Status.DELIVERED, narrative="n")
    with_it = make_action(plan)
    with pytest.raises(RuleBroken):
        operations.add_update(by=contributor, action=with_it, status=Status.DELIVERED, narrative="n")
    update = operations.add_update(
        by=contributor, action=with_it, status=Status.DELIVERED, narrative="n", evidence=PROOF
    )
    assert with_it.evidence.get().update == update


@pytest.mark.requirement("R-W2")
def test_nothing_changed_keeps_the_action_fresh_and_is_counted_but_never_waits(contributor, plan):
    action = make_action(plan, status=Status.AMBER, last_heard=today() - 40 * DAY)
    operations.add_update(by=contributor, action=action, nothing_changed=True)
    action.refresh_from_db()
    assert (action.status, action.last_heard) == (Status.AMBER, today())
    assert action.updates.filter(nothing_changed=True).count() == 1
    words = {"public_words": "Sent along with the click."}
    operations.add_update(by=contributor, action=action, nothing_changed=True, **words)
    assert (action.updates.count(), action.updates.waiting().count()) == (2, 0)


@pytest.mark.requirement("R-A7")
def test_a_contributors_words_wait_and_a_publishers_show_at_once(contributor, publisher, plan):
    action = make_action(plan)
    words = {"status": Status.RED, "reason": "Late.", "narrative": "n", "public_words": "We are late."}
    waiting = operations.add_update(by=contributor, action=action, **words)
    action.refresh_from_db()
    assert (waiting.published_at, action.status, action.public_status) == (None, Status.RED, Status.GREEN)
    shown = operations.add_update(by=publisher, action=action, **words)
    action.refresh_from_db()
    assert (shown.published_by, action.public_status) == (publisher, Status.RED)


def test_words_show_at_once_where_the_service_publishes_at_once(contributor, plan, service):
    service.publishes_at_once = True
    service.save()
    update = operations.add_update(
        by=contributor, action=make_action(plan), narrative="n", public_words="Hello."
    )
    assert update.published_at is not None


def test_an_update_sent_twice_counts_once(contributor, plan):
    action, token = make_action(plan), new_token()
    assert operations.add_update(by=contributor, action=action, narrative="n", token=token)
    assert operations.add_update(by=contributor, action=action, narrative="n", token=token) is None
    assert action.updates.count() == 1


def test_an_update_told_of_the_past_moves_the_standing_nowhere(contributor, plan):
    action = make_action(plan, status=Status.GREEN)
    operations.add_update(by=contributor, action=action, narrative="n", status=Status.AMBER, reason="r")
    past = timezone.now() - 90 * DAY
    operations.add_update(
        by=contributor, action=action, narrative="n", status=Status.RED, reason="r", at=past
    )
    action.refresh_from_db()
    assert (action.status, action.last_heard) == (Status.AMBER, today())


# --- publishing what waits


def test_several_words_and_new_actions_are_published_at_once(contributor, publisher, plan):
    action, new = make_action(plan), begin(contributor, plan, **COMPLETE)
    first = operations.add_update(by=contributor, action=action, narrative="n", public_words="One.")
    second = operations.add_update(
        by=contributor, action=action, narrative="n", status=Status.AMBER, reason="r", public_words="Two."
    )
    note = seen(plan)
    assert operations.publish_waiting(by=publisher, plan=plan, seen=note, actions=[new], updates=[first]) == 2
    action.refresh_from_db()
    new.refresh_from_db()
    assert (action.public_status, new.published_by, new.last_heard) == (Status.GREEN, publisher, today())
    both = [first, second]
    assert operations.publish_waiting(by=publisher, plan=plan, seen=note, actions=[new], updates=both) == 1
    action.refresh_from_db()
    assert action.public_status == Status.AMBER


def test_a_new_action_that_lacks_something_or_another_plans_row_is_not_published(
    contributor, publisher, plan
):
    lacking = begin(contributor, plan)
    with pytest.raises(NotReady):
        operations.publish_waiting(by=publisher, plan=plan, seen=seen(plan), actions=[lacking])
    far = make_action(public=False)
    words = make_update(far, public=False)
    note = operations.note_of([far], [words])
    assert operations.publish_waiting(by=publisher, plan=plan, seen=note, actions=[far], updates=[words]) == 0
    far.refresh_from_db()
    words.refresh_from_db()
    assert (far.published_at, words.published_at) == (None, None)
    draft = make_plan(plan.service, status=Plan.Status.DRAFT)
    new = begin(contributor, draft, **COMPLETE)
    with pytest.raises(RuleBroken):
        operations.publish_waiting(by=publisher, plan=draft, seen=seen(draft), actions=[new])


# --- evidence and steps


@pytest.mark.requirement("R-A2")
def test_evidence_and_steps_are_added_once_for_each_token(contributor, service):
    plan = make_plan(service, status=Plan.Status.DRAFT)
    action, token = make_action(plan), new_token()
    for _ in range(2):
        operations.add_evidence(by=contributor, action=action, token=token, **PROOF)
        operations.add_milestone(by=contributor, action=action, token=token, title="Hire")
    assert (action.evidence.get().added_by, action.milestones.get().position) == (contributor, 0)
    assert operations.add_milestone(by=contributor, action=action, title="Train").position == 1


def test_a_changed_step_keeps_what_it_said_before(publisher, plan):
    step = make_milestone(make_action(plan), "Hire", due=today())
    operations.edit_milestone(by=publisher, milestone=step, title="Hire two", due=today(), done_on=today())
    step.refresh_from_db()
    assert (step.title, step.done_on) == ("Hire two", today())
    assert [row.title for row in step.history.order_by("pk")] == ["Hire", "Hire two"]


# --- judgements


@pytest.fixture
def assurance():
    return make_user(Role.ASSURANCE)


@pytest.mark.requirement("R-A4")
@pytest.mark.requirement("R-A6")
def test_sign_off_needs_delivery_evidence_a_difference_seen_and_somebody_with_no_part_in_it(assurance, plan):
    action = make_action(plan, status=Status.GREEN)
    seen = {"rating": Impact.CLEAR, "words": "Waits fell to four weeks."}

    def refused(by=assurance, **changed):
        with pytest.raises(RuleBroken):
            operations.sign_off(by=by, action=action, **(seen | changed))
        action.refresh_from_db()
        assert (action.impact, action.impact_ratings.count()) == (Impact.NOT_YET_KNOWN, 0)

    refused()
    Action.objects.filter(pk=action.pk).update(status=Status.DELIVERED)
    refused()
    contributor = make_user(Role.CONTRIBUTOR, service=plan.service)
    make_evidence(action, by=contributor)
    refused(rating=Impact.NOT_YET_KNOWN)
    refused(rating=Impact.NONE_SEEN)
    refused(words=" ")
    refused(by=contributor)
    update = operations.sign_off(by=assurance, action=action, **seen)
    action.refresh_from_db()
    assert (action.status, action.public_status, action.impact) == (Status.BLUE, Status.BLUE, Impact.CLEAR)
    assert (update.status_before, update.author, update.published_by) == (
        Status.DELIVERED,
        assurance,
        assurance,
    )
    with pytest.raises(RuleBroken) as refused_again:
        operations.sign_off(by=assurance, action=action, **seen)
    assert "delivered" in str(refused_again.value)


@pytest.mark.requirement("R-A6")
def test_rating_the_difference_leaves_how_the_work_stands_alone(assurance, plan):
    action = make_action(plan, status=Status.DELIVERED)
    operations.rate_impact(by=assurance, action=action, rating=Impact.NONE_SEEN, words="Nobody noticed.")
    action.refresh_from_db()
    assert (action.status, action.impact) == (Status.DELIVERED, Impact.NONE_SEEN)
    with pytest.raises(RuleBroken):
        operations.rate_impact(
            by=make_user(Role.PUBLISHER, service=plan.service),
            action=action,
            rating=Impact.CLEAR,
            words="We did well.",
        )
    action.refresh_from_db()
    assert action.impact == Impact.NONE_SEEN


@pytest.mark.requirement("R-A4")
def test_closing_needs_a_reason_that_everybody_reads_and_stops_the_clocks(plan):
    programme = make_user(Role.PROGRAMME)
    action = make_action(plan, due=today() - DAY, status=Status.RED)
    with pytest.raises(RuleBroken):
        operations.close_action(by=programme, action=action, reason=" ")
    update = operations.close_action(by=programme, action=action, reason="The law changed.")
    action.refresh_from_db()
    assert (action.status, action.public_status) == (Status.CLOSED, Status.CLOSED)
    assert (update.public_words, update.published_by) == ("The law changed.", programme)
    assert not Action.objects.overdue(today()).exists()
    with pytest.raises(RuleBroken):
        operations.close_action(by=programme, action=action, reason="Again.")
    with pytest.raises(RuleBroken):
        operations.add_update(
            by=make_user(Role.CONTRIBUTOR, service=plan.service), action=action, narrative="n"
        )


def test_a_saved_update_asks_at_most_twenty_questions(contributor, plan, django_assert_max_num_queries):
    action = make_action(plan)
    with django_assert_max_num_queries(20):
        operations.add_update(
            by=contributor,
            action=action,
            status=Status.DELIVERED,
            narrative="n",
            evidence=PROOF,
            token=new_token(),
        )


@pytest.mark.requirement("R-A7")
def test_a_role_that_ended_while_somebody_wrote_saves_nothing(contributor, plan):
    """The page asked when it was opened; the operation asks again under the lock."""
    action, stranger, programme = make_action(plan), make_user(Role.PUBLISHER), make_user(Role.PROGRAMME)
    for person in (stranger, programme, make_user(Role.CONTRIBUTOR, service=make_service())):
        with pytest.raises(RuleBroken, match="You do not write for this service"):
            operations.add_update(by=person, action=action, status=Status.GREEN, narrative="Not mine.")
    with pytest.raises(RuleBroken, match="Your role"):
        operations.close_action(by=contributor, action=action, reason="Not mine to close.")
    assert not action.updates.exists()
    operations.add_update(by=contributor, action=action, status=Status.GREEN, narrative="Mine.")
    operations.close_action(by=programme, action=action, reason="It will not go ahead.")
    assert action.updates.count() == 2
