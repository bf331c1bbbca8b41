"""Someone may be unsafe: out of every other list at once, a mail without a word of it, and what safeguarding did."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from foundation import content_version
from foundation.outbox import queue_mail
from partnership.calendar import today
from partnership.models import Membership, User
from partnership.roles import Role
from voice.models import Comment, Decision, SafeguardingFlag, Stage

from .errors import CannotDo

_SUBJECT = "Someone may be unsafe: please read it now"
_BODY = """Something came to the portal, or was found in it, that is marked: someone may be unsafe.

Please sign in and read it now:
{address}

This mail holds nothing of what was said, and nothing about who said it.
"""


@transaction.atomic
def flag_comment(*, comment: Comment, by: User, at: datetime | None = None) -> SafeguardingFlag:
    """A moderator marks that someone may be unsafe (R-S2). Raises CannotDo if it is marked already or was taken back."""
    at = at or timezone.now()
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    if comment.is_flagged:
        raise CannotDo("This one is already with the safeguarding lead.")
    if comment.stage == Stage.WITHDRAWN:
        raise CannotDo("The sender took this one back. No words are left to read.")
    flag = raise_flag(comment, raised_from=SafeguardingFlag.RaisedFrom.MODERATOR, by=by, at=at)
    content_version.bump()  # it may have been public until now
    return flag


def raise_flag(comment: Comment, *, raised_from: str, by: User | None, at: datetime) -> SafeguardingFlag:
    """Mark the row and tell safeguarding, in the caller's transaction."""
    comment.is_flagged = True
    comment.claimed_by = comment.claimed_at = None
    comment.bump()
    comment.save()
    flag = SafeguardingFlag.objects.create(
        comment=comment, raised_from=raised_from, raised_by=by, raised_at=at
    )
    Decision.objects.create(comment=comment, kind=Decision.Kind.FLAGGED, by=by, at=at)
    body = _BODY.format(address=f"{settings.PORTAL_ADDRESS}{reverse('voice:safeguarding')}")
    for person in safeguarding_people():
        queue_mail(to=person.email, subject=_SUBJECT, body=body, dedupe_key=f"flag:{flag.pk}:{person.pk}")
    return flag


def safeguarding_people() -> list[User]:
    """Whom to tell at once: the leads; the deputies where no lead is in post (R-S3)."""
    memberships = Membership.objects.active_on(today()).filter(role=Role.SAFEGUARDING, user__is_active=True)
    found = list(memberships.select_related("user").order_by("user_id"))
    leads = [membership for membership in found if not membership.is_deputy]
    return list({membership.user_id: membership.user for membership in leads or found}.values())


@transaction.atomic
def mark_flag_read(*, flag: SafeguardingFlag, by: User, at: datetime | None = None) -> SafeguardingFlag:
    """Safeguarding has it now: who read it first and when. From here the moderator who marked it no longer sees it."""
    at = at or timezone.now()
    flag = SafeguardingFlag.objects.select_for_update().get(pk=flag.pk)
    if flag.read_at is None:
        flag.read_by, flag.read_at, flag.handed_over_at = by, at, at
        flag.save()
        Decision.objects.create(comment_id=flag.comment_id, kind=Decision.Kind.FLAG_READ, by=by, at=at)
    return flag


@transaction.atomic
def record_outcome(
    *, flag: SafeguardingFlag, outcome: str, reference: str = "", by: User, at: datetime | None = None
) -> SafeguardingFlag:
    """Write down what was done, by whom, when, and the referral's reference (R-S4). Once; the flag itself stays.

    Raises CannotDo if it was not read first, or if somebody wrote an outcome down already.
    """
    at = at or timezone.now()
    flag = SafeguardingFlag.objects.select_for_update().get(pk=flag.pk)
    if flag.read_at is None:
        raise CannotDo("Read it first.")
    if flag.outcome:
        raise CannotDo(f"{flag.outcome_by} has already written down what was done.")
    flag.outcome, flag.reference = outcome, reference
    flag.outcome_by, flag.outcome_at = by, at
    flag.save()
    Decision.objects.create(comment_id=flag.comment_id, kind=Decision.Kind.OUTCOME, by=by, at=at)
    return flag
