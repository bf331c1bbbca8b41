"""Evidence and milestones of an action (R-A2, R-W8)."""

import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from actions.models import Action, ActionUpdate, Evidence, Milestone
from actions.reasons import why_not_edit_action, why_not_update_action
from foundation.tokens import spend
from partnership.models import User

from .rules import keep, locked_action, refuse_why


@transaction.atomic
def add_evidence(
    *,
    by: User,
    action: Action,
    kind: str,
    statement: str,
    link: str = "",
    file: UploadedFile | None = None,
    update: ActionUpdate | None = None,
    token: str = "",
    at: datetime.datetime | None = None,
) -> Evidence | None:
    """Add evidence: what it shows in one line, its kind, and where it is. Returns None when `token` was used before.

    `file` is one that `EvidenceFileField` has looked into, so its kind is that of its content.
    """
    locked = locked_action(action)
    if token and not spend(token, purpose="evidence"):
        return None
    refuse_why(why_not_update_action(by, locked))
    return keep_evidence(
        action=action,
        update=update,
        kind=kind,
        statement=statement,
        link=link,
        file=file,
        added_by=by,
        added_at=at or timezone.now(),
    )


def keep_evidence(*, file: UploadedFile | None = None, **values: Any) -> Evidence:
    """Store evidence with its file. Where the row cannot be stored, no file is left behind."""
    evidence = Evidence(**values)
    if not file:
        evidence.save()
        return evidence
    evidence.file_name, evidence.file_size = file.name or "", file.size
    evidence.file_type = file.kind.content_type
    evidence.file = file
    try:
        evidence.save()
    except BaseException:
        if evidence.file._committed:
            evidence.file.delete(save=False)
        raise
    return evidence


@transaction.atomic
def add_milestone(
    *,
    by: User,
    action: Action,
    title: str,
    due: datetime.date | None = None,
    done_on: datetime.date | None = None,
    token: str = "",
    at: datetime.datetime | None = None,
) -> Milestone | None:
    """Add a step at the end of an action's steps. Returns None when `token` was used before."""
    locked = locked_action(action)
    if token and not spend(token, purpose="milestone"):
        return None
    refuse_why(why_not_edit_action(by, locked))
    last = action.milestones.aggregate(last=Max("position"))["last"]
    milestone = Milestone(
        action=action,
        title=title,
        due=due,
        done_on=done_on,
        position=0 if last is None else min(last + 1, 32_000),
        added_by=by,
    )
    keep(milestone, by=by, at=at)
    return milestone


@transaction.atomic
def edit_milestone(
    *,
    by: User,
    milestone: Milestone,
    title: str,
    due: datetime.date | None = None,
    done_on: datetime.date | None = None,
    at: datetime.datetime | None = None,
) -> Milestone:
    """Change a step or say when it was done. What it said before stays in its history."""
    action = locked_action(milestone.action)
    milestone = Milestone.objects.select_for_update(no_key=True).get(pk=milestone.pk)
    same_words = (title, due) == (milestone.title, milestone.due)
    refuse_why((why_not_update_action if same_words else why_not_edit_action)(by, action))
    milestone.title, milestone.due, milestone.done_on = title, due, done_on
    keep(milestone, by=by, at=at)
    return milestone
