"""What stands in each person's mail about answers: numbers and links, never a word of a family (R-W5)."""

from collections import Counter
from collections.abc import Callable, Iterable

from django.db.models import Count
from django.urls import reverse

from foundation.templatetags.ui import plural
from partnership.mailing import Part
from partnership.models import Service, User
from partnership.permissions import can_contribute_for, can_publish_for

from .models import Comment, Response
from .models.responses import UNPUBLISHED


class VoiceDigest:
    """How much waits for an answer, and how many answers wait for a publisher: two questions, however many people."""

    def __init__(self) -> None:
        to_answer = Comment.objects.awaiting_answer().order_by().values_list("service")
        drafts = Response.objects.filter(status__in=UNPUBLISHED).order_by().values_list("service")
        self.to_answer = Counter(dict(to_answer.annotate(number=Count("pk"))))
        self.drafts = Counter(dict(drafts.annotate(number=Count("pk"))))
        self.services = list(Service.objects.filter(pk__in=[*self.to_answer, *self.drafts]))

    def parts_for(self, person: User) -> list[Part]:
        """What this person's services should answer, and what this person may publish."""
        url = reverse("voice:answers")
        asked = self._count(person, can_contribute_for, self.to_answer)
        ready = self._count(person, can_publish_for, self.drafts)
        parts = []
        if asked:
            parts.append(
                Part("To answer", [(plural(asked, "thing families said,things families said"), url)], asked)
            )
        if ready:
            parts.append(
                Part("Answers to publish", [(plural(ready, "draft answer,draft answers"), url)], ready)
            )
        return parts

    def _count(self, person: User, rule: Callable[[object, Service], bool], numbers: Counter[int]) -> int:
        return sum(numbers[service.pk] for service in self._covered(person, rule))

    def _covered(self, person: User, rule: Callable[[object, Service], bool]) -> Iterable[Service]:
        return (service for service in self.services if rule(person, service))
