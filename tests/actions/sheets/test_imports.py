"""A plan goes out as a spreadsheet and comes back: each row new, changed, not changed or refused, and saved all or nothing."""

import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.models import Action, DueDateChange, Plan, PlanImport, PlanImportRow, Status
from actions.operations import ChangedMeanwhile, RuleBroken, edit_action
from actions.operations.import_saving import confirm_import
from actions.operations.imports import begin_import, check_again, check_piece, outcomes, purge_imports
from actions.sheets.rows import HEADINGS, rows
from foundation.spreadsheet import csv_lines, xlsx_pieces
from foundation.tokens import new_token
from partnership.calendar import today
from partnership.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
Outcome = PlanImportRow.Outcome


class Desk:
    """A service with a published plan, a contributor and a publisher; what goes out, and what comes back."""

    def __init__(self) -> None:
        self.service = make.make_service("Inclusion", code="INC", last_action_number=70)
        self.plan = make.make_plan(self.service, slug="our-plan")
        self.priority = make.make_priority("Be heard", strategy=self.plan.strategy)
        self.publisher = make.make_user(Role.PUBLISHER, service=self.service)
        self.contributor = make.make_user(Role.CONTRIBUTOR, service=self.service)

    def action(self, plan: Plan | None = None, **fields) -> Action:
        return make.make_action(plan or self.plan, **{"priority": self.priority} | fields)

    def out(self, by=None, plan=None) -> list[dict]:
        found = Action.objects.visible_to(by or self.publisher).filter(plan=plan or self.plan)
        cells = rows(found, by or self.publisher, today())
        return [dict(zip(HEADINGS, row, strict=True)) for row in cells]

    def back(self, table: list[dict], *, by=None, plan=None, kind="csv") -> PlanImport:
        head = list(table[0])
        cells = [[row.get(name, "") for name in head] for row in table]
        if kind == "csv":
            file = io.BytesIO(b"".join(csv_lines(head, cells)))
        else:
            file = io.BytesIO(b"".join(xlsx_pieces(head, cells)))
        size = file.seek(0, 2)
        made = begin_import(
            by=by or self.publisher, plan=plan or self.plan, file=file, name=f"plan.{kind}", size=size
        )
        assert made is not None
        while made.stage == PlanImport.Stage.CHECKING:
            made = check_piece(by=by or self.publisher, plan_import=made)
        return made


@pytest.fixture
def desk():
    return Desk()


def told(made: PlanImport) -> list[tuple[str, list[tuple[str, str, str, str]]]]:
    return [
        (row.outcome, [(cell.place, cell.old, cell.new, cell.fault) for cell in row.cells.all()])
        for row in made.rows.all()
    ]


def faults(made: PlanImport) -> list[tuple[str, str]]:
    return [(cell.place, cell.fault) for row in made.rows.all() for cell in row.cells.all() if cell.fault]


@pytest.mark.requirement("R-W3")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_each_row_is_new_changed_unchanged_or_refused_and_nothing_is_written(desk, kind):
    desk.action(ref="INC-1", title="Meet families", problem="Long waits")
    desk.action(ref="INC-2", title="Train schools")
    table = desk.out()
    table[0]["The problem"] = "Waits of a year"
    table.append(
        {"Title": "A new one", "Must, should or could": "could", "Priority": "1", "Due date": "Sep 2031"}
    )
    table.append({"Ref": "INC-99", "Title": "Nobody knows it"})
    before = list(Action.objects.values_list("ref", "problem", "version"))

    made = desk.back(table, kind=kind)

    assert told(made) == [
        ("changed", [("F2", "Long waits", "Waits of a year", "")]),
        ("unchanged", []),
        ("new", [("B4", "", "A new one", ""), ("C4", "", "Could do", ""), ("E4", "", str(desk.priority), ""),
                 ("L4", "", "30 September 2031", "")]),
        ("refused", [("A5", "", "INC-99", "There is no action with this reference in this plan.")]),
    ]  # fmt: skip
    assert list(Action.objects.values_list("ref", "problem", "version")) == before


