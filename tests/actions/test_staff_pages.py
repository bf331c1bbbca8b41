"""What staff do with plans and actions, page by page. Every form is posted plainly, as a browser without JavaScript does."""

import datetime

import pytest
from django.urls import reverse

from actions.models import (
    Action,
    ActionMeasure,
    ActionUpdate,
    Category,
    DueDateChange,
    Evidence,
    ImpactRating,
    Milestone,
    Plan,
    Status,
)
from foundation.tokens import new_token
from partnership.calendar import today
from partnership.roles import Role
from priorities.models import Strategy
from tests.factories import (
    current_strategy,
    make_action,
    make_action_measure,
    make_category_definitions,
    make_duty,
    make_evidence,
    make_measure,
    make_milestone,
    make_partnership,
    make_plan,
    make_priority,
    make_service,
    make_strategy,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
HUGE = "9" * 25
TABLES = [Plan, Action, ActionUpdate, Evidence, Milestone, DueDateChange, ImpactRating, ActionMeasure]


@pytest.fixture(autouse=True)
def service(db):
    make_partnership()
    make_category_definitions()
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


@pytest.fixture
def draft(service):
    return make_plan(service, status=Plan.Status.DRAFT)


def boxes(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def seen(client, url):
    """The note that a publishing page carries of what it shows."""
    page = client.get(url).context
    return page.get("seen") or page["form"].initial["seen"]


def rows():
    """Every row of every table of this app: two equal answers mean that nothing changed."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in TABLES}


def errors(response):
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def update_values(**changed):
    return {"status": "green", "narrative": "We hired two.", "token": new_token()} | changed


def action_values(**changed):
    values = {"title": "A new action", "category": "2", "priority": make_priority().pk, "token": new_token()}
    return values | changed


# --- journeys of a contributor and a publisher


@pytest.mark.requirement("R-A10")
@pytest.mark.requirement("R-A2")
def test_a_contributor_adds_an_action_from_title_category_and_priority_alone(client, contributor, draft):
    client.force_login(contributor)
    response = client.post(reverse("actions:action_new", args=[draft.slug]), action_values(), follow=True)
    action = draft.actions.get()
    assert response.redirect_chain[-1][0] == action.get_absolute_url()
    assert (action.ref, action.title, action.category, action.created_by) == (
        "SALT-1",
        "A new action",
        Category.SHOULD,
        contributor,
    )
    assert "The action is saved." in response.content.decode()


@pytest.mark.requirement("R-A3")
def test_the_form_shows_the_official_definition_of_each_category_at_the_field(client, contributor, draft):
    client.force_login(contributor)
    html = client.get(reverse("actions:action_new", args=[draft.slug])).content.decode()
    for category in Category:
        assert f"The official words for {category.slug}." in html
    assert "govuk-radios__hint" in html


@pytest.mark.requirement("R-C4")
def test_only_priorities_in_force_can_be_chosen_for_a_new_action(client, contributor, draft):
    client.force_login(contributor)
    old = make_priority(strategy=make_strategy(status=Strategy.Status.SUPERSEDED))
    url = reverse("actions:action_new", args=[draft.slug])
    response = client.post(url, action_values(priority=old.pk))
    assert errors(response) == {"priority": ["Choose one from the list."]}
    assert "A new action" in response.content.decode()
    assert client.post(url, action_values()).status_code == 302
    assert draft.actions.count() == 1


def test_an_action_keeps_the_priority_of_a_strategy_that_was_replaced(client, contributor, draft):
    old = make_priority(strategy=make_strategy(status=Strategy.Status.SUPERSEDED))
    action = make_action(draft, priority=old)
    client.force_login(contributor)
    values = action_values(priority=old.pk, title="Renamed", version=1)
    assert client.post(reverse("actions:action_edit", args=[action.ref]), values).status_code == 302
    action.refresh_from_db()
    assert (action.title, action.priority) == ("Renamed", old)


@pytest.mark.requirement("R-A10")
@pytest.mark.requirement("R-W2")
def test_an_update_is_one_short_form(client, contributor, plan):
    action = make_action(plan)
    client.force_login(contributor)
    values = update_values(
        status="amber", reason="Two left; we hire.", public_words="Some waits.", next_step="Hire."
    )
    response = client.post(reverse("actions:action_update", args=[action.ref]), values, follow=True)
    update = action.updates.get()
    assert (update.status, update.narrative, update.public_words, update.next_step, update.author) == (
        Status.AMBER,
        "We hired two.",
        "Some waits.",
        "Hire.",
        contributor,
    )
    assert "Your update is saved." in response.content.decode()
    assert "Waits for a publisher" in response.content.decode()


@pytest.mark.requirement("R-W2")
def test_nothing_has_changed_is_one_click(client, contributor, plan):
    action = make_action(plan, last_heard=today() - 40 * DAY)
    client.force_login(contributor)
    url = reverse("actions:action_update", args=[action.ref])
    token = client.get(url).context["click"]["token"].value() or new_token()
    for _ in range(2):
        response = client.post(url, {"nothing_changed": "1", "token": token}, follow=True)
    action.refresh_from_db()
    assert (action.updates.get().nothing_changed, action.last_heard) == (True, today())
    assert "Nothing had changed." in response.content.decode()


@pytest.mark.requirement("R-A4")
def test_nothing_has_changed_is_not_offered_once_the_due_date_passed(client, contributor, plan):
    action = make_action(plan, due=today() - DAY)
    client.force_login(contributor)
    url = reverse("actions:action_update", args=[action.ref])
    assert "One click says so." not in client.get(url).content.decode()
    response = client.post(url, {"nothing_changed": "1", "token": new_token()})
    assert "so something has changed" in response.content.decode()
    assert action.updates.count() == 0
    action.due = today()
    action.save()
    assert "One click says so." in client.get(url).content.decode()


@pytest.mark.requirement("R-A4")
@pytest.mark.parametrize(
    ("due", "changed", "field", "words"),
    [
        (-1, {"status": "green"}, "status", "cannot be green"),
        (1, {"status": "delivered"}, "status", "Add evidence"),
        (1, {"status": "blue"}, "status", "Choose one from the list."),
        (1, {"status": "closed"}, "status", "Choose one from the list."),
        (1, {"status": "amber"}, "reason", "how you will catch up"),
        (1, {"status": "red"}, "reason", "worse than before"),
        (1, {"status": ""}, "status", "Choose how it stands."),
        (1, {"narrative": ""}, "narrative", "Say what has changed."),
        (1, {"narrative": "\u200b\u2060"}, "narrative", "Say what has changed."),
        (1, {"narrative": "x" * 4001}, "narrative", "4,000"),
        (1, {"evidence_link": "https://example.org"}, "evidence_statement", "Say in one line"),
        (1, {"evidence_statement": "Done."}, "evidence_kind", "Choose what kind"),
        (
            1,
            {"evidence_statement": "D", "evidence_kind": "rumour"},
            "evidence_kind",
            "Choose one from the list.",
        ),
        (
            1,
            {"evidence_statement": "D", "evidence_kind": "data", "evidence_link": "javascript:alert(1)"},
            "evidence_link",
            "whole web address",
        ),
        (1, {"token": "forged"}, "token", "again"),
    ],
)
def test_a_wrong_update_is_told_beside_the_field_and_keeps_what_was_typed(
    client, contributor, plan, due, changed, field, words
):
    action = make_action(plan, due=today() + due * DAY)
    client.force_login(contributor)
    before = rows()
    response = client.post(
        reverse("actions:action_update", args=[action.ref]),
        update_values(next_step="Typed words stay.") | changed,
    )
    assert response.status_code == 422
    assert list(errors(response)) == [field]
    assert words in errors(response)[field][0]
    assert "Typed words stay." in response.content.decode()
    assert rows() == before


def test_evidence_with_an_update_makes_it_deliverable(client, contributor, plan):
    action = make_action(plan)
    client.force_login(contributor)
    proof = {
        "evidence_statement": "Ten of ten done.",
        "evidence_kind": "audit",
        "evidence_link": "https://example.org/a",
    }
    client.post(
        reverse("actions:action_update", args=[action.ref]), update_values(status="delivered", **proof)
    )
    action.refresh_from_db()
    assert (action.status, action.evidence.get().statement) == (Status.DELIVERED, "Ten of ten done.")


@pytest.mark.requirement("R-A7")
def test_a_publisher_publishes_a_draft_and_is_told_first_what_is_missing(
    client, publisher, contributor, draft
):
    make_action(draft, category=Category.MUST, duty=None, public=False)
    lacking = make_action(draft, category=Category.COULD, problem="")
    url = reverse("actions:plan_publish", args=[draft.slug])
    client.force_login(publisher)
    html = client.get(url).content.decode()
    assert "It needs the problem." in html
    before = rows()
    sent = {"seen": seen(client, url)}
    assert "needs the problem" in client.post(url, sent).content.decode()
    assert rows() == before
    Action.objects.filter(pk=lacking.pk).update(problem="It is slow.")
    client.force_login(contributor)
    assert client.post(url, sent).status_code == 403
    client.force_login(publisher)
    assert client.post(url, sent).status_code == 302
    client.logout()
    assert client.get(draft.get_absolute_url()).status_code == 200


def test_a_publisher_ticks_several_and_the_rest_keeps_waiting(client, publisher, plan):
    action, new = make_action(plan), make_action(plan, public=False)
    first, second = (make_update(action, public=False, public_words=words) for words in ("One.", "Two."))
    url = reverse("actions:plan_waiting", args=[plan.slug])
    client.force_login(publisher)
    page = client.get(url)
    assert ({row.pk for row in page.context["updates"]}, list(page.context["actions"])) == (
        {first.pk, second.pk},
        [new],
    )
    sent = {"actions": [new.pk], "updates": [first.pk], "seen": seen(client, url)}
    response = client.post(url, sent, follow=True)
    assert "2 things are public now." in response.content.decode()
    assert list(response.context["updates"]) == [second]
    client.logout()
    html = client.get(action.get_absolute_url()).content.decode()
    assert "One." in html
    assert "Two." not in html


@pytest.mark.parametrize("forged", ["another plan's", HUGE, "x", "\x00", "-1", ""])
def test_what_cannot_be_ticked_is_refused_with_a_message(client, publisher, plan, forged):
    mine = make_update(make_action(plan), public=False)
    far = make_update(make_action(), public=False)
    client.force_login(publisher)
    before = rows()
    url = reverse("actions:plan_waiting", args=[plan.slug])
    response = client.post(url, {"updates": [far.pk if forged == "another plan's" else forged]})
    assert response.status_code == 422
    assert errors(response) != {}
    assert rows() == before
    assert client.post(url, {"updates": [mine.pk], "seen": seen(client, url)}).status_code == 302


@pytest.mark.requirement("R-A9")
def test_the_second_editor_sees_both_versions_and_saving_again_keeps_theirs(client, contributor, draft):
    action = make_action(draft, title="As it was")
    client.force_login(contributor)
    url = reverse("actions:action_edit", args=[action.ref])
    assert client.post(url, action_values(title="Saved first", version=1)).status_code == 302
    second = action_values(title="Typed second", problem="Mine stays.", version=1)
    response = client.post(url, second)
    html = response.content.decode()
    assert response.status_code == 409
    for words in ("Saved first", "Typed second", "Mine stays."):
        assert words in html
    action.refresh_from_db()
    assert action.title == "Saved first"
    assert client.post(url, second | {"version": 2}).status_code == 302
    action.refresh_from_db()
    assert (action.title, action.problem) == ("Typed second", "Mine stays.")


@pytest.mark.requirement("R-A5")
def test_moving_a_public_due_date_asks_why(client, publisher, plan):
    action = make_action(plan)
    client.force_login(publisher)
    values = {
        "title": action.title,
        "category": action.category,
        "priority": action.priority_id,
        "problem": "p",
        "doing": "d",
        "difference": "f",
        "lead_role": "Head",
        "version": 1,
    } | boxes("due", action.due + DAY)
    url = reverse("actions:action_edit", args=[action.ref])
    assert list(errors(client.post(url, values))) == ["due_reason"]
    assert client.post(url, values | {"due_reason": "The room was not ready."}).status_code == 302
    client.logout()
    assert "The room was not ready." in client.get(action.get_absolute_url()).content.decode()
    assert not hasattr(ActionUpdate, "get_absolute_url"), "an update has no page of its own to change it"


def test_what_families_read_and_somebody_empties_is_told_beside_its_box(client, publisher, plan):
    action = make_action(plan)
    client.force_login(publisher)
    values = action_values(priority=action.priority_id, category=action.category, version=1, problem="")
    values |= {"due_reason": "Nobody knows yet."}
    answer = client.post(reverse("actions:action_edit", args=[action.ref]), values)
    assert answer.status_code == 422
    found = errors(answer)
    assert found["problem"] == ["Families already read this action, so it needs the problem."]
    assert found["due"] == ["Families already read this action, so it needs the due date."]
    assert "__all__" not in found
    page = answer.content.decode()
    assert page.count(found["due"][0]) == 2, "once in the list at the top, once beside the boxes"
    action.refresh_from_db()
    assert (action.problem, action.version) == ("What is wrong now.", 1)


@pytest.mark.requirement("R-A4")
def test_assurance_signs_off_and_the_words_are_public(client, plan):
    action = make_action(plan, status=Status.DELIVERED)
    make_evidence(action, statement="Twenty checked.")
    assurance = make_user(Role.ASSURANCE)
    client.force_login(assurance)
    url = reverse("actions:sign_off", args=[action.ref])
    assert "Twenty checked." in client.get(url).content.decode()
    values = {"rating": "not_yet_known", "words": "Families wait less.", "decision": "sign_off"}
    values["token"] = new_token()
    assert "a difference was seen" in client.post(url, values).content.decode()
    assert client.post(url, values | {"rating": "clear"}).status_code == 302
    action.refresh_from_db()
    assert (action.status, action.impact) == (Status.BLUE, "clear")
    client.logout()
    assert "Families wait less." in client.get(action.get_absolute_url()).content.decode()


@pytest.mark.requirement("R-A6")
def test_assurance_can_record_the_difference_without_signing_off(client, plan):
    action = make_action(plan, status=Status.GREEN)
    client.force_login(make_user(Role.ASSURANCE))
    url = reverse("actions:sign_off", args=[action.ref])
    values = {"rating": "none_seen", "words": "Not yet.", "decision": "sign_off", "token": new_token()}
    assert errors(client.post(url, values)) == {"decision": ["Choose one from the list."]}
    assert client.post(url, values | {"decision": "rate"}).status_code == 302
    action.refresh_from_db()
    assert (action.status, action.impact) == (Status.GREEN, "none_seen")


@pytest.mark.requirement("R-A4")
def test_the_programme_team_closes_an_action_with_a_reason(client, plan):
    action = make_action(plan)
    client.force_login(make_user(Role.PROGRAMME))
    url = reverse("actions:action_close", args=[action.ref])
    token = new_token()
    assert list(errors(client.post(url, {"reason": "", "token": token}))) == ["reason"]
    assert client.post(url, {"reason": "The law changed.", "token": token}).status_code == 302
    client.logout()
    page = client.get(action.get_absolute_url())
    assert page.context["action"].shown_status == Status.CLOSED
    assert "The law changed." in page.content.decode()
    assert "Closed: not going ahead" in page.content.decode()


def test_steps_evidence_and_measures_are_added_changed_and_taken_off(client, publisher, plan):
    action, measure = make_action(plan), make_measure("Waiting time")
    client.force_login(publisher)
    for name, values in [
        ("milestone_new", {"title": "Hire", "token": new_token()}),
        ("evidence_new", {"statement": "Two hired.", "kind": "document", "token": new_token()}),
        ("measure_new", {"measure": measure.pk, "success_looks_like": "Under four weeks."}),
    ]:
        assert client.post(reverse(f"actions:{name}", args=[action.ref]), values).status_code == 302, name
    html = client.get(action.get_absolute_url()).content.decode()
    for words in ("Hire", "Two hired.", "Waiting time", "Under four weeks."):
        assert words in html
    step, link = action.milestones.get(), action.success_measures.get()
    url = reverse("actions:milestone_edit", args=[action.ref, step.pk])
    tomorrow = {"title": "Hire two"} | boxes("done_on", today() + DAY)
    assert list(errors(client.post(url, tomorrow))) == ["done_on"]
    assert client.post(url, {"title": "Hire two"} | boxes("done_on", today())).status_code == 302
    step.refresh_from_db()
    assert (step.title, step.done_on) == ("Hire two", today())
    remove = reverse("actions:measure_remove", args=[action.ref, link.pk])
    assert client.get(remove).status_code == 405
    client.post(remove)
    assert not action.success_measures.exists()


def test_a_contributor_says_when_a_public_step_was_done_and_changes_no_word_of_it(client, contributor, plan):
    step = make_milestone(make_action(plan), "Hire")
    client.force_login(contributor)
    url = reverse("actions:milestone_edit", args=[step.action.ref, step.pk])
    refused = client.post(url, {"title": "Forged words"} | boxes("done_on", today()))
    step.refresh_from_db()
    assert (step.title, step.done_on) == ("Hire", None), "words that are not theirs to send save nothing"
    assert "Forged words" in refused.content.decode(), "and are given back"
    client.post(url, boxes("done_on", today()))
    step.refresh_from_db()
    assert (step.title, step.done_on) == ("Hire", today())


def test_a_plan_is_begun_changed_and_archived(client, publisher, service):
    client.force_login(publisher)
    strategy = current_strategy()
    values = {"service": service.pk, "title": "Our plan", "strategy": strategy.pk, "token": new_token()}
    values |= boxes("starts", datetime.date(2026, 4, 1)) | boxes("ends", datetime.date(2027, 3, 31))
    url = reverse("actions:plan_new")
    wrong = values | boxes("ends", datetime.date(2026, 3, 31))
    assert list(errors(client.post(url, wrong))) == ["ends"]
    assert list(errors(client.post(url, values | {"service": make_service().pk}))) == ["service"]
    for _ in range(2):
        assert client.post(url, values).status_code == 302
    plan = Plan.objects.get()
    edit = reverse("actions:plan_edit", args=[plan.slug])
    assert client.post(edit, values | {"title": "Better", "version": 1}).status_code == 302
    assert client.post(edit, values | {"title": "Late", "version": 1}).status_code == 409
    plan.refresh_from_db()
    assert (plan.title, plan.status) == ("Better", Plan.Status.DRAFT)
    Plan.objects.update(status=Plan.Status.PUBLISHED)
    client.post(reverse("actions:plan_archive", args=[plan.slug]), {"version": 2})
    plan.refresh_from_db()
    assert plan.status == Plan.Status.ARCHIVED
    assert client.get(edit).status_code == 403


# --- what people send that no form would


NASTY = [
    "\x00\x07",
    "\u202egnp.exe",
    "\u200b\u200b",
    "x" * 300,
    HUGE,
    "<script>alert(1)</script>",
    "\ud800",
    "é" * 150,
]


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize(
    "field", ["title", "category", "priority", "duty", "due_day", "partners", "commitments", "token"]
)
def test_no_text_in_any_field_of_an_action_is_an_error_of_ours(client, contributor, draft, field, text):
    client.force_login(contributor)
    values = action_values(problem="Typed words stay.") | {field: text.encode("utf-8", "replace").decode()}
    response = client.post(reverse("actions:action_new", args=[draft.slug]), values)
    assert response.status_code in (422, 302)
    if response.status_code == 422:
        assert errors(response) != {}
        assert "Typed words stay." in response.content.decode()
        assert draft.actions.count() == 0
    else:
        stored = draft.actions.get()
        assert field == "title"
        assert not {"\x00", "\x07", "\u202e", "\u200b"} & set(stored.title)


@pytest.mark.parametrize("ref", [HUGE, "x", "SALT-99", "s" * 300])
def test_an_action_or_plan_that_is_not_there_is_no_page(client, publisher, plan, ref):
    action = make_action(plan)
    client.force_login(publisher)
    assert client.get(reverse("actions:action_update", args=[action.ref])).status_code == 200
    names = [
        "action",
        "action_edit",
        "action_update",
        "evidence_new",
        "milestone_new",
        "measure_new",
        "sign_off",
    ]
    for name in [*names, "action_close", "plan", "plan_edit", "plan_publish", "plan_waiting", "plan_archive"]:
        assert client.get(reverse(f"actions:{name}", args=[ref])).status_code == 404, name
    for name in ("milestone_edit", "measure_remove"):
        for pk in (HUGE[:18], "0"):
            assert client.post(reverse(f"actions:{name}", args=[action.ref, int(pk)])).status_code == 404


# --- another service's plan, by every verb


def places(plan, action):
    step, link = make_milestone(action), make_action_measure(action)
    for name in ("plan_edit", "plan_publish", "plan_waiting", "plan_archive", "action_new"):
        yield name, reverse(f"actions:{name}", args=[plan.slug])
    for name in (
        "action_edit",
        "action_update",
        "evidence_new",
        "milestone_new",
        "measure_new",
        "sign_off",
        "action_close",
    ):
        yield name, reverse(f"actions:{name}", args=[action.ref])
    yield "milestone_edit", reverse("actions:milestone_edit", args=[action.ref, step.pk])
    yield "measure_remove", reverse("actions:measure_remove", args=[action.ref, link.pk])


VERBS = ["get", "head", "post", "put", "patch", "delete", "options", "trace"]


@pytest.mark.requirement("R-A7")
@pytest.mark.parametrize("status", Plan.Status)
@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.PUBLISHER])
def test_another_services_plan_is_refused_by_every_verb_and_nothing_changes(client, role, status):
    plan = make_plan(status=status)
    action = make_action(plan, public=False)
    urls = dict(places(plan, action))
    values = (
        update_values() | action_values() | {"reason": "r", "statement": "s", "kind": "data", "version": 1}
    )
    values |= {
        "updates": [],
        "actions": [action.pk],
        "nothing_changed": "1",
        "rating": "clear",
        "decision": "rate",
    }
    client.force_login(make_user(role, service=make_service()))
    before = rows()
    wanted = 404 if status == Plan.Status.DRAFT else 403
    for name, url in urls.items():
        for verb in VERBS:
            answer = getattr(client, verb)(url, **({} if verb == "trace" else {"data": values}))
            reads, sends = verb in ("get", "head"), verb == "post"
            meant = sends or (reads and name != "measure_remove")
            assert answer.status_code == (wanted if meant else 405), (name, verb)
    assert rows() == before


@pytest.mark.requirement("R-A7")
@pytest.mark.parametrize(
    "role",
    [
        Role.BOARD,
        Role.CHAIR,
        Role.ADVISER,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
        Role.MODERATOR,
        Role.FAMILY,
        None,
    ],
)
def test_those_who_only_read_change_nothing(client, role, plan):
    action = make_action(plan, status=Status.DELIVERED)
    make_evidence(action)
    urls = dict(places(plan, action))
    person = make_user(role)
    client.force_login(person)
    before = rows()
    for name, url in urls.items():
        assert client.post(url, update_values() | action_values()).status_code == 403, name
    assert client.post(reverse("actions:plan_new"), {}).status_code == 403
    assert rows() == before
    html = client.get(action.get_absolute_url()).content.decode()
    for button in ("Update this action", "Add evidence", "Change its words", "sign it off", "Close it"):
        assert button not in html


def test_signed_out_visitors_are_sent_to_sign_in_and_change_nothing(client, plan):
    urls = dict(places(plan, make_action(plan)))
    before = rows()
    for name, url in urls.items():
        sign_in = f"/accounts/login/?next={url}"
        empty = client.post(url)
        assert (empty.status_code, empty.url) == (302, sign_in), name
        # Whoever was signed out while they wrote gets the words back, and the same way on.
        written = client.post(url, update_values())
        assert (written.status_code, f'href="{sign_in}"' in written.content.decode()) == (403, True), name
    assert rows() == before


def test_buttons_follow_what_each_person_may_do(client, contributor, publisher, draft, plan):
    make_action(draft)
    seen = {}
    for person in (contributor, publisher):
        client.force_login(person)
        seen[person] = client.get(draft.get_absolute_url()).context["may"]
    both = {"edit": True, "archive": False, "publish_waiting": False, "pdf": True, "see_imports": True}
    assert seen[contributor] == both | {"publish": False}
    assert seen[publisher] == both | {"publish": True}
    assert client.get(plan.get_absolute_url()).context["may"]["archive"] is True


def test_a_duty_can_be_chosen_for_a_must_alone(client, contributor, draft):
    client.force_login(contributor)
    url = reverse("actions:action_new", args=[draft.slug])
    duty = make_duty()
    assert list(errors(client.post(url, action_values(duty=duty.pk)))) == ["duty"]
    assert client.post(url, action_values(duty=duty.pk, category="1")).status_code == 302
    assert draft.actions.get().duty == duty
