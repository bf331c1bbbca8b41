"""Tables that never were in the portal: shaped like plans elsewhere, their contents made up here (R-W4)."""

import io

import pytest
from django.urls import reverse

from actions.models import Action, Category, PlanImport
from actions.operations.imports import begin_import
from foundation.spreadsheet import csv_lines, xlsx_pieces
from foundation.tokens import new_token
from partnership.roles import Role
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R-W4")]

NUMBERED = [
    ["Improvement plan (a made-up working document)"],
    ["No.", "Action", "Due date", "Responsible officer (lead)", "Senior responsible officer (accountable)",
     "Success criteria", "Urgency", "Progress update"],
    ["1.1", "Begin a drop-in for parents. It opens each Monday.", "Sep 2031", "Head of team", "Director", "Ten families a week", "High",
     "01/02: a room was found"],
    ["1.2", "Train twelve mentors", "31/12/2031", "Head of training", "Director", "Twelve are trained", "Low", ""],
]  # fmt: skip
BY_AGENCY = [
    ["Action", "Lead agency", "Roles responsible", "Due date", "Short/medium term", "Success measure"],
    [
        "Write a guide for nurseries",
        "Council",
        "Early years lead",
        "31 December 2031",
        "Short",
        "Every nursery has it",
    ],
    ["Meet every term", "Health", "Therapy lead", "2031-07-31", "Medium", "Three meetings a year"],
]
IN_THREE_PARTS = [
    ["The problem", "What we are doing", "The difference it will make"],
    ["Some children wait for too long", "We hire two more people", "Nobody waits longer than a term"],
    ["Letters are hard to read", "We write them anew with parents", "Families understand every letter"],
]
SHAPES = {
    "numbered": (
        NUMBERED,
        ["", "doing", "due", "lead_role", "accountable_role", "difference", "category", ""],
    ),
    "by agency": (BY_AGENCY, ["doing", "lead_role", "", "due", "", "difference"]),
    "in three parts": (IN_THREE_PARTS, ["problem", "doing", "difference"]),
}


@pytest.fixture
def plan():
    service = make.make_service("Inclusion", code="INC")
    found = make.make_plan(service, slug="our-plan")
    make.make_priority("Be heard", strategy=found.strategy)
    return found


def file_of(table: list[list[str]], kind: str) -> io.BytesIO:
    widest = max(map(len, table))
    head, *cells = [row + [""] * (widest - len(row)) for row in table]
    return io.BytesIO(
        b"".join(csv_lines(head, cells)) if kind == "csv" else b"".join(xlsx_pieces(head, cells))
    )


def send(client, table, kind="csv", name="table") -> str:
    file = file_of(table, kind)
    file.name = f"{name}.{kind}"
    data = {"plan": "our-plan", "file": file, "token": new_token()}
    answer = client.post(reverse("actions:plan_import_new"), data)
    assert answer.status_code == 302, answer.context["form"].errors
    return answer.url


def choices(client, address: str) -> dict[str, str]:
    form = client.get(f"{address}columns/").context["form"]
    return {name: form[name].initial or "" for name in form.fields}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_table_of_each_shape_is_mapped_looked_at_and_saved(client, plan, shape, kind):
    table, guessed = SHAPES[shape]
    publisher = make.make_user(Role.PUBLISHER, service=plan.service)
    client.force_login(publisher)

    address = send(client, table, kind)
    chosen = choices(client, address)
    assert [chosen[f"column_{place}"] for place in range(1, len(guessed) + 1)] == guessed
    priority = plan.strategy.priorities.get()
    chosen["default_priority"] = str(priority.pk)
    if "category" not in guessed:
        chosen["default_category"] = "2"
    client.post(f"{address}columns/", chosen)
    asked = client.get(f"{address}words/").context["form"].asked
    assert asked == ([("category", "High"), ("category", "Low")] if shape == "numbered" else [])
    client.post(f"{address}words/", {"word_0": "1", "word_1": "3"} if asked else {})
    assert Action.objects.count() == 0
    client.post(f"{address}check/")
    page = client.get(address)
    assert page.context["counts"] == {"waiting": 0, "new": 2, "changed": 0, "unchanged": 0, "refused": 0}
    client.post(f"{address}confirm/", {"token": new_token()})

    saved = [
        (a.ref, a.title, a.category, str(a.due or ""), a.lead_role, a.difference)
        for a in Action.objects.order_by("pk")
    ]
    assert saved == {
        "numbered": [
            ("INC-1", "Begin a drop-in for parents", Category.MUST, "2031-09-30", "Head of team", "Ten families a week"),
            ("INC-2", "Train twelve mentors", Category.COULD, "2031-12-31", "Head of training", "Twelve are trained"),
        ],
        "by agency": [
            ("INC-1", "Write a guide for nurseries", Category.SHOULD, "2031-12-31", "Council", "Every nursery has it"),
            ("INC-2", "Meet every term", Category.SHOULD, "2031-07-31", "Health", "Three meetings a year"),
        ],
        "in three parts": [
            ("INC-1", "We hire two more people", Category.SHOULD, "", "", "Nobody waits longer than a term"),
            ("INC-2", "We write them anew with parents", Category.SHOULD, "", "", "Families understand every letter"),
        ],
    }[shape]  # fmt: skip


