"""Due dates that families read: who moves them how far, what waits for a publisher, and what everybody sees (R-A5)."""

import datetime
from itertools import pairwise

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some

from actions import operations, progress, reasons
from actions.models import Action, DueDateChange, DueDateRequest, Plan
from actions.operations import RuleBroken
from actions.work import work_items
from foundation.tokens import new_token
from foundation.versions import VersionConflict
from partnership.calendar import today
from partnership.roles import Role
from tests.factories import make_action, make_partnership, make_plan, make_service, make_user

pytestmark = pytest.mark.django_db
Outcome = DueDateRequest.Outcome
FIRST = datetime.date(2027, 3, 1)


def days(number):
    return datetime.timedelta(days=number)


@pytest.fixture(autouse=True)
def _settings(db):
    make_partnership(date_moves_need_publisher_after_days=28)


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
def action(service):
    return make_action(make_plan(service), due=FIRST)


def move(by, action, due, reason="The room was not ready."):
    now = Action.objects.get(pk=action.pk)
    return operations.move_due(by=by, action=action, due=due, reason=reason, was=now.due)


def stands(action):
    action.refresh_from_db()
    return action.due, action.original_due, action.slips


@pytest.mark.requirement("R-A5")
def test_a_small_move_by_a_contributor_is_in_force_at_once_and_a_larger_one_waits(contributor, action):
    small = move(contributor, action, FIRST + days(28))
    assert isinstance(small, DueDateChange)
    assert stands(action) == (FIRST + days(28), FIRST, 1)
    large = move(contributor, action, FIRST + days(29))
    assert isinstance(large, DueDateRequest)
    assert (large.old_due, large.new_due, large.outcome) == (FIRST + days(28), FIRST + days(29), "waiting")
    assert stands(action) == (FIRST + days(28), FIRST, 1)
    assert DueDateChange.objects.count() == 1


@pytest.mark.requirement("R-A5")
def test_small_moves_do_not_add_up_to_a_large_one_until_a_publisher_approves(contributor, publisher, action):
    move(contributor, action, FIRST + days(20))
    asked = move(contributor, action, FIRST + days(40))
    operations.decide_due_request(by=publisher, asked=asked, approve=True)
    assert stands(action) == (FIRST + days(40), FIRST, 2)
    # Counted anew from the date that was approved.
    assert isinstance(move(contributor, action, FIRST + days(68)), DueDateChange)
    assert isinstance(move(contributor, action, FIRST + days(69)), DueDateRequest)


def test_the_partnerships_own_number_of_days_counts(contributor, action):
    make_partnership(date_moves_need_publisher_after_days=0)
    assert isinstance(move(contributor, action, FIRST - days(1)), DueDateChange)
    assert isinstance(move(contributor, action, FIRST + days(1)), DueDateRequest)


@given(some.lists(some.integers(-60, 60), max_size=8), some.integers(0, 40))
def test_without_a_publisher_a_date_never_gets_further_than_the_limit(steps, limit):
    due = FIRST
    for step in steps:
        wanted = due + days(step)
        if not progress.needs_publisher(new=wanted, approved=FIRST, after_days=limit):
            due = wanted
    assert due <= FIRST + days(limit)
    assert progress.needs_publisher(new=FIRST, approved=None, after_days=limit)


@pytest.mark.requirement("R-A5")
def test_a_publishers_move_is_in_force_however_far_and_overtakes_what_waits(contributor, publisher, action):
    asked = move(contributor, action, FIRST + days(90))
    move(publisher, action, FIRST + days(200), "The builder left.")
    asked.refresh_from_db()
    assert (asked.outcome, asked.decided_by) == (Outcome.SUPERSEDED, None)
    assert stands(action) == (FIRST + days(200), FIRST, 1)
    with pytest.raises(RuleBroken, match="decided already, or the date moved meanwhile"):
        operations.decide_due_request(by=publisher, asked=asked, approve=True)
    assert stands(action) == (FIRST + days(200), FIRST, 1)


def test_changing_the_date_with_the_words_overtakes_what_waits(contributor, publisher, action):
    asked = move(contributor, action, FIRST + days(90))
    operations.edit_action(by=publisher, action=action, version=1, due=FIRST + days(5), due_reason="Sooner.")
    asked.refresh_from_db()
    assert asked.outcome == Outcome.SUPERSEDED


def test_closing_the_action_overtakes_what_waits(contributor, action):
    asked = move(contributor, action, FIRST + days(90))
    operations.close_action(by=make_user(Role.PROGRAMME), action=action, reason="No money.")
    asked.refresh_from_db()
    assert asked.outcome == Outcome.SUPERSEDED