@pytest.mark.requirement("R-W3")
def test_confirming_saves_all_of_it_with_numbers_versions_and_history_of_the_person(desk):
    old = desk.action(ref="INC-1", title="Meet families")
    second = make.make_priority("Be ready", strategy=desk.plan.strategy)
    table = desk.out()
    table[0]["Role that leads it"] = "Director"
    table[0]["Other priorities"] = "2"
    table += [
        {"Title": "First", "Must, should or could": "should do", "Priority": "Be heard", "Other priorities": "Be ready",
         "Steps": "Ask; due 2031-01-01\nMeet"},
        {"Title": "Second", "Must, should or could": "could", "Priority": "1"},
    ]  # fmt: skip
    made = desk.back(table)

    confirm_import(by=desk.publisher, plan_import=made, token=new_token())

    assert list(
        Action.objects.order_by("pk").values_list("ref", "title", "lead_role", "version", "created_by")
    ) == [
        ("INC-1", "Meet families", "Director", 2, None),
        ("INC-71", "First", "", 1, desk.publisher.pk),
        ("INC-72", "Second", "", 1, desk.publisher.pk),
    ]
    desk.service.refresh_from_db()
    assert desk.service.last_action_number == 72
    first = Action.objects.get(ref="INC-71")
    assert [list(action.also_serves.all()) for action in (old, first)] == [[second], [second]]
    newest = [action.history.first() for action in (old, first)]
    assert [(row.history_user, row.history_type, [link.priority for link in row.also_serves.all()]) for row in newest] == [
        (desk.publisher, "~", [second]), (desk.publisher, "+", [second]),
    ]  # fmt: skip
    steps = list(first.milestones.all())
    assert [(step.title, step.due, step.history.get().history_user) for step in steps] == [
        ("Ask", datetime.date(2031, 1, 1), desk.publisher), ("Meet", None, desk.publisher),
    ]  # fmt: skip
    made.refresh_from_db()
    assert (made.stage, [row.action.ref for row in made.rows.all()]) == (
        "done",
        ["INC-1", "INC-71", "INC-72"],
    )
    assert [row.words for row in made.rows.all()] == [[], [], []]


@pytest.mark.requirement("R-W3")
def test_confirming_twice_saves_once(desk):
    made = desk.back(
        [dict.fromkeys(HEADINGS, "") | {"Title": "New", "Must, should or could": "could", "Priority": "1"}]
    )
    token = new_token()
    assert confirm_import(by=desk.publisher, plan_import=made, token=token) is not None
    assert confirm_import(by=desk.publisher, plan_import=made, token=token) is None
    with pytest.raises(RuleBroken):
        confirm_import(by=desk.publisher, plan_import=made, token=new_token())
    assert Action.objects.count() == 1


@pytest.mark.requirement("R-W3", "R-A9")
@pytest.mark.parametrize("what", ["words", "a step"])
def test_what_somebody_changed_since_the_export_is_not_overwritten(desk, what):
    action = desk.action(ref="INC-1", doing="As it was")
    table = desk.out()
    if what == "words":
        edit_action(by=desk.publisher, action=action, version=1, resources="One person")
    else:
        make.make_milestone(action, "A new step")
    table[0]["What we will do"] = "As the file says"
    made = desk.back(table)
    assert outcomes(made)["refused"] == 1
    says = "Somebody changed this action since the file was made. Take the plan out again and change the new file."
    assert says in [fault for _, fault in faults(made)]
    with pytest.raises(RuleBroken):
        confirm_import(by=desk.publisher, plan_import=made, token=new_token())
    action.refresh_from_db()
    assert action.doing == "As it was"


@pytest.mark.requirement("R-W3", "R-A9")
def test_what_somebody_changes_after_the_preview_is_not_overwritten(desk):
    action, other = desk.action(ref="INC-1"), desk.action(ref="INC-2")
    table = desk.out()
    for row in table:
        row["What we will do"] = "As the file says"
    made = desk.back(table)
    edit_action(by=desk.publisher, action=other, version=1, doing="As somebody else says")
    with pytest.raises(ChangedMeanwhile):
        confirm_import(by=desk.publisher, plan_import=made, token=new_token())
    action.refresh_from_db()
    assert (action.doing, action.version) == ("What we will do about it.", 1)
    made = check_again(by=desk.publisher, plan_import=made)
    made = check_piece(by=desk.publisher, plan_import=made)
    assert outcomes(made) == {"waiting": 0, "new": 0, "changed": 1, "unchanged": 0, "refused": 1}


