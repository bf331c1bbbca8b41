"""A service runs its plan: real sign-in, my work, a new action, an update, two people at once, publishing."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import struct
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from allauth.account.models import EmailAddress

from actions.models import Action, ActionUpdate, Category, Plan, Status
from partnership.calendar import today
from partnership.models import User
from partnership.roles import Role
from tests import factories as make

from .conftest import Window, priority, service

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a-long-made-up-password"
HALF_MINUTE = 30


def totp(key: str, seconds: int) -> str:
    """Work out the six numbers that a code app shows at that time (RFC 6238)."""
    counter = struct.pack(">Q", seconds // HALF_MINUTE)
    digest = hmac.new(base64.b32decode(key), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    (number,) = struct.unpack(">I", digest[start : start + 4])
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06}"


def test_the_code_app_of_these_tests_keeps_to_its_standard() -> None:
    key = base64.b32encode(b"12345678901234567890").decode()
    assert [totp(key, at) for at in (59, 1111111109, 20000000000)] == ["287082", "081804", "353130"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Hold the clock of the codes still, so that none runs out between reading and typing it."""
    held = SimpleNamespace(now=1_800_000_000)
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", SimpleNamespace(time=lambda: held.now))
    return held


def a_contributor_with_a_password() -> User:
    person = make.make_user(
        Role.CONTRIBUTOR, service=service("inclusion-service"), two_step=False, email="asha@example.org"
    )
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.mark.requirement("R-P5")
@pytest.mark.requirement("R-W1")
def test_a_contributor_signs_in_with_two_steps_and_lands_on_my_work(
    windows: Callable[..., Window], clock: SimpleNamespace
) -> None:
    person = a_contributor_with_a_password()
    make.make_plan(service("inclusion-service"), status="draft", title="Plan of next year")
    asha = windows()

    asha.open("/my-work/")
    asha.at("Sign in")
    asha.fill(login=person.email, password="not-the-password")
    asha.press("Sign in")
    asha.at("Sign in")
    assert asha.page.title().startswith("Error: ")
    asha.fill(login=person.email, password=PASSWORD)
    asha.press("Sign in")
    # A role in the partnership needs a second step before anything else.
    asha.at("Two-step sign-in")
    asha.follow("Set up a code app")
    asha.at("Is it still you?")
    asha.fill(password=PASSWORD)
    asha.press("Go on")
    asha.at("Set up a code app")
    key = asha.page.locator(".portal-mono").inner_text()
    asha.fill(code=totp(key, clock.now))
    asha.press("Turn on the code app")
    asha.at("Spare codes")
    asha.open("/my-work/")
    asha.page.locator("header").get_by_role("button", name="Sign out").first.click()

    clock.now += HALF_MINUTE
    asha.open("/my-work/")
    asha.fill(login=person.email, password=PASSWORD)
    asha.press("Sign in")
    asha.at("The second step")
    asha.fill(code="000000")
    asha.press("Sign in")
    asha.at("The second step")
    asha.fill(code=totp(key, clock.now))
    asha.press("Sign in")
    asha.at(f"{person.name} My work")
    assert asha.texts(".portal-work__title") == ["Plan of next year"]


class Office:
    """A service with a draft plan and a published one, beside another service."""

    def __init__(self) -> None:
        team, other = service("inclusion-service"), service("public-health")
        first = priority(1)
        self.contributor = make.make_user(Role.CONTRIBUTOR, service=team, name="Asha Contributor")
        self.colleague = make.make_user(Role.CONTRIBUTOR, service=team, name="Bryn Colleague")
        self.publisher = make.make_user(Role.PUBLISHER, service=team, name="Cleo Publisher")
        self.draft = make.make_plan(
            team, strategy=first.strategy, status="draft", title="Plan of next year", slug="next-year"
        )
        running = make.make_plan(team, strategy=first.strategy, title="Plan of this year")
        self.action = make.make_action(running, ref="INC-70", priority=first, title="Train nurseries")
        self.theirs = make.make_action(
            make.make_plan(other, strategy=first.strategy), ref="PH-70", priority=first, title="Visit homes"
        )
        hidden = make.make_plan(other, strategy=first.strategy, status="draft")
        make.make_action(hidden, ref="PH-71", priority=first, title="Not yet known")


@pytest.fixture
def office(lancashire: None) -> Office:
    return Office()


