"""Who may do what: each rule for one row and its twin for all rows give the same answer for everyone (R-V6, R-S2)."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from partnership.models import Service, User
from tests import factories as make
from voice import permissions as may
from voice.models import (
    ActionVoice,
    Comment,
    CommentContact,
    CommentOriginal,
    MayShow,
    Redaction,
    Response,
    Route,
    SafeguardingFlag,
    Stage,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(service: Service, people: dict[str, User]) -> dict[str, Comment]:
    """A comment in every state that changes who may see it."""
    moderator = people["moderator"]
    found = {
        "received": make.make_comment(email="a@example.org"),
        "second": make.make_comment(
            stage=Stage.SECOND_CHECK, route=Route.CHILD, first_approved_by=moderator, service=service
        ),
        "approved": make.make_comment(stage=Stage.APPROVED, service=service, email="b@example.org"),
        "elsewhere": make.make_comment(stage=Stage.APPROVED),
        "secret": make.make_comment(stage=Stage.APPROVED, service=service, may_show=MayShow.NOTHING),
        "answered": make.make_comment(stage=Stage.ANSWERED, service=service),
        "refused": make.make_comment(stage=Stage.NOT_PUBLISHED, service=service),
        "withdrawn": make.make_comment(stage=Stage.WITHDRAWN, service=service),
        "flagged new": make.make_comment(flagged=True, email="c@example.org"),
        "flagged late": make.make_comment(stage=Stage.APPROVED, service=service, flagged=True),
    }
    make.make_redaction(found["second"], by=moderator)
    make.make_redaction(found["approved"], by=moderator)  # a newer version that nobody approved
    by_me = make.make_comment(stage=Stage.ANSWERED, service=service)
    make.make_flag(by_me, raised_by=moderator)
    handed = make.make_comment()
    make.make_flag(handed, raised_by=moderator, handed_over_at=timezone.now())
    found |= {"flagged by moderator": by_me, "handed over": handed}
    return found


@pytest.fixture
def answers(rows: dict[str, Comment], service: Service, people: dict[str, User]) -> None:
    make.make_response(rows["answered"])
    make.make_response(rows["secret"])
    make.make_response(rows["approved"], status=Response.Status.DRAFT)
    make.make_response(rows["elsewhere"])
    make.make_response(rows["withdrawn"], service=service)


def everyone(people: dict[str, User]) -> list[Any]:
    # Read each person again: memberships are remembered for one request.
    return [AnonymousUser(), *(User.objects.get(pk=person.pk) for person in people.values())]


def agree(people: dict[str, User], rule: Any, model: Any, twin: Any) -> int:
    """How often the answer was yes, after asking both about everyone and every row."""
    yes = 0
    for person in everyone(people):
        by_rows = set(twin(person).values_list("pk", flat=True))
        one_by_one = {row.pk for row in model.objects.all() if rule(person, row)}
        assert by_rows == one_by_one, (rule.__name__, str(person), by_rows ^ one_by_one)
        yes += len(one_by_one)
    return yes


PAIRS = [
    (may.can_view_comment, Comment, lambda who: Comment.objects.visible_to(who)),
    (may.can_open_for_moderation, Comment, lambda who: Comment.objects.for_moderation_by(who)),
    (may.can_second_approve, Comment, lambda who: Comment.objects.for_second_check_by(who)),
    (may.can_answer, Comment, lambda who: Comment.objects.answerable_by(who)),
    (may.can_read_original, CommentOriginal, lambda who: CommentOriginal.objects.visible_to(who)),
    (may.can_read_contact, CommentContact, lambda who: CommentContact.objects.visible_to(who)),
    (may.can_see_redacted, Redaction, lambda who: Redaction.objects.visible_to(who)),
    (may.can_see_flag, SafeguardingFlag, lambda who: SafeguardingFlag.objects.visible_to(who)),
    (may.can_view_answer, Response, lambda who: Response.objects.visible_to(who)),
    (may.can_edit_answer, Response, lambda who: Response.objects.editable_by(who)),
    (may.can_publish_answer, Response, lambda who: Response.objects.publishable_by(who)),
]


@pytest.mark.requirement("R-V6")
@pytest.mark.requirement("R-S2")
@pytest.mark.parametrize(("rule", "model", "twin"), PAIRS, ids=[pair[0].__name__ for pair in PAIRS])
def test_a_rule_and_its_twin_agree_about_everyone_and_every_row(
    rule: Any, model: Any, twin: Any, people: dict[str, User], rows: dict[str, Comment], answers: None
) -> None:
    asked = len(everyone(people)) * model.objects.count()
    assert 0 < agree(people, rule, model, twin) < asked


# What each person may open, typed by hand. Everybody sees "approved", "elsewhere" and "answered": they are public.
PUBLIC = {"approved", "elsewhere", "answered"}
UNFLAGGED = PUBLIC | {"received", "second", "secret", "refused", "withdrawn"}
MAY_OPEN = {
    "visitor": PUBLIC,
    "contributor": PUBLIC | {"secret"},
    "publisher": PUBLIC | {"secret"},
    "sector_lead": PUBLIC | {"secret"},
    "other": PUBLIC,
    "moderator": UNFLAGGED | {"flagged by moderator"},
    "moderator2": UNFLAGGED,
    "safeguarding": PUBLIC | {"flagged new", "flagged late", "flagged by moderator", "handed over"},
    "programme": PUBLIC | {"secret"},
    "assurance": PUBLIC | {"secret"},
    "board": PUBLIC | {"secret"},
    "chair": PUBLIC | {"secret"},
    "adviser": PUBLIC | {"secret"},
    "auditor": PUBLIC,
    "administrator": PUBLIC,
    "family": PUBLIC,
    "nobody": PUBLIC,
    "left": PUBLIC,
}


@pytest.mark.requirement("R-V6")
@pytest.mark.requirement("R-S2")
@pytest.mark.parametrize("who", MAY_OPEN)
def test_comments_that_a_person_may_open(who: str, people: dict[str, User], rows: dict[str, Comment]) -> None:
    person = AnonymousUser() if who == "visitor" else User.objects.get(pk=people[who].pk)
    seen = set(Comment.objects.visible_to(person).values_list("pk", flat=True))
    assert {name for name, row in rows.items() if row.pk in seen} == MAY_OPEN[who]


@pytest.mark.requirement("R-V6")
@pytest.mark.requirement("R-S2")
@pytest.mark.parametrize("who", MAY_OPEN)
def test_original_words_are_for_moderators_and_safeguarding_alone(
    who: str, people: dict[str, User], rows: dict[str, Comment]
) -> None:
    person = AnonymousUser() if who == "visitor" else User.objects.get(pk=people[who].pk)
    seen = set(CommentOriginal.objects.visible_to(person).values_list("comment", flat=True))
    expected = {
        "moderator": MAY_OPEN["moderator"] - {"withdrawn"},
        "moderator2": MAY_OPEN["moderator2"] - {"withdrawn"},
        "safeguarding": {"flagged new", "flagged late", "flagged by moderator", "handed over"},
    }.get(who, set())
    assert {name for name, row in rows.items() if row.pk in seen} == expected


# The rest of the pairs above, typed by hand too: a rule and its twin could be wrong alike. Who is not named has nothing.
OWN = {"approved", "secret", "answered"}
FLAGS = {"flagged new", "flagged late", "flagged by moderator", "handed over"}
ANSWERS = {"answered", "elsewhere"}
WRITERS = ("contributor", "publisher", "sector_lead")
READERS = ("programme", "assurance", "board", "chair", "adviser")
BY_HAND: dict[str, dict[str, set[str]]] = {
    "can_open_for_moderation": {
        "moderator": UNFLAGGED | {"flagged by moderator"},
        "moderator2": UNFLAGGED,
    },
    "can_second_approve": {"moderator2": {"second"}},
    "can_answer": dict.fromkeys(WRITERS, OWN),
    "can_read_contact": {"safeguarding": {"flagged new"}},
    "can_see_redacted": dict.fromkeys(WRITERS, OWN)
    | dict.fromkeys(READERS, OWN | {"elsewhere"})
    | {
        "moderator": OWN | {"elsewhere", "second", "flagged by moderator"},
        "moderator2": OWN | {"elsewhere", "second"},
        "safeguarding": {"flagged late", "flagged by moderator"},
    },
    "can_see_flag": {"safeguarding": FLAGS, "moderator": {"flagged by moderator"}},
    "can_view_answer": dict.fromkeys(MAY_OPEN, ANSWERS)
    | dict.fromkeys(READERS, ANSWERS | {"secret"})
    | dict.fromkeys(WRITERS, ANSWERS | {"secret", "approved", "withdrawn"})
    | {"programme": ANSWERS | {"secret", "approved"}},
    "can_edit_answer": {"contributor": {"approved"}}
    | dict.fromkeys(("publisher", "sector_lead"), OWN | {"withdrawn"}),
    "can_publish_answer": {"publisher": {"approved"}, "sector_lead": {"approved"}},
}


@pytest.mark.requirement("R-V6")
@pytest.mark.requirement("R-S2")
@pytest.mark.parametrize("rule", BY_HAND)
def test_each_rule_gives_each_person_what_is_typed_here(
    rule: str, people: dict[str, User], rows: dict[str, Comment], answers: None
) -> None:
    names = {row.pk: name for name, row in rows.items()}
    [twin] = [twin for asked, _, twin in PAIRS if asked.__name__ == rule]
    found = {}
    for who in MAY_OPEN:
        person = AnonymousUser() if who == "visitor" else User.objects.get(pk=people[who].pk)
        seen = twin(person)
        way = {Comment: "pk", Response: "comments"}.get(seen.model, "comment")
        found[who] = {names[key] for key in seen.values_list(way, flat=True)}
    assert found == {who: BY_HAND[rule].get(who, set()) for who in MAY_OPEN}


@pytest.mark.requirement("R-S4")
def test_what_is_marked_unsafe_is_handled_by_safeguarding_alone(
    people: dict[str, User], rows: dict[str, Comment]
) -> None:
    flag = rows["flagged by moderator"].flag
    handling = {who for who, person in people.items() if may.can_handle_flag(person, flag)}
    assert handling == {"safeguarding"}
    assert not may.can_handle_flag(AnonymousUser(), flag)


@pytest.mark.requirement("R-V14")
@pytest.mark.requirement("R-S2")
def test_a_link_to_an_action_is_seen_where_its_words_and_its_answer_may_be_read(
    people: dict[str, User], rows: dict[str, Comment], service: Service
) -> None:
    plan = make.make_plan(service)
    bare, answered = make.make_action(plan), make.make_action(plan)
    for comment in rows.values():
        make.make_voice(bare, comment)
    draft = make.make_response(rows["approved"], status=Response.Status.DRAFT)
    make.make_voice(answered, rows["approved"], response=draft)
    for who, may_open in MAY_OPEN.items():
        person = AnonymousUser() if who == "visitor" else User.objects.get(pk=people[who].pk)
        seen = set(
            ActionVoice.objects.visible_to(person).filter(action=bare).values_list("comment", flat=True)
        )
        assert {name for name, row in rows.items() if row.pk in seen} == may_open & (PUBLIC | {"secret"}), who
        reads_drafts = who in ("contributor", "publisher", "sector_lead", "programme")
        linked = ActionVoice.objects.visible_to(person).filter(action=answered)
        assert linked.exists() == reads_drafts, who


@pytest.mark.requirement("R-V6")
def test_a_service_reads_the_approved_redaction_and_no_other_version(
    people: dict[str, User], rows: dict[str, Comment]
) -> None:
    approved = rows["approved"].redactions.get(approved_at__isnull=False)
    mine = Redaction.objects.visible_to(people["contributor"]).filter(comment=rows["approved"])
    assert (list(mine), rows["approved"].redactions.count()) == ([approved], 2)


@pytest.mark.requirement("R-V6")
def test_the_second_person_for_a_childs_words_is_never_the_first(
    people: dict[str, User], rows: dict[str, Comment]
) -> None:
    asked = {
        who: may.can_second_approve(people[who], rows["second"])
        for who in ("moderator", "moderator2", "board")
    }
    assert asked == {"moderator": False, "moderator2": True, "board": False}