@pytest.mark.requirement("R-A5")
def test_an_approved_move_has_its_reason_who_asked_and_a_slip(contributor, publisher, action):
    asked = move(contributor, action, FIRST + days(90), "The builder left.")
    operations.decide_due_request(by=publisher, asked=asked, approve=True, words="Agreed.")
    change = DueDateChange.objects.get()
    assert (change.old_due, change.new_due, change.reason, change.by, change.is_small) == (
        FIRST,
        FIRST + days(90),
        "The builder left.",
        contributor,
        False,
    )
    asked.refresh_from_db()
    assert (asked.outcome, asked.decided_by, asked.words) == (Outcome.APPROVED, publisher, "Agreed.")
    assert action.history.first().history_user == publisher


def test_a_refused_date_needs_words_and_changes_nothing(contributor, publisher, action):
    asked = move(contributor, action, FIRST + days(90))
    with pytest.raises(RuleBroken, match="Say why not"):
        operations.decide_due_request(by=publisher, asked=asked, approve=False, words=" ")
    operations.decide_due_request(by=publisher, asked=asked, approve=False, words="Find another room.")
    asked.refresh_from_db()
    assert (asked.outcome, asked.words) == (Outcome.REFUSED, "Find another room.")
    assert stands(action) == (FIRST, FIRST, 0)


def test_one_request_waits_at_a_time_and_can_be_taken_back(contributor, publisher, action):
    asked = move(contributor, action, FIRST + days(90))
    with pytest.raises(RuleBroken, match="waits for a publisher already"):
        move(contributor, action, FIRST + days(91))
    operations.withdraw_due_request(by=contributor, asked=asked)
    second = move(contributor, action, FIRST + days(91))
    assert [(row.outcome, row.new_due) for row in action.due_date_requests.order_by("pk")] == [
        ("withdrawn", FIRST + days(90)),
        ("waiting", FIRST + days(91)),
    ]
    with pytest.raises(RuleBroken, match="decided already"):
        operations.decide_due_request(by=publisher, asked=asked, approve=True)
    operations.decide_due_request(by=publisher, asked=second, approve=True)
    assert stands(action)[0] == FIRST + days(91)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"due": FIRST}, "the due date already"),
        ({"due": datetime.date(2020, 1, 1)}, "a day that has not passed"),
        ({"reason": "  "}, "Say why the due date moves"),
        ({"was": FIRST - days(1)}, "was moved while you were writing. It is 1 March 2027 now"),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_its_reason(contributor, action, change, words):
    values = {"due": FIRST + days(5), "reason": "Because.", "was": FIRST}
    with pytest.raises(RuleBroken, match=words):
        operations.move_due(by=contributor, action=action, **(values | change))
    assert stands(action) == (FIRST, FIRST, 0)
    assert isinstance(operations.move_due(by=contributor, action=action, **values), DueDateChange)


@pytest.mark.requirement("R-A7")
def test_a_contributor_does_not_decide_and_another_service_does_nothing(contributor, publisher, action):
    asked = move(contributor, action, FIRST + days(90))
    with pytest.raises(RuleBroken, match="Only a publisher"):
        operations.decide_due_request(by=contributor, asked=asked, approve=True)
    stranger = make_user(Role.PUBLISHER, service=make_service())
    for refused in (
        lambda: operations.decide_due_request(by=stranger, asked=asked, approve=True),
        lambda: operations.withdraw_due_request(by=stranger, asked=asked),
        lambda: move(stranger, action, FIRST + days(1)),
    ):
        with pytest.raises(RuleBroken, match=reasons.NOT_YOURS):
            refused()
    assert stands(action) == (FIRST, FIRST, 0)


def test_a_draft_has_no_date_to_move_with_a_reason(contributor, service):
    draft = make_action(make_plan(service, status=Plan.Status.DRAFT), due=FIRST)
    with pytest.raises(RuleBroken, match="Families do not read this action yet"):
        move(contributor, draft, FIRST + days(1))


def test_a_date_moved_meanwhile_is_told_to_who_has_the_words_open(contributor, publisher, action):
    move(contributor, action, FIRST + days(1))
    with pytest.raises(VersionConflict):
        operations.edit_action(by=publisher, action=action, version=1, title="Other words")


# --- pages


def boxes(due):
    return {"due_day": due.day, "due_month": due.month, "due_year": due.year}


