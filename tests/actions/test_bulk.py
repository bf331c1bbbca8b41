"""Several actions changed at once: shown before and after, all or none, each with its history (R-W9, R-A5, R-A9)."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions import operations
from actions.bulk import Move, Redate, Serve, Shift, sort_out
from actions.models import Action, BulkChange, BulkChangeRow, Category, Plan, Status
from foundation import content_version
from foundation.tokens import new_token
from partnership.calendar import today
from partnership.roles import Role
from tests.factories import (
    make_action,
    make_commitment,
    make_due_date_request,
    make_plan,
    make_priority,
    make_service,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R-W9")]
DAY = datetime.timedelta(days=1)


@pytest.fixture
def programme(db):
    return make_user(Role.PROGRAMME, name="Programme Person")


@pytest.fixture
def plan(db):
    return make_plan(make_service("Old service", code="OLD"), title="Old plan")


@pytest.fixture
def target(plan):
    return make_plan(make_service("New service", code="NEW"), title="New plan", strategy=plan.strategy)


def change(by, actions, what, **options):
    rows = Action.objects.filter(pk__in=[action.pk for action in actions]).order_by("pk")
    seen = options.pop("seen", None) or operations.note_of(rows)
    return operations.change_several(by=by, change=what, reason="Because.", seen=seen, **options)


class TestMoving:
    def test_it_goes_into_the_plan_of_the_new_service_and_keeps_its_reference(
        self, programme, plan, target
    ) -> None:
        actions = [make_action(plan), make_action(plan, public=False)]
        actions[0].partners.add(target.service)
        refs = [action.ref for action in actions]
        change(programme, actions, Move(target))
        rows = list(Action.objects.filter(pk__in=[action.pk for action in actions]).order_by("pk"))
        assert [(row.ref, row.plan, row.service) for row in rows] == [
            (ref, target, target.service) for ref in refs
        ]
        assert [row.version for row in rows] == [2, 2]
        assert list(rows[0].partners.all()) == []
        old, new = (make_user(Role.CONTRIBUTOR, service=row.service) for row in (plan, target))
        assert list(Action.objects.updatable_by(new).order_by("pk")) == rows
        assert list(Action.objects.updatable_by(old)) == []

    def test_each_keeps_its_history_with_the_person_and_its_links(self, programme, plan, target) -> None:
        too = make_priority(strategy=plan.strategy)
        actions = [make_action(plan), make_action(plan)]
        actions[0].also_serves.add(too)
        change(programme, actions, Move(target))
        for action, links in zip(actions, ([too.pk], []), strict=True):
            last = action.history.first()
            assert (last.history_user, last.plan_id, last.history_type) == (programme, target.pk, "~")
            assert list(last.also_serves.values_list("priority", flat=True)) == links

    def test_its_history_still_tells_who_helps_and_which_promises_it_keeps(
        self, programme, plan, target
    ) -> None:
        action, helper = make_action(plan), make_service(code="HLP")
        promise = make_commitment()
        action.partners.add(helper)
        action.commitments.add(promise)
        change(programme, [action], Move(target))
        last = action.history.first()
        assert list(last.partners.values_list("service", flat=True)) == [helper.pk]
        assert list(last.commitments.values_list("commitment", flat=True)) == [promise.pk]

    def test_what_it_was_before_is_kept_with_who_when_and_why(self, programme, plan, target) -> None:
        actions = [make_action(plan), make_action(plan)]
        kept = change(programme, actions, Move(target))
        assert (kept.kind, kept.by, kept.plan, kept.reason) == ("move", programme, target, "Because.")
        rows = list(kept.rows.order_by("pk").values_list("action", "from_plan"))
        assert rows == [(action.pk, plan.pk) for action in actions]


class TestRedating:
    @pytest.mark.requirement("R-A5")
    def test_each_has_its_own_row_with_the_reason_and_slips_only_when_later(self, programme, plan) -> None:
        due = today() + 50 * DAY
        early, late = make_action(plan, due=due - 5 * DAY), make_action(plan, due=due + 5 * DAY)
        hidden = make_action(plan, due=due - 5 * DAY, public=False)
        first = early.original_due
        change(programme, [early, late, hidden], Redate(due))
        for action in (early, late, hidden):
            action.refresh_from_db()
        assert [row.due for row in (early, late, hidden)] == [due] * 3
        assert [row.slips for row in (early, late, hidden)] == [1, 0, 0]
        moves = [
            row.due_date_changes.values_list("old_due", "new_due", "reason", "by") for row in (early, late)
        ]
        assert [list(rows) for rows in moves] == [
            [(due - 5 * DAY, due, "Because.", programme.pk)],
            [(due + 5 * DAY, due, "Because.", programme.pk)],
        ]
        assert not hidden.due_date_changes.exists()
        assert early.original_due == first

    def test_a_date_that_was_asked_for_is_overtaken(self, programme, plan) -> None:
        action = make_action(plan, due=today() + 5 * DAY)
        asked = make_due_date_request(action)
        change(programme, [action], Redate(today() + 50 * DAY))
        asked.refresh_from_db()
        assert asked.outcome == "superseded"

    def test_what_cannot_be_redated_is_named_with_the_reason(self, programme, plan) -> None:
        due = today() + 50 * DAY
        good = make_action(plan, due=due - DAY)
        cases = {
            make_action(plan, due=None).pk: "It has no due date to move. Its service sets one.",
            make_action(plan, due=due).pk: "It is due on that day already.",
            make_action(
                plan, status=Status.CLOSED
            ).pk: "This action was closed. Nobody writes in it any more.",
            make_action(plan, status=Status.BLUE).pk: (
                "This action was signed off as complete. Nobody writes in it any more."
            ),
            make_action(make_plan(status=Plan.Status.ARCHIVED)).pk: (
                "This plan is archived. Nobody writes in it any more."
            ),
            make_action(make_plan(status=Plan.Status.DRAFT)).pk: (
                "This action is in a draft. Its service can change it."
            ),
        }
        begins = make_action(plan, planned_start=due + DAY, due=due + 9 * DAY)
        rows = list(Action.objects.select_related("plan"))
        can, cannot = sort_out(Redate(due), rows, user=programme)
        assert can == [good]
        told = {action.pk: why for action, why in cannot}
        assert told.pop(begins.pk).startswith("It only begins on ")
        assert told == cases


class TestMovingDates:
    """Each due date moves by as many days."""

    @pytest.mark.requirement("R-A5")
    def test_each_keeps_its_own_distance_and_its_old_date_and_slips_only_when_later(
        self, programme, plan
    ) -> None:
        days = [today() + number * DAY for number in (30, 40, 50)]
        early, late = make_action(plan, due=days[0]), make_action(plan, due=days[1])
        hidden = make_action(plan, due=days[2], public=False)
        kept = change(programme, [early, late, hidden], Shift(14, today()))
        for action in (early, late, hidden):
            action.refresh_from_db()
        assert [row.due for row in (early, late, hidden)] == [day + 14 * DAY for day in days]
        assert [row.slips for row in (early, late, hidden)] == [1, 1, 0]
        assert [row.original_due for row in (early, late)] == days[:2]
        moves = [
            list(row.due_date_changes.values_list("old_due", "new_due", "reason")) for row in (early, late)
        ]
        assert moves == [[(day, day + 14 * DAY, "Because.")] for day in days[:2]]
        assert [row.to_due for row in kept.rows.order_by("pk")] == [day + 14 * DAY for day in days]
        change(programme, [early], Shift(-7, today()))
        early.refresh_from_db()
        assert (early.due, early.slips) == (days[0] + 7 * DAY, 1)

    def test_a_date_that_was_asked_for_is_overtaken(self, programme, plan) -> None:
        asked = make_due_date_request(make_action(plan, due=today() + 5 * DAY))
        change(programme, [asked.action], Shift(14, today()))
        asked.refresh_from_db()
        assert asked.outcome == "superseded"

    def test_what_cannot_move_is_left_alone_and_named(self, programme, plan) -> None:
        undated = make_action(plan, due=None)
        soon = make_action(plan, due=today() + 9 * DAY)
        begins = make_action(plan, due=today() + 30 * DAY, planned_start=today() + 25 * DAY)
        good = make_action(plan, due=today() + 10 * DAY)
        rows = list(Action.objects.select_related("plan"))
        can, cannot = sort_out(Shift(-10, today()), rows, user=programme)
        told = {action.pk: why for action, why in cannot}
        assert can == [good]
        assert told[undated.pk] == "It has no due date to move, so it is left alone. Its service sets one."
        assert told[soon.pk].endswith("That day has passed.")
        assert told[begins.pk].startswith("It only begins on ")

    def test_one_that_moved_meanwhile_stops_all(self, programme, plan) -> None:
        action = make_action(plan)
        seen = operations.note_of([action])
        change(programme, [action], Shift(14, today()))
        with pytest.raises(operations.ChangedMeanwhile):
            change(programme, [action], Shift(14, today()), seen=seen)
        assert BulkChange.objects.count() == 1


def test_it_serves_one_more_priority_and_the_first_one_stays(programme, plan) -> None:
    first, too = make_priority(strategy=plan.strategy), make_priority(strategy=plan.strategy)
    actions = [make_action(plan, priority=first), make_action(plan, priority=first)]
    has_it = make_action(plan, priority=too)
    linked = make_action(plan, priority=first)
    linked.also_serves.add(too)
    rows = list(Action.objects.select_related("plan").prefetch_related("also_serves").order_by("pk"))
    can, cannot = sort_out(Serve(too), rows, user=programme)
    assert can == actions
    assert [(row, why) for row, why in cannot] == [
        (has_it, "It serves this already."),
        (linked, "It serves this already."),
    ]
    change(programme, actions, Serve(too))
    assert set(Action.objects.serving(too.pk)) == {*actions, has_it, linked}
    for action in actions:
        action.refresh_from_db()
        assert (action.priority, action.version) == (first, 2)
        assert list(action.history.first().also_serves.values_list("priority", flat=True)) == [too.pk]


class TestNothingUnseen:
    def refused(self, by, actions, what, seen):
        before = list(Action.objects.order_by("pk").values())
        with pytest.raises(operations.ChangedMeanwhile) as refusal:
            change(by, actions, what, seen=seen)
        assert list(Action.objects.order_by("pk").values()) == before
        assert not BulkChange.objects.exists()
        return refusal.value.faults

    @pytest.mark.requirement("R-A9")
    def test_one_that_was_changed_meanwhile_stops_all(self, programme, plan) -> None:
        first, second = make_action(plan), make_action(plan)
        seen = operations.note_of([first, second])
        Action.objects.filter(pk=second.pk).update(version=2)
        faults = self.refused(programme, [first, second], Redate(today() + 9 * DAY), seen)
        assert faults == [f"{second} was changed."]

    def test_one_that_was_closed_or_archived_meanwhile_stops_all(self, programme, plan, target) -> None:
        first, second = make_action(plan), make_action(plan)
        seen = operations.note_of([first, second])
        Action.objects.filter(pk=second.pk).update(status=Status.CLOSED)
        assert self.refused(programme, [first, second], Move(target), seen) == [
            f"{second}: This action was closed. Nobody writes in it any more."
        ]
        Action.objects.filter(pk=second.pk).update(status=Status.GREEN)
        Plan.objects.filter(pk=target.pk).update(status=Plan.Status.ARCHIVED)
        faults = self.refused(programme, [first, second], Move(target), seen)
        assert faults == [
            f"{action}: The plan to move to is not public any more." for action in (first, second)
        ]

    def test_an_empty_or_forged_note_changes_nothing(self, programme, plan) -> None:
        action = make_action(plan)
        for seen in ("x", f"a{action.pk}", f"a{action.pk}:0000", "a99999999999999999999:0"):
            self.refused(programme, [action], Redate(today() + 9 * DAY), seen)

    def test_somebody_else_changes_nothing(self, plan) -> None:
        action = make_action(plan)
        for role in (Role.ADMINISTRATOR, Role.BOARD, Role.ASSURANCE):
            note = operations.note_of([action])
            self.refused(make_user(role), [action], Redate(today() + 9 * DAY), note)


def test_a_change_counts_once_and_shows_to_the_next_visitor(
    programme, plan, target, django_capture_on_commit_callbacks
) -> None:
    action, token = make_action(plan), new_token()
    before = content_version.read()
    with django_capture_on_commit_callbacks(execute=True):
        assert change(programme, [action], Move(target), token=token) is not None
    assert content_version.read() > before
    assert change(programme, [action], Move(plan), token=token) is None
    assert BulkChange.objects.count() == 1


def test_five_hundred_are_changed_with_few_questions(programme, plan, target) -> None:
    priority = make_priority(strategy=plan.strategy)
    rows = [
        Action(
            ref=f"OLD-{number}",
            plan=plan,
            service=plan.service,
            title="Many",
            category=Category.COULD,
            priority=priority,
            due=today() + DAY,
            published_at=datetime.datetime.now(datetime.UTC),
        )
        for number in range(1000, 1500)
    ]
    actions = list(Action.objects.bulk_create(rows))
    too = make_priority(strategy=plan.strategy)
    for what in (Serve(too), Redate(today() + 60 * DAY), Move(target)):
        note = operations.note_of(Action.objects.filter(plan=plan).order_by("pk"))
        with CaptureQueriesContext(connection) as caught:
            change(programme, actions, what, seen=note)
        assert len(caught) < 110
    moved = Action.objects.filter(plan=target, due=today() + 60 * DAY, slips=1, version=4, also_serves=too)
    assert moved.count() == 500
    assert BulkChangeRow.objects.count() == 1500
    assert Action.history.filter(history_user=programme).count() == 1500


class TestPages:
    @pytest.fixture
    def browser(self, client: Client, programme) -> Client:
        client.force_login(programme)
        return client

    def carried(self, page) -> dict[str, str]:
        """What the preview carries to the last press."""
        form = page.context["form"]
        names = ("chosen", "reason", "plan", "how", "due", "days", "priority")
        values = {name: form[name].value() or "" for name in names if name in form.fields}
        return values | {"seen": page.context["seen"], "token": new_token()}

    def test_from_ticks_to_a_preview_to_the_change(self, browser: Client, plan, target) -> None:
        first, second, other = make_action(plan), make_action(plan, due=None), make_action(plan)
        listed = browser.get(reverse("actions:bulk"))
        assert {action.pk for action in listed.context["page"]} == {first.pk, second.pk, other.pk}
        url = reverse("actions:bulk_change", args=["redate"])
        asked = browser.get(url, {"which": "ticked", "action": [first.pk, second.pk]})
        assert "2 actions are chosen." in asked.content.decode()
        chosen = asked.context["form"]["chosen"].value()
        due = today() + 200 * DAY
        sent = {
            "chosen": chosen,
            "how": "one",
            "reason": "No staff.",
            "look": "1",
            "token": new_token(),
        }
        day = {"due_day": due.day, "due_month": due.month, "due_year": due.year}
        look = browser.post(url, sent | day)
        assert (look.status_code, Action.objects.filter(due=due).exists()) == (200, False)
        words = " ".join(look.content.decode().split())
        assert "1 action changes. Nothing is saved yet." in words
        assert "It has no due date to move. Its service sets one." in words
        done = browser.post(url, self.carried(look), follow=True)
        assert done.redirect_chain == [(reverse("actions:bulk"), 302)]
        assert list(Action.objects.filter(due=due)) == [first]
        read = browser.get(first.get_absolute_url()).content.decode()
        assert "Changed with other actions" in read
        assert "No staff." in read
        assert "Programme Person" in read

    def test_each_moves_by_days_with_its_old_and_new_date_in_the_preview(self, browser: Client, plan) -> None:
        dated = [make_action(plan, due=datetime.date(2030, 1, day)) for day in (1, 20)]
        undated = make_action(plan, due=None)
        url = reverse("actions:bulk_change", args=["redate"])
        chosen = " ".join(str(action.pk) for action in (*dated, undated))
        sent = {"chosen": chosen, "how": "later", "days": "14", "reason": "No staff.", "look": "1"}
        look = browser.post(url, sent | {"token": new_token()})
        words = " ".join(look.content.decode().split())
        assert "2 actions change. Nothing is saved yet." in words
        assert "Each 14 days later" in words
        assert [(old, new) for _, old, new in look.context["can"]] == [
            ("1 January 2030", "15 January 2030"),
            ("20 January 2030", "3 February 2030"),
        ]
        for day in ("1 January 2030", "15 January 2030", "20 January 2030", "3 February 2030"):
            assert day in words
        assert "It has no due date to move, so it is left alone." in words
        done = browser.post(url, self.carried(look))
        assert done.status_code == 302
        assert list(Action.objects.order_by("pk").values_list("due", flat=True)) == [
            datetime.date(2030, 1, 15),
            datetime.date(2030, 2, 3),
            None,
        ]
        read = " ".join(browser.get(dated[1].get_absolute_url()).content.decode().split())
        assert "Due date moved from 20 January 2030 to 3 February 2030, with 1 other action." in read

    def test_neither_box_calls_itself_optional(self, browser: Client, plan) -> None:
        """One of the two is needed, whichever way is chosen."""
        url = reverse("actions:bulk_change", args=["redate"])
        page = browser.get(url, {"action": make_action(plan).pk}).content.decode()
        assert "Or how many days does each move?" in page
        assert "(optional)" not in page

    @pytest.mark.parametrize(
        ("typed", "faults"),
        [
            ({}, {"how": "Choose how the dates move."}),
            ({"how": "one"}, {"due": "Enter the day, month and year they are due."}),
            ({"how": "later"}, {"days": "Enter a whole number of days, from 1 to 366."}),
            ({"how": "later", "days": "0"}, {"days": "Enter a whole number of days, from 1 to 366."}),
            ({"how": "earlier", "days": "367"}, {"days": "Enter a whole number of days, from 1 to 366."}),
            ({"how": "earlier", "days": "1.5"}, {"days": "Enter a whole number of days, from 1 to 366."}),
            (
                {"how": "later", "days": "7", "due_day": "1", "due_month": "2", "due_year": "2040"},
                {"due": "Leave this empty, or choose the other way above."},
            ),
        ],
    )
    def test_what_is_missing_or_too_much_is_said_beside_its_box(
        self, browser: Client, plan, typed, faults
    ) -> None:
        sent = {"chosen": str(make_action(plan).pk), "reason": "Why.", "look": "1", "token": new_token()}
        page = browser.post(reverse("actions:bulk_change", args=["redate"]), sent | typed)
        errors = {name: " ".join(told) for name, told in page.context["form"].errors.items()}
        assert (page.status_code, errors) == (422, faults)

    def test_all_that_fit_the_filters(self, browser: Client, plan, target) -> None:
        mine = [make_action(plan, category=Category.MUST) for _ in range(3)]
        make_action(plan, category=Category.COULD)
        make_action(target, category=Category.MUST)
        filters = {"which": "all", "service": plan.service.slug, "category": "must"}
        asked = browser.get(reverse("actions:bulk_change", args=["move"]), filters)
        assert asked.context["actions"] == mine

    def test_nothing_ticked_or_too_many_is_told_and_the_filters_stay(
        self, browser: Client, plan, monkeypatch
    ) -> None:
        monkeypatch.setattr("actions.views.bulk.MOST", 2)
        for _ in range(3):
            make_action(plan)
        url = reverse("actions:bulk_change", args=["move"])
        filters = {"service": plan.service.slug}
        none = browser.get(url, filters | {"which": "ticked"}, follow=True)
        assert none.redirect_chain == [(f"{reverse('actions:bulk')}?service={plan.service.slug}", 302)]
        assert "Tick at least one action first." in none.content.decode()
        many = browser.get(url, filters | {"which": "all"}, follow=True)
        assert "Choose 500 actions or fewer." in many.content.decode()

    def test_what_changed_meanwhile_is_named_and_the_page_shows_how_it_is(
        self, browser: Client, plan, target
    ) -> None:
        first, second = make_action(plan), make_action(plan)
        url = reverse("actions:bulk_change", args=["move"])
        sent = {
            "chosen": f"{first.pk} {second.pk}",
            "reason": "Why.",
            "plan": target.pk,
            "token": new_token(),
        }
        look = browser.post(url, sent | {"look": "1"})
        Action.objects.filter(pk=second.pk).update(status=Status.CLOSED)
        answer = browser.post(url, self.carried(look))
        assert answer.status_code == 409
        assert "Nothing was changed." in answer.content.decode()
        assert [action for action, *_ in answer.context["can"]] == [first]
        assert not Action.objects.filter(plan=target).exists()
        assert browser.post(url, self.carried(answer)).status_code == 302
        assert list(Action.objects.filter(plan=target)) == [first]

    def test_sent_twice_counts_once_and_is_told(self, browser: Client, plan, target) -> None:
        action = make_action(plan)
        url = reverse("actions:bulk_change", args=["move"])
        sent = {"chosen": str(action.pk), "reason": "Why.", "plan": target.pk, "token": new_token()}
        ready = self.carried(browser.post(url, sent | {"look": "1"}))
        browser.post(url, ready)
        again = browser.post(url, ready, follow=True)
        assert "Nothing was added twice." in again.content.decode()
        assert BulkChange.objects.count() == 1

    def test_one_can_go_back_and_keeps_what_was_typed(self, browser: Client, plan, target) -> None:
        action = make_action(plan)
        sent = {
            "chosen": str(action.pk),
            "reason": "Why.",
            "plan": target.pk,
            "token": new_token(),
            "edit": "1",
        }
        page = browser.post(reverse("actions:bulk_change", args=["move"]), sent)
        form = page.context["form"]
        assert (form["reason"].value(), form["plan"].value()) == ("Why.", str(target.pk))
        assert page.context["actions"] == [action]

    def test_the_list_and_the_preview_ask_as_much_for_one_as_for_three(
        self, browser: Client, plan, target
    ) -> None:
        def asked() -> list[int]:
            chosen = " ".join(map(str, Action.objects.values_list("pk", flat=True)))
            sent = {"chosen": chosen, "reason": "Why.", "plan": target.pk, "token": new_token(), "look": "1"}
            numbers = []
            for go in (
                lambda: browser.get(reverse("actions:bulk")),
                lambda: browser.get(reverse("actions:bulk_change", args=["serve"]), {"which": "all"}),
                lambda: browser.post(reverse("actions:bulk_change", args=["move"]), sent),
            ):
                with CaptureQueriesContext(connection) as caught:
                    go()
                numbers.append(len(caught))
            return numbers

        make_action(plan)
        asked()
        one = asked()
        make_action(plan)
        make_action(plan)
        assert asked() == one
        assert max(one) <= 20
