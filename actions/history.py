"""The past of an action and of a plan in one time line: who changed what and when, in words (R-A5).

Each source is read in a fixed number of questions: versions of the rows from their history, and our own append-only rows.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from foundation.history import Change, Version, versions_of
from foundation.templatetags.ui import day as in_days
from partnership.permissions import can_contribute_for, has_role
from partnership.roles import Role
from priorities.models import Commitment, Priority

from .models import Action, ActionMeasure, DueDateRequest, GapAction, Milestone, Plan, Status, WaitingFor
from .permissions import can_view_plan

NO_NEWS = (
    "version",
    "ref",
    "status",
    "public_status",
    "impact",
    "last_heard",
    "last_update_at",
    "slips",
    "original_due",
    "published_by",
    "created_by",
    "created_at",
    "is_example",
)
"""Columns that follow from what the time line tells by itself."""
SOURCES = (
    "updates",
    "due_date_changes",
    "due_date_requests",
    "evidence",
    "impact_ratings",
    "waits_for",
    "waited_for_by",
    "came_from",
)
"""Rows that an action may have none of; they are asked for where there are any."""
NAMES_WITH = {Priority: ("strategy", "title"), Commitment: ("title",)}
LABELS = {"due": "Due date", "also_serves": "Serves too", "commitments": "Promises", "partners": "Works with"}
ENDINGS = {Status.BLUE: "Signed off as complete", Status.CLOSED: "Closed: it will not go ahead"}


@dataclass
class Entry:
    """One thing that happened: what, when, by whom; the fields it changed, and what was said."""

    at: datetime.datetime
    who: str
    title: str
    changes: list[Change] = field(default_factory=list)
    lines: list[tuple[str, str]] = field(default_factory=list)
    """Pairs of a label and somebody's words."""


def action_history(action: Action, reader: object) -> list[Entry]:
    """All that happened to an action, newest first, for staff who may see it."""
    found = [
        *_versions(action),
        *(_updates(action) if action.may_have("updates") else ()),
        *(_moves(action) if action.may_have("due_date_changes") else ()),
        *(_asked(action) if action.may_have("due_date_requests") else ()),
        *_steps(action),
        *_measures(action),
        *(_proof(action) if action.may_have("evidence") else ()),
        *(_ratings(action) if action.may_have("impact_ratings") else ()),
        *(
            _waiting(action, reader)
            if action.may_have("waits_for") or action.may_have("waited_for_by")
            else ()
        ),
        *(_gaps(action) if action.may_have("came_from") else ()),
    ]
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def plan_history(plan: Plan, reader: object) -> list[Entry]:
    """What became of the plan itself: its words and dates, publishing, yearly reviews and archiving; newest first."""
    rows = versions_of(plan.history.all(), leave_out=(*NO_NEWS[:2], *NO_NEWS[9:], "slug", "published_at"))
    entries = []
    for one in rows:
        before, after = one.raw.get("status", ("", ""))
        title = {"+": "Plan begun"}.get(one.kind, "Plan changed")
        title = {Plan.Status.PUBLISHED: "Published", Plan.Status.ARCHIVED: "Archived"}.get(after, title)
        changes = [change for change in one.changes if not (before and change.label == "Status")]
        entries.append(Entry(one.at, _who(one.by), title, changes))
    return sorted([*entries, *_reviews(plan, reader)], key=lambda entry: entry.at)[::-1]


def _reviews(plan: Plan, reader: object) -> Iterator[Entry]:
    """When each yearly review was begun and finished, and what came of it. Its words are for those who read the review:
    the service and the programme team; the next plan is named to those who may see it."""
    of_it = has_role(reader, Role.PROGRAMME) or can_contribute_for(reader, plan.service)
    rows = plan.reviews.select_related("begun_by", "finished_by", "next_plan__service")
    for review in rows:
        yield Entry(review.begun_at, review.begun_by.name, "Yearly review begun")
        if review.finished_at is None:
            continue
        following = review.next_plan
        named = following is not None and can_view_plan(reader, following)
        said = [
            ("What came of it", review.get_outcome_display()),
            ("The next plan", following.title if following is not None and named else ""),
            ("What the review found", review.words if of_it else ""),
        ]
        yield Entry(
            review.finished_at, _who(review.finished_by), "Yearly review finished", lines=_lines(said)
        )


def _who(person: Any) -> str:
    return person.name if person is not None else "The portal itself"


def _versions(action: Action) -> Iterator[Entry]:
    rows = versions_of(action.history.all(), leave_out=NO_NEWS, labels=LABELS, names_with=NAMES_WITH)
    for one in rows:
        published = _became(one, "published_at")
        hidden = {"Published at"} | ({"Due date"} if one.row.published_at and not published else set())
        changes = [change for change in one.changes if change.label not in hidden]
        if one.kind == "+":
            yield Entry(one.at, _who(one.by), "Action begun")
        elif published:
            yield Entry(one.at, _who(one.by), "Made public", changes)
        elif changes:
            title = "Moved to another plan" if "plan" in one.raw else "Words and facts changed"
            yield Entry(one.at, _who(one.by), title, changes)


