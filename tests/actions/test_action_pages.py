"""The pages of actions that everybody reads."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.definitions import DEFAULTS
from actions.models import Category, Plan, Status, StatusDefinition
from partnership.calendar import today
from partnership.roles import Role
from tests.factories import (
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
    make_sector,
    make_service,
    make_strategy,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db
LATE = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _settings(db):
    make_partnership()


def refs(response):
    return [action.ref for action in response.context["page"]]


@pytest.mark.requirement("R-A11")
def test_action_page_has_the_three_plain_headings_with_their_words(client):
    action = make_action(
        problem="Waits are long.", doing="We hire two people.", difference="Waits are short."
    )
    html = client.get(action.get_absolute_url()).content.decode()
    order = [">The problem<", "Waits are long.", ">What we are doing<", "We hire two people."]
    order += [">The difference it will make<", "Waits are short."]
    html = html[html.index("<h1") :]
    places = [html.index(words) for words in order]
    assert places == sorted(places)


@pytest.mark.requirement("R-A11")
def test_public_page_shows_no_staff_name_or_e_mail_and_staff_see_who_wrote(client):
    action = make_action(status=Status.DELIVERED)
    author = make_user(
        Role.CONTRIBUTOR, service=action.service, name="Winifred Uncommon", email="winifred@example.org"
    )
    make_update(action, author=author, public_words="We opened a new room.", narrative="Inside words.")
    make_evidence(action, by=author, statement="A count of rooms.")
    public = client.get(action.get_absolute_url()).content.decode()
    assert "We opened a new room." in public
    for hidden in ("Winifred", "winifred@example.org", "Inside words.", "A count of rooms.", "@example.org"):
        assert hidden not in public
    client.force_login(make_user(Role.BOARD))
    inside = client.get(action.get_absolute_url()).content.decode()
    for shown in ("Winifred Uncommon", "Inside words.", "A count of rooms."):
        assert shown in inside
    assert "winifred@example.org" not in inside


def test_unpublished_words_are_read_inside_and_not_outside(client):
    action = make_action(status=Status.AMBER, public_status=Status.GREEN)
    make_update(action, public=False, public_words="Words that wait.")
    public = client.get(action.get_absolute_url())
    assert public.context["action"].shown_status == Status.GREEN
    assert "Words that wait." not in public.content.decode()
    client.force_login(make_user(Role.BOARD))
    inside = client.get(action.get_absolute_url())
    assert inside.context["action"].shown_status == Status.AMBER
    assert "Words that wait." in inside.content.decode()


@pytest.mark.requirement("R-A4")
def test_overdue_action_is_shown_red_with_the_reason(client):
    late = make_action(due=today() - LATE, status=Status.GREEN)
    in_time = make_action(due=today(), status=Status.GREEN)
    page = client.get(late.get_absolute_url())
    assert page.context["action"].shown_status == Status.RED
    assert "shown as red because its due date" in page.content.decode()
    page = client.get(in_time.get_absolute_url())
    assert page.context["action"].shown_status == Status.GREEN
    assert "shown as red because its due date" not in page.content.decode()


@pytest.mark.requirement("R-A6")
def test_delivered_with_difference_not_yet_known_shows_both_apart(client):
    action = make_action(status=Status.DELIVERED, impact="not_yet_known")
    html = client.get(action.get_absolute_url()).content.decode()
    assert "Delivered: awaiting sign\u2011off" in html
    assert "Not yet known" in html


@pytest.mark.requirement("R-A5")
def test_moved_due_date_shows_the_first_one_and_how_often_it_slipped(client):
    first, now = datetime.date(2027, 3, 1), datetime.date(2027, 6, 1)
    action = make_action(due=now, original_due=first, slips=2)
    html = client.get(action.get_absolute_url()).content.decode()
    assert "First due 1 March 2027." in html
    assert "Moved later 2 times." in html


def test_an_action_that_is_not_public_is_no_page_for_visitors_and_is_one_for_staff(client):
    action = make_action(public=False)
    assert client.get(action.get_absolute_url()).status_code == 404
    client.force_login(make_user(Role.BOARD))
    response = client.get(action.get_absolute_url())
    assert response.status_code == 200
    assert "This action is not public yet." in response.content.decode()


@pytest.mark.requirement("R-A3")
@pytest.mark.requirement("R-Z2")
def test_list_is_in_must_should_could_order_and_a_red_must_comes_before_any_could(client):
    plan = make_plan()
    could = make_action(plan, category=Category.COULD, due=today() - LATE, status=Status.RED)
    should = make_action(plan, category=Category.SHOULD, due=today() - LATE)
    must = make_action(plan, category=Category.MUST, due=today() + datetime.timedelta(days=400))
    red_must = make_action(plan, category=Category.MUST, due=today() + LATE, status=Status.RED)
    assert refs(client.get(reverse("actions:actions"))) == [red_must.ref, must.ref, should.ref, could.ref]


def test_each_filter_narrows_the_list_and_stands_in_the_address(client):
    education, health = make_sector("Education"), make_sector("Health")
    school, clinic = make_service(sector=education), make_service(sector=health)
    first, second = make_priority(), make_priority()
    a = make_action(make_plan(school), priority=first, category=Category.MUST, status=Status.GREEN)
    b = make_action(make_plan(clinic), priority=second, category=Category.COULD, status=Status.AMBER)
    late = make_action(
        b.plan, priority=second, category=Category.COULD, due=today() - LATE, status=Status.GREEN
    )
    late.also_serves.add(first)
    url = reverse("actions:actions")
    for query, wanted in [
        ({"priority": first.pk}, [a.ref, late.ref]),
        ({"priority": second.pk}, [late.ref, b.ref]),
        ({"sector": education.slug}, [a.ref]),
        ({"service": clinic.slug}, [late.ref, b.ref]),
        ({"category": "must"}, [a.ref]),
        ({"status": "green"}, [a.ref]),
        ({"status": "red"}, [late.ref]),
        ({"status": "amber"}, [b.ref]),
        ({"status": "red", "category": "must"}, []),
        ({}, [a.ref, late.ref, b.ref]),
    ]:
        assert refs(client.get(url, query)) == wanted, query


@pytest.mark.parametrize("value", ["9" * 25, "‮must", "no-such-thing", "<script>", "-1", "​"])
@pytest.mark.parametrize("name", ["priority", "sector", "service", "category", "status", "page"])
def test_garbage_in_a_filter_is_a_message_and_never_an_error(client, name, value):
    action = make_action()
    response = client.get(reverse("actions:actions"), {name: value})
    assert response.status_code == 200
    assert refs(response) == [action.ref]
    assert ("Choose one from the list." in response.content.decode()) == (name != "page")


def test_empty_lists_say_so_with_a_way_on(client):
    assert "No action is public yet." in client.get(reverse("actions:actions")).content.decode()
    assert "No plan is public yet." in client.get(reverse("actions:plans")).content.decode()
    make_action(category=Category.COULD)
    assert (
        "No action fits these choices."
        in client.get(reverse("actions:actions"), {"category": "must"}).content.decode()
    )


@pytest.mark.requirement("R-A4")
def test_the_key_prints_the_seven_statuses_with_the_partnerships_own_meaning(client):
    make_action()
    StatusDefinition.objects.create(status=Status.AMBER, meaning="Our own words for amber.")
    for url in (reverse("actions:actions"), make_action().plan.get_absolute_url()):
        response = client.get(url)
        assert [row.status for row in response.context["status_key"]] == list(Status.values)
        assert "Our own words for amber." in response.content.decode()
    amber = make_action(status=Status.AMBER).get_absolute_url()
    assert client.get(amber).context["meaning"] == "Our own words for amber."
    assert client.get(make_action().get_absolute_url()).context["meaning"] == DEFAULTS[Status.GREEN]


@pytest.mark.requirement("R-A4")
def test_an_administrator_changes_what_a_status_means_and_everybody_reads_it(client):
    client.force_login(make_user(Role.ADMINISTRATOR))
    words = {"status": "amber", "meaning": "We slip, and have said how we catch up."}
    assert client.post(reverse("admin:actions_statusdefinition_add"), words).status_code == 302
    change = reverse("admin:actions_statusdefinition_change", args=[StatusDefinition.objects.get().pk])
    assert client.post(change, words | {"meaning": "Changed words for amber."}).status_code == 302
    client.logout()
    html = client.get(make_action(status=Status.AMBER).get_absolute_url()).content.decode()
    assert "Changed words for amber." in html


@pytest.mark.requirement("R-A3")
def test_plan_page_is_grouped_in_order_each_with_its_official_definition(client):
    make_category_definitions()
    plan = make_plan()
    for category in (Category.COULD, Category.MUST, Category.SHOULD):
        make_action(plan, category=category)
    response = client.get(plan.get_absolute_url())
    assert [group["category"] for group in response.context["groups"]] == list(Category)
    html = response.content.decode()
    places = [html.index(f"The official words for {category.slug}.") for category in Category]
    assert places == sorted(places)


def test_a_draft_plan_is_no_page_for_visitors_and_a_page_with_a_banner_for_its_service(client):
    plan = make_plan(status=Plan.Status.DRAFT)
    assert client.get(plan.get_absolute_url()).status_code == 404
    client.force_login(make_user(Role.CONTRIBUTOR, service=plan.service))
    assert "This is a draft." in client.get(plan.get_absolute_url()).content.decode()


def _fill(number, plan, strategy):
    for _ in range(number):
        service = make_service()
        action = make_action(make_plan(service), category=Category.MUST, duty=make_duty())
        action.also_serves.add(make_priority(strategy=strategy))
    for _ in range(number):
        action = make_action(plan, category=Category.MUST)


def test_lists_ask_the_same_number_of_questions_for_three_rows_as_for_one(client):
    make_category_definitions()
    strategy = make_strategy(kind="reform_plan")
    plan = make_plan()
    counts = {}
    for rows in (1, 2):
        _fill(rows, plan, strategy)
        for url in (reverse("actions:actions"), reverse("actions:plans"), plan.get_absolute_url()):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert client.get(url, headers={"HX-Request": "true"}).status_code == 200
            counts.setdefault(url, []).append([query["sql"] for query in asked])
    for url, (one, three) in counts.items():
        assert len(one) == len(three), url
        assert len(three) <= (15 if url == plan.get_absolute_url() else 8), (url, three)


def test_action_page_asks_the_same_number_of_questions_for_three_of_each_as_for_one(client):
    action = make_action()
    counts = []
    for rows in (1, 2):
        for _ in range(rows):
            make_update(action)
            make_milestone(action)
            make_action_measure(action, make_measure())
            make_evidence(action)
            action.also_serves.add(make_priority())
            action.partners.add(make_service())
        with CaptureQueriesContext(connection) as asked:
            assert client.get(action.get_absolute_url(), headers={"HX-Request": "true"}).status_code == 200
        counts.append([query["sql"] for query in asked])
    assert len(counts[0]) == len(counts[1])
    assert len(counts[1]) <= 11, counts[1]  # and one more for the content version