def fill_new_action(window: Window, title: str) -> None:
    window.fill(
        title=title,
        problem="Some children have no friend at school.",
        doing="Each school begins a circle of friends.",
        difference="Children say that they have somebody to play with.",
        lead_role="Inclusion lead",
        accountable_role="Head of inclusion",
    )
    window.choose("category", Category.SHOULD.value)
    window.pick("priority", priority(2).pk)
    window.fill_day("due", today() + datetime.timedelta(days=120))


def typed(page: Page) -> dict[str, Any]:
    """Read everything that the page's form would send now."""
    fields: list[tuple[str, str]] = page.locator("main form").last.evaluate("form => [...new FormData(form)]")
    return dict(fields)


@pytest.mark.requirement("R-A10")
@pytest.mark.requirement("R-Z10")
@pytest.mark.requirement("R-A7")
def test_a_new_action_goes_from_a_draft_to_everybody(
    windows: Callable[..., Window], office: Office, sign_in: Callable[..., None]
) -> None:
    asha, cleo, visitor = windows(), windows(), windows()
    sign_in(asha.page, office.contributor)
    visitor.open("/plans/")
    visitor.at("Plans")
    assert visitor.texts("main .portal-action-row__title") == [
        plan.title for plan in Plan.objects.visible_to(office.contributor) if plan != office.draft
    ]

    asha.open("/my-work/")
    asha.at("Asha Contributor My work")
    asha.follow("Plan of next year")
    asha.at("Plan of next year")
    asha.follow("Add an action")
    asha.at("Add an action")
    fill_new_action(asha, "Begin circles of friends")
    # The same form arrives twice, as when somebody presses twice: it counts once.
    first = asha.page.request.post(asha.page.url, form=typed(asha.page))
    assert first.ok
    asha.press("Save")
    asha.at("Plan of next year")
    assert asha.says("This was saved already. Nothing was added twice.")
    assert asha.texts(".portal-action-row__title") == ["Begin circles of friends"]
    made = Action.objects.get(plan=office.draft)
    asha.follow("Begin circles of friends")
    asha.at("Begin circles of friends")
    assert asha.says("This action is in a draft plan.")
    assert asha.page.get_by_role("link", name="Publish the plan").count() == 0

    assert visitor.open(made.get_absolute_url()).status == 404
    visitor.at("We cannot find that page")
    assert visitor.open("/plans/next-year/").status == 404

    sign_in(cleo.page, office.publisher)
    cleo.open("/my-work/")
    cleo.at("Cleo Publisher My work")
    cleo.follow("Plan of next year")
    cleo.at("Plan of next year")
    cleo.follow("Publish the plan")
    cleo.at("Publish Plan of next year")
    assert cleo.says("1 action becomes public with the plan.")
    cleo.press("Publish the plan")
    cleo.at("Plan of next year")
    assert cleo.says("The plan is public. Everybody can read it.")

    visitor.open("/plans/")
    visitor.follow("Plan of next year")
    visitor.at("Plan of next year")
    visitor.follow("Begin circles of friends")
    visitor.at("Begin circles of friends")
    assert visitor.says("Children say that they have somebody to play with.")
    assert visitor.texts(".portal-standing .portal-status") == ["Not started"]
    assert "Asha" not in visitor.page.content()
    visitor.open(priority(2).get_absolute_url())
    assert visitor.texts(".portal-action-row__title") == ["Begin circles of friends"]


