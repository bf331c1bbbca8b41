"""People and their roles in the browser: what each person sees, what they may change, what stays written down."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from foundation.versions import VersionConflict
from partnership.calendar import today
from partnership.models import AccountChange, Membership, User
from partnership.operations import people
from partnership.roles import Role
from tests import factories as make

from .conftest import words

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
HOSTILE = ["\x00", "\u202e", "\u200b\u200b", " ", ""]


def person_url(person: User) -> str:
    return reverse("partnership:person", args=[person.pk])


def grant_url(person: User) -> str:
    return reverse("partnership:membership_new", args=[person.pk])


def grant(role: str = Role.BOARD, **fields: object) -> dict[str, object]:
    return {"role": role, "service": "", "sector": "", "starts": today().isoformat(), "ends": ""} | fields


def test_the_list_shows_people_with_todays_roles_and_search_narrows_it(
    signed_in: Callable[..., Client],
) -> None:
    client = signed_in(Role.PROGRAMME, name="Pat Programme")
    service = make.make_service("Speech therapy")
    one = make.make_user(Role.CONTRIBUTOR, service=service, name="Una One")
    gone = make.make_user(Role.BOARD, name="Gus Gone")
    gone.memberships.update(ends=today() - DAY)
    family = make.make_user(name="Fay Family")
    everyone = words(client.get(reverse("partnership:people")))
    assert "Una One" in everyone
    assert "Service contributor, Speech therapy" in everyone
    assert "Gus Gone" in everyone
    assert "Board member, the whole" not in everyone
    assert family.name not in everyone
    for query in ({"q": "una"}, {"role": "contributor"}, {"service": service.pk}):
        found = client.get(reverse("partnership:people"), query)
        assert [person.pk for person in found.context["page"]] == [one.pk], query


@pytest.mark.parametrize(
    "query",
    ["role=king", "service=9999999999999999999999999", "service=x", "page=zz", "q=%E2%80%AE", "page=99"],
)
def test_a_filter_that_makes_no_sense_breaks_nothing(signed_in: Callable[..., Client], query: str) -> None:
    client = signed_in(Role.ADMINISTRATOR, name="Ada Administrator")
    response = client.get(f"{reverse('partnership:people')}?{query}")
    assert response.status_code == 200
    assert "Ada Administrator" in words(response)


@pytest.mark.parametrize("name", ["partnership:people", "partnership:services", "partnership:invitations"])
def test_lists_ask_the_same_number_of_questions_for_one_and_for_three_rows(
    signed_in: Callable[..., Client], django_assert_num_queries: Callable, name: str
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from partnership.operations.invitations import invite

    client = signed_in(Role.ADMINISTRATOR)

    def one_more(number: int) -> None:
        service = make.make_service()
        make.make_user(Role.PUBLISHER, service=service)
        invite(
            email=f"new{number}@example.org",
            name="New",
            role=Role.PUBLISHER,
            service=service,
            by=client.person,
        )

    one_more(1)
    client.get(reverse(name))
    with CaptureQueriesContext(connection) as with_one:
        client.get(reverse(name))
    one_more(2)
    one_more(3)
    with CaptureQueriesContext(connection) as with_three:
        response = client.get(reverse(name))
    assert len(response.context["page"]) >= 3
    assert len(with_three) == len(with_one)


def test_one_person_asks_the_same_number_of_questions_for_one_and_for_three_roles(
    signed_in: Callable[..., Client],
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(Role.ADMINISTRATOR)
    person = make.make_user(Role.PUBLISHER, service=make.make_service())
    with CaptureQueriesContext(connection) as with_one:
        client.get(person_url(person))
    for _ in range(2):
        make.make_membership(person, Role.PUBLISHER, service=make.make_service(), granted_by=client.person)
    with CaptureQueriesContext(connection) as with_three:
        response = client.get(person_url(person))
    assert len(response.context["now"]) == 3
    assert len(with_three) == len(with_one)


def test_a_role_is_given_with_its_words_and_shows_who_gave_it_and_when(
    signed_in: Callable[..., Client],
) -> None:
    client = signed_in(Role.PROGRAMME, name="Pat Programme")
    person = make.make_user(Role.BOARD, name="Una One")
    service = make.make_service("Speech therapy")
    form = words(client.get(grant_url(person)))
    assert "Writes and updates actions and drafts answers for one service" in form
    response = client.post(grant_url(person), grant(Role.CONTRIBUTOR, service=service.pk), follow=True)
    assert "Una One has the role." in words(response)
    assert "Service contributor Speech therapy" in words(response)
    assert "Pat Programme" in words(response)
    made = person.memberships.get(role=Role.CONTRIBUTOR)
    assert (made.service, made.granted_by, made.starts, made.ends) == (service, client.person, today(), None)
    assert made.history.get().history_user == client.person


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"role": ""}, "role", "Choose a role."),
        ({"role": "king"}, "role", "Choose a role from the list."),
        ({"role": "moderator"}, "role", "Choose a role from the list."),
        ({"role": "family"}, "role", "Choose a role from the list."),
        ({"role": "contributor"}, "service", "Choose the service, or the whole sector, this role is for."),
        ({"role": "contributor", "service": "9" * 25}, "service", "Choose one from the list."),
        ({"role": "contributor", "service": "\x00"}, "service", "Choose one from the list."),
        (
            {"role": "board", "sector": "SECTOR"},
            "sector",
            "This role is for the whole partnership. Leave this empty.",
        ),
        (
            {"role": "contributor", "sector": "SECTOR", "service": "SERVICE"},
            "sector",
            "Choose a service or a sector, not both.",
        ),
        ({"role": "contributor", "service": "ENDED"}, "service", "Choose one from the list."),
        ({"starts": ""}, "starts", "Enter the first day of the role."),
        ({"starts": "31/2/2026"}, "starts", "Enter a real day, for example 31 3 2026."),
        ({"ends": "2001-01-01"}, "ends", "The last day must be the first day or later."),
    ],
)
def test_a_role_that_makes_no_sense_is_a_message_beside_the_field(
    signed_in: Callable[..., Client], fields: dict[str, str], field: str, message: str
) -> None:
    client = signed_in(Role.PROGRAMME)
    person = make.make_user(Role.ASSURANCE)
    service = make.make_service()
    ended = make.make_service(ended=today() - DAY)
    stand_ins = {"SERVICE": service.pk, "SECTOR": service.sector_id, "ENDED": ended.pk}
    sent = grant(**{name: stand_ins.get(value, value) for name, value in fields.items()})
    response = client.post(grant_url(person), sent)
    assert response.context["form"].errors[field] == [message]
    assert "<title>Error: " in response.content.decode()
    assert person.memberships.count() == 1
    # The same person, with nothing wrong, gets the role.
    client.post(grant_url(person), grant())
    assert person.memberships.count() == 2


def test_the_same_role_twice_is_a_message_and_one_row(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    person = make.make_user(Role.ASSURANCE, name="Una One")
    client.post(grant_url(person), grant(Role.BOARD))
    again = client.post(grant_url(person), grant(Role.BOARD))
    assert "Una One has this role already" in again.context["form"].errors["role"][0]
    assert person.memberships.filter(role=Role.BOARD).count() == 1
    # After its last day the role may come again.
    person.memberships.filter(role=Role.BOARD).update(starts=today() - 9 * DAY, ends=today() - DAY)
    client.post(grant_url(person), grant(Role.BOARD))
    assert person.memberships.filter(role=Role.BOARD).count() == 2


def test_nobody_gives_themselves_a_role(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    other = make.make_user(Role.BOARD)
    assert client.post(grant_url(client.person), grant(Role.CHAIR)).status_code == 403
    assert [held.role for held in client.person.memberships.all()] == [Role.ADMINISTRATOR]
    assert client.post(grant_url(other), grant(Role.CHAIR)).status_code == 302


@pytest.mark.requirement("R-B9")
def test_chair_and_adviser_are_marked_external(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Role.PROGRAMME)
    for role, expected in ((Role.ADVISER, True), (Role.CHAIR, True), (Role.BOARD, False)):
        person = make.make_user(Role.ASSURANCE)
        client.post(grant_url(person), grant(role))
        person.refresh_from_db()
        assert person.is_external is expected, role


@pytest.mark.requirement("R-P5")
def test_a_role_that_is_ended_now_is_gone_at_the_next_page(signed_in: Callable[..., Client]) -> None:
    administrator = signed_in(Role.ADMINISTRATOR)
    auditor = signed_in(Role.AUDITOR)
    assert auditor.get(reverse("partnership:people")).status_code == 200
    held = auditor.person.memberships.get()
    end = reverse("partnership:membership_end", args=[held.pk])
    response = administrator.post(end, {"when": "now"}, follow=True)
    assert "The end of the role is saved." in words(response)
    assert auditor.get(reverse("partnership:people")).status_code == 403
    held.refresh_from_db()
    assert (held.ended_by, held.stopped_on) == (administrator.person, today())
    assert "ended at once" in words(administrator.get(person_url(auditor.person)))
    # Sent again, nothing more happens.
    assert "has ended already" in words(administrator.post(end, {"when": "now"}, follow=True))


def test_a_role_that_began_today_can_be_ended_now(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    person = make.make_user(Role.BOARD)
    held = make.make_membership(person, Role.ASSURANCE, starts=today())
    client.post(reverse("partnership:membership_end", args=[held.pk]), {"when": "now"})
    assert [m.role for m in User.objects.get(pk=person.pk).active_memberships] == [Role.BOARD]


@pytest.mark.parametrize(
    ("sent", "field", "message"),
    [
        ({}, "when", "Choose when the role ends."),
        ({"when": "never"}, "when", "Choose when the role ends."),
        ({"when": "later"}, "last_day", "Enter the last day of the role."),
        (
            {"when": "later", "last_day": "2001-01-01"},
            "last_day",
            "The last day must be today or later, and not before the first day.",
        ),
        (
            {"when": "later", "last_day_day": "x", "last_day_month": "1", "last_day_year": "2027"},
            "last_day",
            "Enter a real day, for example 31 3 2026.",
        ),
    ],
)
def test_an_end_that_makes_no_sense_is_a_message_beside_the_field(
    signed_in: Callable[..., Client], sent: dict[str, str], field: str, message: str
) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    held = make.make_user(Role.BOARD).memberships.get()
    response = client.post(reverse("partnership:membership_end", args=[held.pk]), sent)
    assert response.context["form"].errors[field] == [message]
    held.refresh_from_db()
    assert held.ends is None
    client.post(
        reverse("partnership:membership_end", args=[held.pk]),
        {"when": "later", "last_day": (today() + DAY).isoformat()},
    )
    held.refresh_from_db()
    assert held.ends == today() + DAY


def test_the_programme_team_ends_what_it_may_give_and_nothing_else(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Role.PROGRAMME)
    for role, status in ((Role.BOARD, 302), (Role.MODERATOR, 403), (Role.ADMINISTRATOR, 403)):
        held = make.make_user(role).memberships.get()
        response = client.post(reverse("partnership:membership_end", args=[held.pk]), {"when": "now"})
        held.refresh_from_db()
        assert (response.status_code, held.stopped_on is not None) == (status, status == 302), role


def test_the_last_administrator_cannot_be_locked_out(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    # The only other administrator with no last day is the one whose role is to end.
    client.person.memberships.update(ends=today() + DAY)
    other = make.make_user(Role.ADMINISTRATOR, name="Una Other")
    held = other.memberships.get()
    end = reverse("partnership:membership_end", args=[held.pk])
    response = client.post(end, {"when": "now"})
    assert "Nobody else would be left" in words(response)
    response = client.post(reverse("partnership:person_close", args=[other.pk]), follow=True)
    assert "Nobody else would be left" in words(response)
    other.refresh_from_db()
    held.refresh_from_db()
    assert (other.is_active, held.ends) == (True, None)
    # With a third one it goes.
    make.make_user(Role.ADMINISTRATOR)
    client.post(end, {"when": "now"})
    held.refresh_from_db()
    assert held.stopped_on == today()


@pytest.mark.requirement("R-P5")
def test_a_closed_account_is_signed_out_at_the_next_page_and_can_be_opened_again(
    signed_in: Callable[..., Client],
) -> None:
    administrator = signed_in(Role.ADMINISTRATOR)
    board = signed_in(Role.AUDITOR, name="Una One")
    people_page = reverse("partnership:people")
    assert board.get(people_page).status_code == 200
    response = administrator.post(reverse("partnership:person_close", args=[board.person.pk]), follow=True)
    assert "The account of Una One is closed." in words(response)
    assert board.get(people_page).status_code == 302
    administrator.post(reverse("partnership:person_close", args=[board.person.pk]))
    administrator.post(reverse("partnership:person_reopen", args=[board.person.pk]))
    kinds = list(AccountChange.objects.filter(person=board.person).values_list("kind", "by"))
    assert kinds == [("reactivated", administrator.person.pk), ("deactivated", administrator.person.pk)]
    board.force_login(User.objects.get(pk=board.person.pk))
    assert board.get(people_page).status_code == 200


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.ADMINISTRATOR, 302), (Role.PROGRAMME, 403), (Role.AUDITOR, 403), (Role.BOARD, 404)],
)
def test_only_administrators_close_accounts(signed_in: Callable[..., Client], role: str, status: int) -> None:
    person = make.make_user(Role.ASSURANCE)
    client = signed_in(role)
    response = client.post(reverse("partnership:person_close", args=[person.pk]))
    person.refresh_from_db()
    assert (response.status_code, person.is_active) == (status, status != 302)


def test_nobody_closes_their_own_account(signed_in: Callable[..., Client]) -> None:
    make.make_user(Role.ADMINISTRATOR)
    client = signed_in(Role.ADMINISTRATOR)
    assert client.post(reverse("partnership:person_close", args=[client.person.pk])).status_code == 403
    client.person.refresh_from_db()
    assert client.person.is_active


def test_details_are_changed_and_both_texts_are_kept(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Role.PROGRAMME)
    person = make.make_user(Role.BOARD, name="Una One", job_title="Nurse")
    edit = reverse("partnership:person_edit", args=[person.pk])
    client.post(edit, {"name": "Una Two", "job_title": "Lead nurse", "version": 1})
    person.refresh_from_db()
    assert (person.name, person.job_title, person.version) == ("Una Two", "Lead nurse", 2)
    page = words(client.get(person_url(person)))
    assert "Name: Una One → Una Two" in page
    assert "Job title: Nurse → Lead nurse" in page


@pytest.mark.requirement("R-A9")
def test_two_people_who_change_the_same_details_lose_nothing(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Role.PROGRAMME)
    person = make.make_user(Role.BOARD, name="Una One")
    edit = reverse("partnership:person_edit", args=[person.pk])
    client.post(edit, {"name": "Una First", "job_title": "", "version": 1})
    second = client.post(edit, {"name": "Una Second", "job_title": "", "version": 1})
    assert second.status_code == 409
    assert "Una First" in words(second)
    assert 'value="Una Second"' in second.content.decode()
    person.refresh_from_db()
    assert person.name == "Una First"
    client.post(
        edit, {"name": "Una Second", "job_title": "", "version": second.context["form"]["version"].value()}
    )
    person.refresh_from_db()
    assert person.name == "Una Second"
    with pytest.raises(VersionConflict):
        people.edit_person(person=person, version=1, name="x", job_title="", by=client.person)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_shows_nothing_is_refused(signed_in: Callable[..., Client], name: str) -> None:
    client = signed_in(Role.PROGRAMME)
    person = make.make_user(Role.BOARD, name="Una One")
    response = client.post(
        reverse("partnership:person_edit", args=[person.pk]),
        {"name": name, "job_title": "Kept words", "version": 1},
    )
    assert response.context["form"].errors["name"] == ["Enter the person’s name."]
    assert "Kept words" in response.content.decode()
    person.refresh_from_db()
    assert person.name == "Una One"


def test_a_long_name_is_refused_with_its_length(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Role.PROGRAMME)
    person = make.make_user(Role.BOARD)
    response = client.post(
        reverse("partnership:person_edit", args=[person.pk]),
        {"name": "a" * 121, "job_title": "", "version": 1},
    )
    assert response.context["form"].errors["name"] == ["Use 120 characters or fewer. You used 121."]


@pytest.mark.parametrize(
    "path",
    [
        "/partnership/people/9999999999999999999999999/",
        "/partnership/people/0/",
        "/partnership/people/x/",
        "/partnership/memberships/9999999999999999999999999/end/",
    ],
)
def test_an_id_that_is_nobodys_is_no_page(signed_in: Callable[..., Client], path: str) -> None:
    assert signed_in(Role.ADMINISTRATOR).get(path).status_code == 404


@pytest.mark.requirement("R-P6")
def test_an_auditor_sees_people_roles_and_invitations_and_changes_nothing(
    signed_in: Callable[..., Client],
) -> None:
    client = signed_in(Role.AUDITOR)
    person = make.make_user(Role.BOARD, name="Una One")
    make.make_membership(person, Role.ASSURANCE, ends=datetime.date(2021, 1, 1))
    for path in (reverse("partnership:people"), person_url(person), reverse("partnership:invitations")):
        response = client.get(path)
        assert response.status_code == 200, path
        forms = response.content.decode().count('method="post"')
        assert forms == response.content.decode().count(reverse("account_logout"))
    page = words(client.get(person_url(person)))
    assert "Assurance The whole partnership 1 January 2020 to 1 January 2021" in page
    held = person.memberships.get(role=Role.BOARD)
    before = list(Membership.objects.order_by("pk").values())
    for path, sent in (
        (grant_url(person), grant(Role.CHAIR)),
        (reverse("partnership:membership_end", args=[held.pk]), {"when": "now"}),
        (reverse("partnership:person_edit", args=[person.pk]), {"name": "Other", "version": 1}),
        (reverse("partnership:person_close", args=[person.pk]), {}),
        (reverse("partnership:invitation_new"), {"name": "x"}),
        (reverse("partnership:service_new"), {"name": "x"}),
    ):
        assert client.post(path, sent).status_code == 403, path
    assert list(Membership.objects.order_by("pk").values()) == before
    person.refresh_from_db()
    assert (person.name, person.is_active) == ("Una One", True)