def _became(one: Version, name: str) -> bool:
    before, after = one.raw.get(name, (None, None))
    return before is None and after is not None


def _updates(action: Action) -> Iterator[Entry]:
    for update in action.updates.select_related("author", "published_by"):
        ending = ENDINGS.get(Status(update.status))
        changes = []
        if update.status != update.status_before:
            before, after = update.get_status_before_display(), update.get_status_display()
            changes = [Change("Status", before, after)]
        said = [
            ("What changed", update.narrative),
            ("Why", update.reason),
            ("For families", update.public_words),
            ("Next step", update.next_step),
            ("In the way", update.barriers),
            ("Help asked of the board", update.help_wanted),
        ]
        plain = "Update: nothing had changed" if update.nothing_changed else "Update"
        yield Entry(update.at, update.author.name, ending or plain, changes, _lines(said))
        if update.published_at is not None and update.published_at != update.at:
            words = [("For families", update.public_words)]
            title = f"Update of {in_days(update.at)} made public"
            yield Entry(update.published_at, _who(update.published_by), title, changes, _lines(words))


def _lines(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(label, words) for label, words in pairs if words]


def _moves(action: Action) -> Iterator[Entry]:
    """Moves of the due date that came into force."""
    for move in action.due_date_changes.select_related("by"):
        change = Change("Due date", in_days(move.old_due) or "no date", in_days(move.new_due) or "no date")
        yield Entry(move.at, move.by.name, "Due date moved", [change], [("Why", move.reason)])


def _asked(action: Action) -> Iterator[Entry]:
    """Later dates that were asked for, and what was decided."""
    for asked in action.due_date_requests.select_related("by", "decided_by"):
        wanted = [Change("Due date", in_days(asked.old_due) or "no date", in_days(asked.new_due))]
        yield Entry(asked.at, asked.by.name, "Later date asked for", wanted, [("Why", asked.reason)])
        if asked.decided_at is not None:
            title = f"Later date: {DueDateRequest.Outcome(asked.outcome).label.lower()}"
            said = _lines([("To the service", asked.words)])
            yield Entry(asked.decided_at, _who(asked.decided_by), title, lines=said)


def _steps(action: Action) -> Iterator[Entry]:
    rows = Milestone.history.filter(action_id=action.pk)
    titles = {"+": "Step added", "~": "Step changed", "-": "Step taken away"}
    for one in versions_of(rows, leave_out=("action", "position", "added_by", "added_at")):
        yield Entry(one.at, _who(one.by), f"{titles[one.kind]}: {one.row.title}", one.changes)


def _measures(action: Action) -> Iterator[Entry]:
    rows = ActionMeasure.history.filter(action_id=action.pk).select_related("measure")
    titles = {"+": "Measure linked", "~": "What success looks like changed", "-": "Measure taken off"}
    for one in versions_of(rows, leave_out=("action", "added_by", "added_at")):
        said = _lines([("Success looks like", one.row.success_looks_like)]) if one.kind == "+" else []
        yield Entry(one.at, _who(one.by), f"{titles[one.kind]}: {one.row.measure}", one.changes, said)


def _proof(action: Action) -> Iterator[Entry]:
    for proof in action.evidence.select_related("added_by"):
        kind = proof.get_kind_display()
        yield Entry(proof.added_at, proof.added_by.name, "Evidence added", lines=[(kind, proof.statement)])


def _ratings(action: Action) -> Iterator[Entry]:
    for rating in action.impact_ratings.select_related("by"):
        title = f"Difference for families: {rating.get_rating_display()}"
        yield Entry(rating.at, rating.by.name, title, lines=_lines([("What was seen", rating.words)]))


def _waiting(action: Action, reader: object) -> Iterator[Entry]:
    """Only where the reader may see the other action too."""
    rows = WaitingFor.objects.visible_to(reader).filter(Q(action=action) | Q(on=action))
    for row in rows.select_related("action", "on", "by", "ended_by"):
        begun, ended = (
            (f"Waits for {row.on}", f"Waits no longer for {row.on.ref}")
            if row.action_id == action.pk
            else (f"{row.action} waits for this", f"{row.action.ref} waits no longer for this")
        )
        yield Entry(row.at, row.by.name, begun, lines=_lines([("What for", row.why)]))
        if row.ended_at is not None:
            yield Entry(row.ended_at, _who(row.ended_by), ended)


def _gaps(action: Action) -> Iterator[Entry]:
    """Which gaps of finished audits it was linked to, and until when: every reader of the time line may read those."""
    rows = GapAction.objects.for_rows().filter(action=action)
    for row in rows.select_related("linked_by", "ended_by"):
        yield Entry(row.linked_at, row.linked_by.name, f"Linked to a gap: {row.finding}")
        if row.ended_at is not None:
            yield Entry(row.ended_at, _who(row.ended_by), f"Not linked any more to a gap: {row.finding}")