def test_what_was_chosen_is_offered_when_the_same_headings_come_again_to_the_same_service(client, plan):
    publisher = make.make_user(Role.PUBLISHER, service=plan.service)
    client.force_login(publisher)
    address = send(client, NUMBERED)
    priority = plan.strategy.priorities.get()
    mine = choices(client, address) | {"column_1": "resources", "column_8": "resources", "default_category": "",
                                       "default_priority": str(priority.pk)}  # fmt: skip
    client.post(f"{address}columns/", mine)
    client.post(f"{address}words/", {"word_0": "2", "word_1": "3"})
    client.post(f"{address}drop/")

    again = send(client, NUMBERED, name="next")
    kept = {name: str(value) for name, value in choices(client, again).items()}
    assert kept == mine
    client.post(f"{again}columns/", kept)
    words = client.get(f"{again}words/").context["form"]
    assert [(field, text, words[f"word_{place}"].initial) for place, (field, text) in enumerate(words.asked)] == [
        ("category", "High", "2"), ("category", "Low", "3"),
    ]  # fmt: skip
    client.post(f"{again}words/", {"word_0": "2", "word_1": "3"})
    client.post(f"{again}check/")
    client.post(f"{again}confirm/", {"token": new_token()})
    first = Action.objects.order_by("pk")[0]
    assert first.resources == "No.: 1.1\n\nProgress update: 01/02: a room was found"

    other = make.make_plan(make.make_service(), strategy=plan.strategy)
    file = file_of(NUMBERED, "csv")
    made = begin_import(by=make.make_user(Role.PUBLISHER, service=other.service), plan=other, file=file, name="a.csv",
                        size=file.seek(0, 2))  # fmt: skip
    assert made.columns.get(position=1).field == ""  # another service is asked anew


def test_samples_stand_beside_each_column_and_cannot_be_markup(client, plan):
    client.force_login(make.make_user(Role.PUBLISHER, service=plan.service))
    address = send(
        client, [["Action", "Due"], ["<b>Meet</b>", "x"], ["Train", "x"], ["Write", "y"], ["Fourth", "z"]]
    )
    page = client.get(f"{address}columns/").content.decode()
    assert "For example: &lt;b&gt;Meet&lt;/b&gt;; Train; Write<" in page
    assert "For example: x; y; z<" in page


def test_a_short_text_takes_one_column_and_what_is_missing_is_asked_beside_its_field(client, plan):
    client.force_login(make.make_user(Role.PUBLISHER, service=plan.service))
    address = send(client, IN_THREE_PARTS)
    answer = client.post(f"{address}columns/", {"column_1": "title", "column_2": "title", "column_3": ""})
    only = "Only one column can go in here. Only the long texts take several."
    assert answer.status_code == 422
    assert dict(answer.context["form"].errors) == {"column_1": [only], "column_2": [only]}
    answer = client.post(f"{address}columns/", {"column_1": "problem"})
    need = "No column says it, so choose one for all rows."
    assert dict(answer.context["form"].errors) == {"default_category": [need], "default_priority": [need]}
    assert PlanImport.objects.get().stage == "columns"
