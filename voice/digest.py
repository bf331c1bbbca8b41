"""What stands in each person's mail about what families said: numbers and links, never a word of a family (R-W5).

Nothing about safety: those people are told at once, and nobody else may count it (R-S2, R-S3).
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.db.models import Case, Count, Exists, OuterRef, QuerySet, When
from django.urls import reverse

from foundation.templatetags.ui import plural
from partnership.mailing import Part
from partnership.models import Service, User
from partnership.permissions import can_contribute_for, can_publish_for

from .models import AnswerCheck, Comment, Response, ShowChange, Stage
from .models.comments import MODERATED_STAGES, OPEN_TO_MODERATOR
from .models.responses import HAND_IN_IT
from .permissions import is_moderator

INBOX, ANSWERS = "voice:inbox", "voice:answers"


class ToCheck(NamedTuple):
    """A first answer of somebody new, and whose it is: they cannot be its second person."""

    service: int
    hands: frozenset[int | None]
    may_be_read: bool


class VoiceDigest:
    """What waits for moderators, services and second people: as many questions for everybody as for one."""

    def __init__(self) -> None:
        to_answer = Comment.objects.awaiting_answer().order_by().values_list("service")
        drafts = Response.objects.filter(status=Response.Status.DRAFT).order_by().values_list("service")
        unflagged = Comment.objects.unflagged()
        to_read = unflagged.filter(stage__in=OPEN_TO_MODERATOR).order_by()
        by_first = to_read.values_list("stage", "first_approved_by").annotate(number=Count("pk"))
        wishes = ShowChange.objects.open().filter(
            comment__is_flagged=False, comment__stage__in=MODERATED_STAGES
        )
        first = Case(When(state=ShowChange.State.FIRST, then="first_by"))
        self.to_read, self.second = 0, Counter[int | None]()
        for stage, first_reader, number in by_first:
            if stage == Stage.RECEIVED:
                self.to_read += number
            else:
                self.second[first_reader] += number
        self.wishes = _numbers(wishes.order_by().values_list(first))
        self.to_answer = _numbers(to_answer)
        self.drafts = _numbers(drafts)
        self.to_check = _to_check()
        known = {*self.to_answer, *self.drafts, *(one.service for one in self.to_check)}
        self.services = list(Service.objects.filter(pk__in=known))

    def parts_for(self, person: User) -> list[Part]:
        """What this person is to read, to check, to answer and to publish."""
        asked = self._count(person, can_contribute_for, self.to_answer)
        ready = self._count(person, can_publish_for, self.drafts)
        return [
            *(self._for_moderator(person) if is_moderator(person) else []),
            *_part("To answer", asked, "thing families said,things families said", ANSWERS),
            *_part("Answers to publish", ready, "draft answer,draft answers", ANSWERS),
            *_part("Answers to check", self._checks(person), "first answer,first answers", "portal:my_work"),
        ]

    def _for_moderator(self, person: User) -> list[Part]:
        """Nobody is asked to be the second person for what they read first."""
        second = self.second.total() - self.second[person.pk]
        wishes = self.wishes.total() - self.wishes[person.pk]
        return [
            *_part("To read", self.to_read, "thing that came,things that came", INBOX),
            *_part("Second check", second, "thing a child said,things children said", INBOX),
            *_part(
                "May be shown now",
                wishes,
                "sender lets us show more,senders let us show more",
                "portal:my_work",
            ),
        ]

    def _checks(self, person: User) -> int:
        """Twin of `Response.objects.approvable_by`, for everybody at once."""
        own = {service.pk for service in self._covered(person, can_publish_for)}
        reads = is_moderator(person)
        return sum(
            person.pk not in one.hands and (one.service in own or (reads and one.may_be_read))
            for one in self.to_check
        )

    def _count(
        self, person: User, rule: Callable[[object, Service], bool], numbers: Counter[int | None]
    ) -> int:
        return sum(numbers[service.pk] for service in self._covered(person, rule))

    def _covered(self, person: User, rule: Callable[[object, Service], bool]) -> Iterable[Service]:
        return (service for service in self.services if rule(person, service))


def _part(heading: str, number: int, forms: str, page: str) -> list[Part]:
    """Nothing where nothing waits."""
    return [Part(heading, [(plural(number, forms), reverse(page))], number)] if number else []


def _numbers(rows: "QuerySet[Any, Any]") -> Counter[int | None]:
    return Counter(dict(rows.annotate(number=Count("pk"))))


def _to_check() -> list[ToCheck]:
    read = Comment.objects.approved().filter(answers__response=OuterRef("pk")).order_by()
    rows = Response.objects.filter(status=Response.Status.WAITING).annotate(may_be_read=Exists(read))
    waiting = list(rows.order_by().values_list("pk", "service", "drafted_by", "may_be_read"))
    hands = AnswerCheck.objects.filter(response__in=[pk for pk, *_ in waiting], kind__in=HAND_IN_IT)
    had = set(hands.order_by().values_list("response", "by"))
    return [
        ToCheck(service, frozenset({author, *(by for answer, by in had if answer == pk)}), may_be_read)
        for pk, service, author, may_be_read in waiting
    ]