@pytest.mark.requirement("R-A5")
def test_the_pages_a_contributor_asks_and_a_publisher_approves(client, contributor, publisher, action):
    url = reverse("actions:due_date", args=[action.ref])
    client.force_login(contributor)
    page = client.get(url)
    assert "up to 28 days after 1 March 2027" in page.content.decode()
    values = {"reason": "The builder left.", "seen": FIRST.isoformat(), "token": new_token()}
    answer = client.post(url, values | boxes(FIRST + days(60)))
    assert (answer.status_code, answer.url) == (302, action.get_absolute_url())
    asked = DueDateRequest.objects.get()
    inside = client.get(action.get_absolute_url()).content.decode()
    assert "A later due date waits for a publisher: 30 April 2027" in inside
    assert "Take the request back" in inside
    client.logout()
    outside = client.get(action.get_absolute_url()).content.decode()
    assert "30 April 2027" not in outside
    assert "The builder left." not in outside
    client.force_login(publisher)
    assert [
        item.url for item in work_items(publisher, today=today()) if item.group == "Due dates to decide"
    ] == [reverse("actions:due_date_decide", args=[action.ref, asked.pk])]
    decide = reverse("actions:due_date_decide", args=[action.ref, asked.pk])
    assert "The builder left." in client.get(decide).content.decode()
    refused = client.post(decide, {"decision": "refuse", "token": new_token()})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["words"])
    client.post(decide, {"decision": "approve", "token": new_token()})
    client.logout()
    outside = client.get(action.get_absolute_url()).content.decode()
    assert "From 1 March 2027 to 30 April 2027: The builder left." in outside
    assert "Moved later 1 time." in outside
    assert work_items(publisher, today=today()) == []


@pytest.mark.requirement("R-A9")
def test_a_date_that_moved_while_the_form_was_open_keeps_what_was_typed(
    client, contributor, publisher, action
):
    url = reverse("actions:due_date", args=[action.ref])
    client.force_login(contributor)
    move(publisher, action, FIRST + days(3))
    values = {"reason": "Ten minutes of words.", "seen": FIRST.isoformat(), "token": new_token()}
    shown = client.post(url, values | boxes(FIRST + days(5)))
    html = shown.content.decode()
    assert shown.status_code == 409
    assert shown.context["form"].errors["due"] == [
        "The due date was moved while you were writing. It is 4 March 2027 now. Look at it, then save again."
    ]
    assert "Ten minutes of words." in html
    assert stands(action)[0] == FIRST + days(3)
    again = {"reason": "Ten minutes of words.", "seen": shown.context["form"]["seen"].value()}
    client.post(url, again | boxes(FIRST + days(5)) | {"token": new_token()})
    assert stands(action)[0] == FIRST + days(5)


@pytest.mark.requirement("R-A9")
def test_a_request_taken_back_while_the_publisher_reads_gives_the_words_back(
    client, contributor, publisher, action
):
    asked = move(contributor, action, FIRST + days(60))
    operations.withdraw_due_request(by=contributor, asked=asked)
    client.force_login(publisher)
    decide = reverse("actions:due_date_decide", args=[action.ref, asked.pk])
    told = client.post(decide, {"decision": "refuse", "words": "Find a room first.", "token": new_token()})
    assert told.status_code == 403
    assert "Find a room first." in told.content.decode()
    assert client.get(decide).url == action.get_absolute_url()


def test_a_double_click_moves_the_date_once(client, contributor, action):
    url = reverse("actions:due_date", args=[action.ref])
    client.force_login(contributor)
    values = {"reason": "Why.", "seen": FIRST.isoformat(), "token": new_token()} | boxes(FIRST + days(5))
    for _ in range(2):
        assert client.post(url, values).url == action.get_absolute_url()
    assert stands(action) == (FIRST + days(5), FIRST, 1)


def test_approving_and_taking_back_at_once_is_one_of_the_two(together, contributor, publisher, action):
    asked = move(contributor, action, FIRST + days(60))
    results = together(
        lambda: operations.decide_due_request(by=publisher, asked=asked, approve=True).outcome,
        lambda: operations.withdraw_due_request(by=contributor, asked=asked).outcome,
        lambda: (stands(action), DueDateRequest.objects.get().outcome),
    )[:2]
    kept = [result for result in results if not isinstance(result, Exception)]
    assert len(kept) == 1
    outcome, due = together(
        lambda: DueDateRequest.objects.get().outcome, lambda: Action.objects.get(pk=action.pk).due
    )
    assert outcome == kept[0]
    assert due == (FIRST + days(60) if outcome == "approved" else FIRST)


def test_moves_stand_in_one_chain(contributor, publisher, action):
    for number, by in enumerate([contributor, publisher, contributor, publisher], start=1):
        move(by, action, FIRST + days(7 * number))
    moves = list(action.due_date_changes.order_by("pk"))
    assert all(first.new_due == second.old_due for first, second in pairwise(moves))
    assert stands(action) == (FIRST + days(28), FIRST, 4)
