"""Put the demo on top of a loaded partnership, or take it out again."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import Q, QuerySet

from actions.models import Action, ActionMeasure, Audit, Evidence, Finding, Milestone, Plan
from foundation import content_version
from foundation.outbox import OutboxMail
from partnership.calendar import today
from partnership.models import Invitation, Membership, Service, User
from portal.example.audits import tell_audits
from portal.example.board import tell_ratings
from portal.example.dates import tell_dates
from portal.example.difference import tell_difference
from portal.example.events import remove_mail, tell_events
from portal.example.moderating import tell_moderating
from portal.example.people import make_people, make_services
from portal.example.plans import tell_plans
from portal.example.report import tell_report
from portal.example.reviews import tell_reviews
from portal.example.safeguarding import tell_safeguarding
from portal.example.voices import tell_voices
from priorities.models import Strategy
from voice.models import (
    Comment,
    CommentTheme,
    Event,
    NumberCheck,
    Removal,
    Response,
    SafetyWord,
    Theme,
    VoiceReport,
    Wording,
)


class Command(BaseCommand):
    """Example people, plans and words, each marked Example. Refuses unless the demo switch is on (R-C9)."""

    help = "Put the demo's example rows in, once. With --remove, take every one of them out again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="take all example rows out")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            remove_example_rows()
            self.stdout.write("Every example row is gone.")
            return
        if not settings.PORTAL_DEMO:
            raise CommandError(
                "seed_demo makes example people with a known password. It runs only where PORTAL_DEMO is on."
            )
        if User.objects.filter(is_example=True).exists():
            self.stdout.write("The demo is in already.")
            return
        if not Strategy.objects.filter(kind=Strategy.Kind.STRATEGY).current().exists():
            raise CommandError("There is no current strategy yet. Run load_partnership first.")
        with transaction.atomic():
            services = make_services()
            people = make_people(*services, today=today())
            actions = tell_plans(people, *services)
            tell_audits(people, *services, actions)
            tell_dates(people, actions)
            tell_reviews(people)
            code = tell_voices(people, services, actions)
            tell_report(people, services)
            tell_safeguarding(people, services)
            tell_moderating(people, services)
            tell_ratings(people, actions)
            tell_difference(people, actions)
            tell_events(people, actions)
        content_version.bump()
        self.stdout.write(f"The demo is in. To follow an example comment, use the code {code}")


@transaction.atomic
def remove_example_rows() -> None:
    """Take out every example row with its history; what is real stays, to the row."""
    people = User.objects.filter(is_example=True)
    addresses = list(people.values_list("email", flat=True))
    tracked: dict[Any, QuerySet[Any]] = {
        Response: Response.objects.filter(is_example=True),
        Theme: Theme.objects.filter(is_example=True),
        Finding: Finding.objects.filter(audit__is_example=True),
        Audit: Audit.objects.filter(is_example=True),
        ActionMeasure: ActionMeasure.objects.filter(action__is_example=True),
        Milestone: Milestone.objects.filter(action__is_example=True),
        Action: Action.objects.filter(is_example=True),
        Plan: Plan.objects.filter(is_example=True),
        Event: Event.objects.filter(is_example=True),
        Membership: Membership.objects.filter(user__in=people),
        Service: Service.objects.filter(is_example=True),
    }
    keys = {model: list(rows.values_list("pk", flat=True)) for model, rows in tracked.items()}
    VoiceReport.objects.filter(Q(is_example=True) | Q(published_by__in=people)).delete()
    Comment.objects.filter(is_example=True).delete()
    Wording.objects.filter(is_example=True).delete()
    CommentTheme.objects.filter(theme__is_example=True).delete()
    Theme.objects.filter(merged_into__is_example=True).update(merged_into=None)
    Evidence.objects.filter(action__is_example=True).delete()  # before the updates that it belongs to
    for rows in tracked.values():
        rows.delete()
    for model, gone in keys.items():  # last, because a deletion is written into the history too
        past = model.history.filter(id__in=gone)
        for many in past.model._history_m2m_fields:
            getattr(past.model, many.name).model.objects.filter(history__in=past.values("pk")).delete()
        past.delete()
    Invitation.objects.filter(invited_by__in=people).delete()
    for rows in (Removal.objects.filter(by__in=people), NumberCheck.objects.filter(by__in=people)):
        rows.delete()
    SafetyWord.objects.filter(added_by__in=people).delete()
    SafetyWord.objects.filter(taken_off_by__in=people).update(taken_off_by=None, taken_off_at=None)
    people.delete()
    OutboxMail.objects.filter(to__in=addresses).delete()
    remove_mail()
    content_version.bump()