@pytest.mark.requirement("R-W3", "R-A7")
def test_rows_that_the_person_may_not_change_are_refused_and_hidden_ones_read_like_none(desk):
    desk.action(ref="INC-1", title="Public")
    desk.action(ref="INC-2", title="Waiting", public=False)
    desk.action(ref="INC-3", title="Closed", status=Status.CLOSED)
    hidden = make.make_action(make.make_plan(status="draft"), ref="FAR-1", title="A secret of theirs")
    table = desk.out()
    for row in table:
        row["What we will do"] = "As the file says"
    table += [{"Ref": hidden.ref, "Title": "x"}, {"Ref": "FAR-999", "Title": "x"}]
    made = desk.back(table, by=desk.contributor)
    found = {
        row.ref: (row.outcome, row.title, [cell.fault for cell in row.cells.all() if cell.fault])
        for row in made.rows.all()
    }
    unknown = "There is no action with this reference in this plan."
    assert found == {
        "INC-1": ("refused", "Public", ["Families read this action now. Only a publisher of its service can change it."]),
        "INC-2": ("changed", "Waiting", []),
        "INC-3": ("refused", "Closed", ["This action was closed. Nobody writes in it any more."]),
        "FAR-1": ("refused", "", [unknown]),
        "FAR-999": ("refused", "", [unknown]),
    }  # fmt: skip


@pytest.mark.requirement("R-W3", "R-A5")
def test_a_due_date_that_families_read_moves_with_a_reason_alone(desk):
    due = today() + datetime.timedelta(days=30)
    action = desk.action(ref="INC-1", due=due)
    table = desk.out()
    later = due + datetime.timedelta(days=10)
    table[0]["Due date"] = later
    without = desk.back(table)
    assert faults(without) == [("M2", "Say why the due date moves. Families and the board see the reason.")]
    table[0]["If the due date moves: why?"] = "Two people left"
    made = desk.back(table)
    confirm_import(by=desk.publisher, plan_import=made, token=new_token())
    action.refresh_from_db()
    assert (action.due, action.original_due, action.slips) == (later, due, 1)
    assert list(DueDateChange.objects.values_list("old_due", "new_due", "reason", "by")) == [
        (due, later, "Two people left", desk.publisher.pk)
    ]


@pytest.mark.requirement("R-W3", "R-A3")
def test_the_rules_of_the_form_hold_for_rows(desk):
    make.make_duty("Advice", law="Act, section 32")
    desk.action(ref="INC-1", title="One")
    desk.action(ref="INC-2", title="Two")
    desk.action(ref="INC-3", title="Three")
    table = {row["Ref"]: row for row in desk.out()}
    table["INC-1"]["The problem"] = ""
    table["INC-2"]["Must, should or could"] = "Must do"
    table["INC-3"] |= {
        "Planned start": "1/1/2032",
        "Due date": "31/12/2031",
        "If the due date moves: why?": "x",
    }
    table["a"] = {
        "Title": "x" * 201,
        "Must, should or could": "maybe",
        "Priority": "9",
        "Due date": "ongoing",
    }
    table["b"] = {"Title": "Duty", "Must, should or could": "should", "Priority": "1", "Legal duty": "Advice"}
    table["c"] = {"Title": "one", "Must, should or could": "should", "Priority": "1"}
    table["d"] = {"Title": "", "Must, should or could": "should", "Priority": "1", "Steps": "Soon; due soon"}
    assert faults(desk.back(list(table.values()))) == [
        ("F2", "Families already read this action, so it needs the problem."),
        ("D3", "Families already read this action, so it needs the legal duty that this must-do meets."),
        ("L4", "The due date cannot be before the planned start."),
        ("B5", "Use 200 characters or fewer. You used 201."),
        ("C5", "Write must, should or could."),
        ("E5", "This is no priority that you can choose. Write its number or its title."),
        ("L5", "“ongoing” is not a day. Write a day, or leave the cell empty."),
        ("D6", "Only a must-do meets a legal duty. Write must, or leave this empty."),
        (
            "B7",
            "An action of this title is in the plan already. Give this one another title, or take the row out.",
        ),
        ("B8", "Say what the action is called."),
        ("N8", "“soon” is not a day that we can read. Write it like 31/12/2026."),
    ]