@pytest.mark.requirement("R-A5")
@pytest.mark.requirement("R-A7")
def test_an_update_is_seen_inside_at_once_and_outside_when_a_publisher_has_read_it(
    windows: Callable[..., Window], office: Office, sign_in: Callable[..., None]
) -> None:
    asha, cleo, visitor = windows(), windows(), windows()
    address = office.action.get_absolute_url()
    visitor.open(address)
    visitor.at("Train nurseries")
    sign_in(asha.page, office.contributor)
    asha.open(address)
    asha.at("Train nurseries")
    asha.follow("Update this action")
    asha.at("Update this action INC-70: Train nurseries")
    asha.choose("status", Status.AMBER.value)
    asha.fill(
        narrative="Ten of forty nurseries are trained.", public_words="Ten nurseries have a trained person."
    )
    asha.press("Save the update")
    asha.at("Update this action INC-70: Train nurseries")
    assert asha.page.title().startswith("Error: ")
    assert asha.texts(".govuk-error-summary li") == [
        "Why? Say what puts it at risk and how you will catch up."
    ]
    asha.fill(reason="Two trainers left. Two more start in June.", next_step="Train ten more by July.")
    asha.press("Save the update")
    asha.at("Train nurseries")
    assert asha.texts(".portal-standing .portal-status") == ["Amber: at risk"]
    told = asha.part("What has happened").inner_text()
    for words in ("Ten of forty nurseries are trained.", "Train ten more by July.", "Waits for a publisher"):
        assert words in told

    visitor.open(address)
    assert visitor.texts(".portal-standing .portal-status") == ["Green: on track"]
    assert not visitor.says("Ten nurseries have a trained person.")

    sign_in(cleo.page, office.publisher)
    cleo.open("/my-work/")
    cleo.follow("Plan of this year: 1 to read and publish")
    cleo.at("Waiting to be published Plan of this year")
    cleo.page.locator("input[name=updates]").check()
    cleo.press("Publish what is ticked")
    cleo.at("Waiting to be published Plan of this year")
    assert cleo.says("1 thing is public now.")

    visitor.open(address)
    visitor.at("Train nurseries")
    assert visitor.texts(".portal-standing .portal-status") == ["Amber: at risk"]
    assert visitor.says("Ten nurseries have a trained person.")
    assert not visitor.says("Ten of forty nurseries are trained.")
    assert "Asha" not in visitor.page.content()


@pytest.mark.requirement("R-A7")
def test_the_actions_of_another_service_are_out_of_reach(
    windows: Callable[..., Window], office: Office, sign_in: Callable[..., None]
) -> None:
    asha = windows()
    sign_in(asha.page, office.contributor)
    asha.open(office.theirs.get_absolute_url())
    asha.at("Visit homes")
    assert asha.page.locator("main .portal-actions").count() == 0
    assert asha.open("/actions/INC-70/update/").status == 200
    fields = typed(asha.page) | {"status": "red", "reason": "Not theirs.", "narrative": "Not theirs."}
    # What anybody may read is refused (403); what nobody outside sees is not there at all (404).
    for address, status, heading in (
        ("/actions/PH-70/update/", 403, "You cannot open this page"),
        ("/actions/PH-71/update/", 404, "We cannot find that page"),
        ("/actions/PH-71/", 404, "We cannot find that page"),
    ):
        assert asha.open(address).status == status, address
        asha.at(heading)
        assert asha.page.request.post(address, form=fields).status in (status, 405), address
    assert ActionUpdate.objects.count() == 0
    # The very same form is good for the service's own action.
    assert asha.page.request.post("/actions/INC-70/update/", form=fields).ok
    assert list(ActionUpdate.objects.values_list("action__ref", "narrative")) == [("INC-70", "Not theirs.")]
    assert asha.open("/plans/next-year/publish/").status == 403
    asha.at("You cannot open this page")


@pytest.mark.requirement("R-A9")
def test_two_people_change_one_action_and_neither_loses_a_word(
    windows: Callable[..., Window], office: Office, sign_in: Callable[..., None]
) -> None:
    action = make.make_action(office.draft, ref="INC-80", priority=priority(1), title="Circles of friends")
    asha, bryn = windows(), windows()
    sign_in(asha.page, office.contributor)
    sign_in(bryn.page, office.colleague)
    asha.open("/actions/INC-80/edit/")
    asha.at("Change INC-80")
    bryn.open("/actions/INC-80/edit/")
    bryn.fill(problem="Bryn: playtimes are lonely.")
    bryn.press("Save")
    bryn.at("Circles of friends")

    asha.fill(problem="Asha: lunch is lonely.", lead_role="Inclusion lead")
    asha.press("Save")
    asha.at("Someone else changed this while you were writing")
    both = asha.page.locator(".portal-compare__changed", has_text="The problem")
    assert both.locator("td").all_inner_texts() == ["Bryn: playtimes are lonely.", "Asha: lunch is lonely."]
    assert asha.says("Bryn Colleague")
    action.refresh_from_db()
    assert action.problem == "Bryn: playtimes are lonely."
    assert asha.page.locator("main [name=problem]").input_value() == "Asha: lunch is lonely."

    asha.fill(problem="Lunch and playtimes are lonely.")
    asha.press("Save my version")
    asha.at("Circles of friends")
    assert asha.says("Lunch and playtimes are lonely.")
    assert asha.says("Inclusion lead")
    action.refresh_from_db()
    assert (action.problem, action.lead_role) == ("Lunch and playtimes are lonely.", "Inclusion lead")
