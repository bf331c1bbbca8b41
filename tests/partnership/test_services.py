"""Services made and changed in the browser."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from partnership.calendar import today
from partnership.models import Service
from partnership.operations import services
from partnership.roles import Role
from tests import factories as make

from .conftest import words

pytestmark = pytest.mark.django_db

NEW = "/partnership/services/new/"


def sent(**fields: object) -> dict[str, object]:
    sector = fields.pop("in_sector", None) or make.make_sector()
    organisation = fields.pop("of", None) or make.make_organisation(sector=sector)
    values = {"name": "Speech therapy", "code": "SALT", "sector": sector.pk, "organisation": organisation.pk}
    return values | fields


def edit_url(service: Service) -> str:
    return reverse("partnership:service_edit", args=[service.slug])


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PROGRAMME])
def test_a_service_is_added_and_stands_on_the_list(signed_in: Callable[..., Client], role: str) -> None:
    client = signed_in(role)
    response = client.post(NEW, sent(), follow=True)
    assert "Speech therapy is on the list of services." in words(response)
    made = Service.objects.get()
    assert (made.slug, made.code, made.publishes_at_once) == ("speech-therapy", "SALT", False)
    assert made.history.get().history_user == client.person


@pytest.mark.parametrize("role", [Role.BOARD, Role.PUBLISHER, Role.AUDITOR])
def test_others_add_no_service(signed_in: Callable[..., Client], role: str) -> None:
    service = make.make_service() if role == Role.PUBLISHER else None
    client = signed_in(role, service=service)
    before = Service.objects.count()
    assert client.post(NEW, sent()).status_code == 403
    assert Service.objects.count() == before


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"name": ""}, "name", "Enter the name of the service."),
        ({"name": "\u200b\u202e\x00"}, "name", "Enter the name of the service."),
        ({"name": "a" * 201}, "name", "Use 200 characters or fewer. You used 201."),
        ({"code": ""}, "code", "Enter a code of 2 to 8 capital letters."),
        ({"code": "s"}, "code", "Use 2 to 8 capital letters, with no spaces and no figures."),
        ({"code": "SALT1"}, "code", "Use 2 to 8 capital letters, with no spaces and no figures."),
        ({"code": "ÉCOLE"}, "code", "Use 2 to 8 capital letters, with no spaces and no figures."),
        ({"code": "TAKEN"}, "code", "Another service has this code. Choose another one."),
        ({"sector": "9" * 25}, "sector", "Choose one from the list."),
        ({"organisation": ""}, "organisation", "Choose the organisation."),
        ({"organisation": "ENDED"}, "organisation", "Choose one from the list."),
        (
            {"started": "2026-01-02", "ended": "2026-01-01"},
            "ended",
            "The last day must be the first day or later.",
        ),
        (
            {"successor": "OTHER"},
            "ended",
            "Enter the last day of this service, because another one took over.",
        ),
        ({"successor": "x"}, "successor", "Choose one from the list."),
    ],
)
def test_a_service_that_makes_no_sense_is_a_message_beside_the_field(
    signed_in: Callable[..., Client], fields: dict[str, str], field: str, message: str
) -> None:
    client = signed_in(Role.PROGRAMME)
    other = make.make_service(code="TAKEN")
    ended = make.make_organisation(ended=today() - datetime.timedelta(days=1))
    stand_ins = {"ENDED": ended.pk, "OTHER": other.pk}
    fields = {name: stand_ins.get(value, value) for name, value in fields.items()}
    response = client.post(NEW, sent() | fields)
    assert response.context["form"].errors[field] == [message]
    assert Service.objects.count() == 1
    client.post(NEW, sent())
    assert Service.objects.count() == 2


@pytest.mark.requirement("R-A9")
def test_two_people_who_change_one_service_see_both_texts(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Role.PROGRAMME)
    service = make.make_service("First name", code="ABC")
    values = sent(code="ABC", of=service.organisation, in_sector=service.sector, version=1)
    client.post(edit_url(service), values | {"name": "Theirs"})
    second = client.post(edit_url(service), values | {"name": "Mine"})
    assert second.status_code == 409
    assert "Theirs" in words(second)
    assert 'value="Mine"' in second.content.decode()
    service.refresh_from_db()
    assert (service.name, service.version) == ("Theirs", 2)


def test_a_service_with_actions_keeps_its_code(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Role.PROGRAMME)
    service = make.make_service(code="ABC", last_action_number=3)
    values = sent(of=service.organisation, in_sector=service.sector, version=1)
    response = client.post(edit_url(service), values | {"code": "XYZ"})
    assert response.context["form"].errors["code"] == [
        "This service has actions. Their numbers start with this code, so it stays."
    ]
    client.post(edit_url(service), values | {"code": "ABC", "name": "New name"})
    service.refresh_from_db()
    assert (service.code, service.name) == ("ABC", "New name")


def test_who_took_over_cannot_go_round_in_a_circle(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Role.PROGRAMME)
    new = make.make_service("New")
    old = make.make_service("Old", ended=today(), successor=new, code="OLD")
    values = sent(code="NEW", of=new.organisation, in_sector=new.sector, version=1, ended=today().isoformat())
    response = client.post(edit_url(new), values | {"successor": old.pk})
    assert response.context["form"].errors["successor"] == [
        "This service took over from the one you chose. It cannot be the other way too."
    ]


@pytest.mark.requirement("R-C6")
def test_a_month_that_was_not_touched_stays_a_month(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Role.PROGRAMME)
    service = make.make_service(code="ABC", started=datetime.date(2018, 5, 1), started_precision="month")
    values = sent(code="ABC", of=service.organisation, in_sector=service.sector, version=1)
    client.post(edit_url(service), values | {"started": "2018-05-01", "name": "New name"})
    service.refresh_from_db()
    assert (service.name, service.dates_text) == ("New name", "from May 2018")


def test_two_services_of_one_name_have_two_addresses() -> None:
    sector = make.make_sector()
    by = make.make_user(Role.PROGRAMME)
    values = {"sector": sector, "organisation": make.make_organisation(), "by": by}
    slugs = [
        services.create_service(name=name, code=code, **values).slug
        for name, code in (("Team", "AA"), ("Team", "BB"), ("New", "CC"), ("«»", "DD"))
    ]
    assert slugs == ["team", "team-2", "new-2", "service"]
    with pytest.raises(services.CodeTaken):
        services.create_service(name="Team", code="AA", **values)


@pytest.mark.requirement("R-A7")
@pytest.mark.parametrize(("own", "moved"), [(True, False), (False, True)])
def test_nobody_moves_a_service_into_a_sector_that_they_write_for(
    signed_in: Callable[..., Client], own: bool, moved: bool
) -> None:
    service, sector = make.make_service(code="SALT"), make.make_sector()
    client = signed_in(Role.PROGRAMME)
    make.make_membership(client.person, Role.PUBLISHER, sector=sector if own else make.make_sector())
    values = sent(in_sector=sector, of=service.organisation, version=service.version)
    response = client.post(edit_url(service), values)
    service.refresh_from_db()
    assert (service.sector == sector) is moved
    assert ("Ask somebody else to move the service." in response.content.decode()) is own