@pytest.mark.requirement("R-W3")
def test_steps_are_added_and_ticked_off_and_never_lost(desk):
    action = desk.action(ref="INC-1")
    make.make_milestone(action, "Ask", due=datetime.date(2031, 1, 1))
    make.make_milestone(action, "Meet", position=1)
    table = desk.out()
    table[0]["Steps"] = "Ask; due 2031-01-01"
    assert [fault for _, fault in faults(desk.back(table))] == [
        "The step “Meet” is missing. Steps are not taken out here. Change them on the action’s page."
    ]
    table[0]["Steps"] = "Ask; due 2031-01-01; done 2020-02-01\nMeet\nWrite"
    confirm_import(by=desk.publisher, plan_import=desk.back(table), token=new_token())
    assert list(action.milestones.values_list("title", "due", "done_on")) == [
        ("Ask", datetime.date(2031, 1, 1), datetime.date(2020, 2, 1)),
        ("Meet", None, None),
        ("Write", None, None),
    ]


def test_a_reference_in_two_rows_is_refused_in_both(desk):
    desk.action(ref="INC-1")
    table = desk.out() * 2
    assert faults(desk.back(table)) == [
        (place, "This reference stands in more than one row. Keep one of them.") for place in ("A2", "A3")
    ]


@pytest.mark.requirement("R-W3")
def test_long_files_are_checked_in_pieces_with_the_same_questions_for_each(desk):
    for _ in range(6):
        desk.action()
    table = desk.out()
    for row in table:
        row["Money, people and time"] = "Two people"
    file = io.BytesIO(b"".join(csv_lines(list(table[0]), [list(row.values()) for row in table])))
    made = begin_import(by=desk.publisher, plan=desk.plan, file=file, name="a.csv", size=file.seek(0, 2))
    seen, counts = [], []
    while made.stage == PlanImport.Stage.CHECKING:
        with CaptureQueriesContext(connection) as asked:
            made = check_piece(by=desk.publisher, plan_import=made, size=1 if not seen else 3)
        counts.append(len(asked))
        seen.append(made.progress)
    assert seen == ["1 of 6 rows checked", "4 of 6 rows checked", "6 of 6 rows checked"]
    assert counts[0] == counts[1]


@pytest.mark.requirement("R-W3")
def test_five_thousand_rows_are_taken_and_checked_in_pieces(desk):
    head = ["Ref", "Title", "Must, should or could", "Priority", "Version (please leave as it is)"]
    lines = csv_lines(head, [["", f"Action {number}", "should", "1", ""] for number in range(5000)])
    file = io.BytesIO(b"".join(lines))
    made = begin_import(by=desk.publisher, plan=desk.plan, file=file, name="a.csv", size=file.seek(0, 2))
    made = check_piece(by=desk.publisher, plan_import=made)
    assert made.progress == "500 of 5,000 rows checked"
    assert outcomes(made) == {"waiting": 4500, "new": 500, "changed": 0, "unchanged": 0, "refused": 0}


def test_what_nobody_confirms_is_cleared_away_after_seven_days(desk):
    desk.action()
    old, young, done = (desk.back(desk.out()) for _ in range(3))
    week = datetime.timedelta(days=7, minutes=1)
    PlanImport.objects.filter(pk__in=[old.pk, done.pk]).update(at=old.at - week)
    PlanImport.objects.filter(pk=done.pk).update(stage="done")
    assert purge_imports() == 1
    assert list(PlanImport.objects.order_by("pk").values_list("stage", flat=True)) == [
        "dropped",
        "ready",
        "done",
    ]
    assert set(PlanImportRow.objects.values_list("plan_import", flat=True)) == {young.pk, done.pk}


@pytest.mark.requirement("R-W3")
def test_a_service_that_publishes_at_once_publishes_rows_that_lack_nothing(desk):
    desk.service.publishes_at_once = True
    desk.service.save()
    whole = {"Title": "Whole", "Must, should or could": "should", "Priority": "1", "The problem": "x", "What we will do": "x",
             "The difference it will make": "x", "Role that leads it": "x", "Due date": "2031-01-01"}  # fmt: skip
    made = desk.back(
        [dict.fromkeys(HEADINGS, "") | whole, {**whole, "Title": "Half", "The problem": ""}],
        by=desk.contributor,
    )
    confirm_import(by=desk.contributor, plan_import=made, token=new_token())
    assert [(a.title, a.published_at is not None, a.original_due) for a in Action.objects.order_by("pk")] == [
        ("Whole", True, datetime.date(2031, 1, 1)), ("Half", False, None),
    ]  # fmt: skip
