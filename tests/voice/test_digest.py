"""What stands in the weekly mail about what families said: for moderators, services and second people (R-W5)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnership.models import Service, User
from partnership.roles import Role
from tests import factories as make
from voice.digest import VoiceDigest
from voice.models import AnswerCheck, Comment, MayShow, Response, ShowChange, Stage

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R-W5")]
Hold = Response.Status


def headings(person: User) -> dict[str, int]:
    return {part.heading: part.count for part in VoiceDigest().parts_for(person)}


def test_moderators_hear_what_waits_to_be_read_and_never_of_what_they_read_first(
    people: dict[str, User],
) -> None:
    make.make_comment("SECRETWORDS"), make.make_comment(), make.make_comment(flagged=True)
    child = {"route": "child", "stage": Stage.SECOND_CHECK}
    make.make_comment(first_approved_by=people["moderator"], **child)
    make.make_comment(first_approved_by=people["moderator"], flagged=True, **child)
    for state, by in (("waiting", None), ("first", people["moderator"]), ("approved", people["moderator"])):
        ShowChange.objects.create(
            comment=make.make_comment(stage=Stage.APPROVED),
            before=MayShow.NOTHING,
            after=MayShow.SUMMARY,
            state=state,
            first_by=by,
            at=timezone.now(),
        )
    assert headings(people["moderator"]) == {"To read": 2, "May be shown now": 1}
    assert headings(people["moderator2"]) == {"To read": 2, "Second check": 1, "May be shown now": 2}
    assert headings(people["safeguarding"]) == headings(people["nobody"]) == {}
    lines = [line for part in VoiceDigest().parts_for(people["moderator"]) for line in part.lines]
    assert lines == [
        ("2 things that came", "/voice/inbox/"),
        ("1 sender lets us show more", "/my-work/"),
    ]


def test_a_service_hears_what_to_answer_and_its_publisher_which_drafts(
    people: dict[str, User], service: Service
) -> None:
    make.make_comment(stage=Stage.APPROVED, service=service)
    make.make_response(service=service, status=Hold.DRAFT, by=people["contributor"])
    assert headings(people["contributor"]) == {"To answer": 1}
    assert headings(people["publisher"]) == {"To answer": 1, "Answers to publish": 1}
    assert headings(people["other"]) == {}


def test_each_second_person_hears_of_as_many_as_they_may_approve(
    people: dict[str, User], service: Service
) -> None:
    changed = people["publisher2"] = make.make_user(Role.PUBLISHER, service=service)
    told = [make.make_comment(stage=Stage.APPROVED, service=service, flagged=flag) for flag in (False, True)]
    for comment in (*told, None):
        heard: list[Comment] = [comment] if comment else []
        answer = make.make_response(*heard, service=service, status=Hold.WAITING, by=people["contributor"])
        AnswerCheck.objects.create(response=answer, kind="asked", by=people["contributor"], at=timezone.now())
    AnswerCheck.objects.create(response=answer, kind="changed", by=changed, at=timezone.now())
    make.make_response(service=service, status=Hold.WAITING, by=people["publisher"])
    expected = {
        "publisher": 3,
        "publisher2": 3,
        "sector_lead": 4,
        "moderator": 1,
        "contributor": 0,
        "other": 0,
        "board": 0,
    }
    for who, number in expected.items():
        assert headings(people[who]).get("Answers to check", 0) == number, who
        assert Response.objects.approvable_by(people[who]).count() == number, who


def test_it_asks_as_many_questions_for_many_people_and_rows_as_for_one(
    people: dict[str, User], service: Service
) -> None:
    def asked() -> int:
        found = [User.objects.get(pk=person.pk) for person in people.values()]
        for person in found:
            assert headings(person) is not None  # roles are read here, and not counted
        with CaptureQueriesContext(connection) as caught:
            digest = VoiceDigest()
            for person in found:
                digest.parts_for(person)
        return len(caught)

    make.make_response(service=service, status=Hold.WAITING)
    first = asked()
    for _ in range(5):
        make.make_comment(stage=Stage.APPROVED), make.make_comment()
        answer = make.make_response(status=Hold.WAITING)
        AnswerCheck.objects.create(response=answer, kind="asked", by=people["other"], at=timezone.now())
    assert asked() == first <= 8
