"""Small makers of rows for tests. Each makes one thing, with sensible words for whatever the test does not say.

A test names what it is about and leaves the rest: `make_action(due=yesterday, status=Status.GREEN)`. Nothing here goes
through an operation, so a test of an operation starts from rows that the operation did not make.
"""

from __future__ import annotations

import datetime
import itertools
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from actions.models import (
    Action,
    ActionMeasure,
    ActionUpdate,
    Audit,
    Category,
    DueDateRequest,
    Evidence,
    Finding,
    GapAction,
    Milestone,
    Plan,
    PlanImport,
    PlanReview,
    ReviewedAction,
    Status,
    StatutoryDuty,
    WaitingFor,
)
from board.models import BoardRating
from partnership.calendar import today
from partnership.models import (
    Contact,
    Membership,
    Organisation,
    Partnership,
    Passage,
    Sector,
    Service,
    SourceDocument,
    User,
)
from partnership.roles import STAFF_ROLES, Role
from priorities.models import CategoryDefinition, Commitment, Measure, Priority, Strategy
from voice.models import (
    ActionVoice,
    Booking,
    Comment,
    CommentContact,
    CommentOriginal,
    Decision,
    Event,
    MayShow,
    Redaction,
    ReportAnswer,
    ReportEntry,
    ReportNumber,
    Rerouting,
    Response,
    ResponseComment,
    Route,
    SafeguardingFlag,
    SafetyWord,
    Stage,
    Theme,
    Topic,
    VoiceReport,
    Wording,
)

_numbers = itertools.count(1)


def _next() -> int:
    return next(_numbers)


# --- Who we are ---------------------------------------------------------------------------------------------------------


def make_partnership(**fields: Any) -> Partnership:
    """Make the one row of the partnership's own settings, or change it."""
    values = {
        "name": "Borchester SEND Partnership",
        "short_name": "Borchester SEND",
        "area_name": "Borchester",
    }
    return Partnership.objects.update_or_create(pk=1, defaults=values | fields)[0]


def make_sector(name: str = "", **fields: Any) -> Sector:
    number = _next()
    return Sector.objects.create(
        **{"slug": f"sector-{number}", "name": name or f"Sector {number}", "position": number} | fields
    )


def make_organisation(name: str = "", **fields: Any) -> Organisation:
    number = _next()
    return Organisation.objects.create(
        **{"slug": f"organisation-{number}", "name": name or f"Organisation {number}"} | fields
    )


def make_service(name: str = "", *, sector: Sector | None = None, **fields: Any) -> Service:
    """Make a service. `code` is the first part of its actions' references."""
    number = _next()
    values = {"slug": f"service-{number}", "name": name or f"Service {number}", "code": f"S{number}"} | fields
    values["sector"] = sector or make_sector()
    values.setdefault("organisation", None)
    if values["organisation"] is None:
        values["organisation"] = make_organisation(sector=values["sector"])
    return Service.objects.create(**values)


def make_user(
    role: str | None = None,
    *,
    service: Service | None = None,
    sector: Sector | None = None,
    two_step: bool = True,
    **fields: Any,
) -> User:
    """Make a person, with one membership where a role is named.

    Staff have two-step sign-in set up, so that `client.force_login(person)` reaches staff pages; `two_step=False` leaves
    it out. The password is not usable; nothing but `force_login` signs them in.
    """
    number = _next()
    values = {"email": f"{role or 'person'}-{number}@example.org", "name": f"Person {number}"} | fields
    person = User.objects.create_user(**values)
    if role is not None:
        make_membership(person, role, service=service, sector=sector)
        if two_step and role in STAFF_ROLES:
            make_two_step(person)
    return person


def make_membership(
    user: User, role: str, *, service: Service | None = None, sector: Sector | None = None, **fields: Any
) -> Membership:
    """Give a role, for ever from a day long past unless `starts` and `ends` say otherwise."""
    values = {"starts": datetime.date(2020, 1, 1)} | fields
    made = Membership.objects.create(user=user, role=role, service=service, sector=sector, **values)
    user.__dict__.pop("active_memberships", None)
    return made


def make_two_step(user: User) -> None:
    """Set up an authenticator app for the person, so that the portal counts them as two-stepped."""
    from allauth.account.models import EmailAddress
    from allauth.mfa.models import Authenticator

    EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    Authenticator.objects.get_or_create(
        user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "not-used-in-tests"}}
    )


# --- What we rest on ----------------------------------------------------------------------------------------------------


def make_source(title: str = "", **fields: Any) -> SourceDocument:
    number = _next()
    return SourceDocument.objects.create(
        **{"slug": f"source-{number}", "title": title or f"Document {number}"} | fields
    )


def make_passage(text: str = "", *, source: SourceDocument | None = None, **fields: Any) -> Passage:
    """Make a passage with its source."""
    number = _next()
    passage = Passage.objects.create(
        **{"ref": f"T{number}", "text": text or f"Published words {number}"} | fields
    )
    passage.sources.add(source or make_source())
    return passage


def make_strategy(title: str = "", **fields: Any) -> Strategy:
    """Make a strategy. Only one of kind "strategy" may be current at once; see `current_strategy`."""
    number = _next()
    values = {
        "slug": f"strategy-{number}",
        "title": title or f"Strategy {number}",
        "status": Strategy.Status.CURRENT,
        "starts": datetime.date(2025, 1, 1),
        "ends": datetime.date(2028, 12, 31),
    } | fields
    return Strategy.objects.create(**values)


def current_strategy() -> Strategy:
    """The current strategy, made when there is none."""
    found = Strategy.objects.filter(status=Strategy.Status.CURRENT, kind=Strategy.Kind.STRATEGY).first()
    return found or make_strategy()


def make_priority(title: str = "", *, strategy: Strategy | None = None, **fields: Any) -> Priority:
    """Make a priority of the current strategy, with the next free number."""
    strategy = strategy or current_strategy()
    values = {"number": strategy.priorities.count() + 1} | fields
    values.setdefault("ambition", None)
    if values["ambition"] is None:
        values["ambition"] = make_passage()
    return Priority.objects.create(
        strategy=strategy, title=make_passage(title or f"Priority title {_next()}"), **values
    )


def make_category_definitions() -> list[CategoryDefinition]:
    """Make the official words for must, should and could."""
    return [
        CategoryDefinition.objects.get_or_create(
            category=category.slug,
            defaults={
                "label": f"{category.label.split()[0]} dos",
                "passage": make_passage(f"The official words for {category.slug}."),
                "position": category.value,
            },
        )[0]
        for category in Category
    ]


def make_measure(name: str = "", **fields: Any) -> Measure:
    number = _next()
    values = {
        "slug": f"measure-{number}",
        "name": name or f"Measure {number}",
        "numerator": "Children counted",
        "unit": Measure.Unit.COUNT,
        "direction": Measure.Direction.UP,
    } | fields
    return Measure.objects.create(**values)


# --- What we do ---------------------------------------------------------------------------------------------------------


def make_duty(title: str = "", **fields: Any) -> StatutoryDuty:
    number = _next()
    values = {
        "slug": f"duty-{number}",
        "title": title or f"Duty {number}",
        "law": "Children and Families Act 2014, section 27",
        "summary": "What the law asks, in plain words.",
        "source": "legislation.gov.uk",
        "checked_on": datetime.date(2026, 1, 5),
    } | fields
    return StatutoryDuty.objects.create(**values)


def make_plan(service: Service | None = None, *, status: str = Plan.Status.PUBLISHED, **fields: Any) -> Plan:
    """Make a service's plan, published unless `status` says otherwise."""
    number = _next()
    values = {
        "slug": f"plan-{number}",
        "title": f"Plan {number}",
        "starts": datetime.date(2026, 1, 1),
        "ends": datetime.date(2026, 12, 31),
    } | fields
    if status != Plan.Status.DRAFT:
        values.setdefault("published_at", timezone.now())
    values.setdefault("strategy", None)
    values["strategy"] = values["strategy"] or current_strategy()
    return Plan.objects.create(service=service or make_service(), status=status, **values)


def make_action(plan: Plan | None = None, *, public: bool | None = None, **fields: Any) -> Action:
    """Make an action, complete enough to be published. It is public when its plan is, unless `public` says otherwise.

    What the public is shown (`public_status`) is the status, unless the test says otherwise.
    """
    plan = plan or make_plan()
    number = _next()
    values = {
        "ref": f"{plan.service.code}-{number}",
        "service": plan.service,
        "title": f"Action {number}",
        "problem": "What is wrong now.",
        "doing": "What we will do about it.",
        "difference": "What families will notice.",
        "category": Category.SHOULD,
        "lead_role": "Head of service",
        "due": today() + datetime.timedelta(days=90),
        "status": Status.GREEN,
    } | fields
    values.setdefault("public_status", values["status"])
    values.setdefault("priority", None)
    values["priority"] = values["priority"] or Priority.objects.filter(strategy=plan.strategy).first()
    values["priority"] = values["priority"] or make_priority(strategy=plan.strategy)
    if values["category"] == Category.MUST:
        values.setdefault("duty", None)
        values["duty"] = values["duty"] or make_duty()
    values.setdefault("original_due", values["due"])
    values.setdefault("last_heard", today())
    if public if public is not None else plan.status != Plan.Status.DRAFT:
        values.setdefault("published_at", timezone.now())
    return Action.objects.create(plan=plan, **values)


def make_update(
    action: Action, *, author: User | None = None, public: bool = True, **fields: Any
) -> ActionUpdate:
    """Add an update row as it stands; the action itself is left alone. Public unless `public` says otherwise."""
    values = {
        "at": timezone.now(),
        "status": action.status,
        "status_before": action.status,
        "narrative": "What the service told its partners.",
        "public_words": "What the service told families.",
        "next_step": "What comes next.",
    } | fields
    if public:
        values.setdefault("published_at", values["at"])
    author = author or make_user(Role.CONTRIBUTOR, service=action.plan.service)
    return ActionUpdate.objects.create(action=action, author=author, **values)


def pdf(name: str = "report.pdf") -> SimpleUploadedFile:
    """A small whole PDF, as a browser sends it."""
    content = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def make_evidence(action: Action, *, by: User | None = None, **fields: Any) -> Evidence:
    values = {
        "kind": Evidence.Kind.DATA,
        "statement": "What it shows.",
        "link": "https://example.org/evidence",
        "added_at": timezone.now(),
    } | fields
    by = by or make_user(Role.CONTRIBUTOR, service=action.plan.service)
    return Evidence.objects.create(action=action, added_by=by, **values)


def make_milestone(action: Action, title: str = "A step on the way", **fields: Any) -> Milestone:
    return Milestone.objects.create(action=action, title=title, **fields)


def make_import(plan: Plan, *, by: User, stage: str = PlanImport.Stage.READY, **fields: Any) -> PlanImport:
    """Make a spreadsheet that somebody sent, checked and without a row unless the test says otherwise."""
    values = {"at": timezone.now(), "file_name": "plan.xlsx", "headings_mark": "0"} | fields
    return PlanImport.objects.create(plan=plan, by=by, stage=stage, **values)


def make_action_measure(action: Action, measure: Measure | None = None, **fields: Any) -> ActionMeasure:
    return ActionMeasure.objects.create(action=action, measure=measure or make_measure(), **fields)


def make_commitment(title: str = "", *, strategy: Strategy | None = None, **fields: Any) -> Commitment:
    """Make a promise of the current strategy."""
    values = {"kind": Commitment.Kind.PROMISE, "number": _next()} | fields
    passage = make_passage(title or f"Promise {_next()}")
    return Commitment.objects.create(strategy=strategy or current_strategy(), title=passage, **values)


def make_audit(service: Service | None = None, *, finished: bool = True, **fields: Any) -> Audit:
    """Make an audit without findings, finished unless `finished` says otherwise."""
    number = _next()
    service = service or make_service()
    by = fields.pop("by", None) or make_user(Role.CONTRIBUTOR, service=service)
    values = {
        "title": f"Audit {number}",
        "date": today(),
        "started_by": by,
        "started_at": timezone.now(),
    } | fields
    if finished:
        values.setdefault("finished_at", timezone.now())
        values.setdefault("finished_by", by)
    return Audit.objects.create(service=service, **values)


def make_finding(audit: Audit, result: str = "", **fields: Any) -> Finding:
    """Make a finding of a new legal duty, unless a duty or a commitment is given. Nobody has looked yet without a result."""
    values = {"position": _next()} | fields
    if result:
        values = {"words": "What was found.", "by": audit.started_by, "at": timezone.now()} | values
    if "duty" not in values and "commitment" not in values:
        values["duty"] = make_duty()
    return Finding.objects.create(audit=audit, result=result, **values)


def make_gap_action(finding: Finding, action: Action, *, by: User | None = None, **fields: Any) -> GapAction:
    """Link an action to a gap, as it stands; the finding itself is left alone."""
    by = by or make_user(Role.CONTRIBUTOR, service=action.plan.service)
    return GapAction.objects.create(
        finding=finding, action=action, linked_by=by, **{"linked_at": timezone.now()} | fields
    )


def make_due_date_request(action: Action, *, by: User | None = None, **fields: Any) -> DueDateRequest:
    """Ask for a later date, as it stands; nobody has decided it unless `outcome` says so."""
    values = {
        "old_due": action.due,
        "new_due": (action.due or today()) + datetime.timedelta(days=60),
        "reason": "Why it moves.",
        "at": timezone.now(),
    } | fields
    if values.get("outcome", "waiting") != "waiting":
        values.setdefault("decided_at", values["at"])
    by = by or make_user(Role.CONTRIBUTOR, service=action.plan.service)
    return DueDateRequest.objects.create(action=action, by=by, **values)


def make_waiting_for(action: Action, on: Action, *, by: User | None = None, **fields: Any) -> WaitingFor:
    by = by or make_user(Role.CONTRIBUTOR, service=action.plan.service)
    return WaitingFor.objects.create(action=action, on=on, by=by, **{"at": timezone.now()} | fields)


def make_reviewed_action(action: Action, *, by: User | None = None, **fields: Any) -> ReviewedAction:
    """Answer for an action in the open review of its plan, which is begun where there is none."""
    by = by or make_user(Role.CONTRIBUTOR, service=action.plan.service)
    now = timezone.now()
    begun = {"begun_by": by, "begun_at": now}
    review, _ = PlanReview.objects.get_or_create(plan=action.plan, outcome="open", defaults=begun)
    values = {"still_needed": True, "right_category": True, "difference_seen": "yes", "at": now} | fields
    return ReviewedAction.objects.create(review=review, action=action, by=by, **values)


# --- What families say --------------------------------------------------------------------------------------------------


def make_comment(
    text: str = "",
    *,
    stage: str = Stage.RECEIVED,
    route: str = Route.PARENT_CARER,
    flagged: bool = False,
    email: str = "",
    code: str = "",
    by: User | None = None,
    **fields: Any,
) -> Comment:
    """Make a comment as it stands at a stage: with the sender's words and, once approved, the redacted and public ones.

    Approved and answered ones have a service; they are public unless `may_show` is "nothing" or `published_text` is "".
    """
    from foundation.codes import code_digest, new_code

    number = _next()
    values = {
        "topic": Topic.QUALITY,
        "may_show": MayShow.SUMMARY,
        "received_at": timezone.now(),
        "code_digest": code_digest(code or new_code()),
        "is_flagged": flagged,
    } | fields
    moderated = stage in (Stage.APPROVED, Stage.ANSWERED)
    if moderated:
        values.setdefault("service", None)
        values["service"] = values["service"] or make_service()
    if moderated and values["may_show"] != MayShow.NOTHING:
        values.setdefault("published_text", f"Approved summary {number}")
        if values["published_text"]:
            values.setdefault("published_at", values["received_at"])
    comment = Comment.objects.create(stage=stage, route=route, **values)
    if stage != Stage.WITHDRAWN:
        CommentOriginal.objects.create(comment=comment, text=text or f"Own words of the sender {number}")
        if email:
            CommentContact.objects.create(comment=comment, email=email)
    if moderated:
        make_redaction(comment, by=by, approved_at=values["received_at"])
    if flagged:
        make_flag(comment)
    return comment


def make_theme(name: str = "", *comments: Comment, by: User | None = None, **fields: Any) -> Theme:
    """Make a theme, and say that these comments speak of it."""
    values = {"name": name or f"Theme {_next()}", "made_by": by or make_user(), "made_at": timezone.now()}
    theme = Theme.objects.create(**values | fields)
    for comment in comments:
        theme.comment_rows.create(comment=comment, by=theme.made_by, at=theme.made_at)
    return theme


def make_wording(name: str = "", text: str = "Somebody waits too long.", **fields: Any) -> Wording:
    values = {"name": name or f"Wording {_next()}", "text": text, "by": make_user(), "at": timezone.now()}
    return Wording.objects.create(**values | fields)


def make_rerouting(comment: Comment, *, by: User | None = None, reason: str = "wrong") -> Rerouting:
    """Make a row of the log that says the comment came to its service from another one."""
    decision = Decision.objects.create(
        comment=comment, kind=Decision.Kind.REROUTED, by=by or make_user(), at=timezone.now()
    )
    assert comment.service is not None
    return Rerouting.objects.create(
        decision=decision, from_service=make_service(), to_service=comment.service, reason=reason
    )


def make_redaction(comment: Comment, text: str = "", *, by: User | None = None, **fields: Any) -> Redaction:
    """Make one redacted version, not approved unless `approved_at` says so."""
    values = {
        "text": text or f"Redacted words {_next()}",
        "summary": "A summary",
        "at": timezone.now(),
    } | fields
    return Redaction.objects.create(comment=comment, by=by or make_user(Role.MODERATOR), **values)


def make_flag(comment: Comment, **fields: Any) -> SafeguardingFlag:
    """Mark a comment: someone may be unsafe. By the sender, unless `raised_by` names a moderator."""
    by = fields.get("raised_by")
    source = SafeguardingFlag.RaisedFrom.MODERATOR if by else SafeguardingFlag.RaisedFrom.SENDER
    values = {"raised_at": timezone.now(), "raised_from": source} | fields
    Comment.objects.filter(pk=comment.pk).update(is_flagged=True)
    comment.is_flagged = True
    return SafeguardingFlag.objects.create(comment=comment, **values)


def make_safety_word(word: str = "", **fields: Any) -> SafetyWord:
    """Put a word on the safety list, as if it had come with the portal."""
    return SafetyWord.objects.create(word=word or f"Listed {_next()}", **fields)


def make_help_number(label: str = "", **fields: Any) -> Contact:
    """Make a number for when someone may be unsafe, never checked unless `last_checked` says so."""
    number = _next()
    values = {
        "value": f"01632 960{number % 1000:03d}",
        "kind": Contact.Kind.PHONE,
        "purpose": Contact.Purpose.SAFETY,
    }
    if fields.get("last_checked"):
        values |= {"status": Contact.Status.VERIFIED, "checked_against": "A page"}
    label = label or f"Help {number}"
    return Contact.objects.create(slug=f"help-{number}", label=label, **(values | fields))


def make_response(
    *comments: Comment,
    service: Service | None = None,
    status: str = Response.Status.PUBLISHED,
    actions: tuple[Action, ...] = (),
    by: User | None = None,
    **fields: Any,
) -> Response:
    """Make an answer, published unless `status` says otherwise, to these comments and with these actions."""
    service = service or (comments[0].service if comments else None) or make_service()
    by = by or make_user(Role.PUBLISHER, service=service)
    values = {
        "kind": Response.Kind.WE_DID,
        "you_said": "People told us that it takes too long.",
        "we_did": "We asked for more people.",
        "difference": "It takes less long.",
        "progress": Response.Progress.DONE,
        "progress_on": today(),
        "no_action_reason": "" if actions else "It is done, and needs no place in a plan.",
        "drafted_by": by,
        "drafted_at": timezone.now(),
    } | fields
    if status == Response.Status.PUBLISHED:
        values.setdefault("published_at", timezone.now())
        values.setdefault("published_by", by)
    if values["kind"] == Response.Kind.WE_CANNOT:
        values["progress"] = ""
    answer = Response.objects.create(service=service, status=status, **values)
    answer.actions.set(actions)
    for comment in comments:
        ResponseComment.objects.create(response=answer, comment=comment, added_by=by, added_at=timezone.now())
        if status == Response.Status.PUBLISHED:
            for action in actions:
                make_voice(action, comment, response=answer, by=by)
    return answer


def make_report(*comments: Comment, year: int = 2024, by: User | None = None, **fields: Any) -> VoiceReport:
    """Make one edition of a yearly report in which these comments stand, with the answers they have now."""
    values = {
        "starts": datetime.date(year, 4, 1),
        "ends": datetime.date(year + 1, 3, 31),
        "counted_on": datetime.date(year + 1, 4, 2),
        "some_unread": False,
        "published_at": timezone.now(),
    } | fields
    report = VoiceReport.objects.create(year=year, published_by=by or make_user(Role.PROGRAMME), **values)
    ReportNumber.objects.create(
        report=report, table="topic", key="felt", label="How it felt", number=None, position=0
    )
    for place, comment in enumerate(comments):
        entry = ReportEntry.objects.create(report=report, comment=comment, position=place)
        for answer in comment.responses.filter(status=Response.Status.PUBLISHED):
            words = answer.history.latest()
            entry.answers.add(
                ReportAnswer.objects.get_or_create(report=report, response=answer, defaults={"words": words})[
                    0
                ]
            )
    return report


def make_voice(
    action: Action, comment: Comment, *, response: Response | None = None, by: User | None = None
) -> ActionVoice:
    """Link a comment to an action."""
    by = by or make_user(Role.PUBLISHER, service=action.service)
    return ActionVoice.objects.create(
        action=action, comment=comment, response=response, linked_by=by, linked_at=timezone.now()
    )


# --- What the board says ------------------------------------------------------------------------------------------------


def make_board_rating(action: Action, *, by: User | None = None, **fields: Any) -> BoardRating:
    """Make a rating of the board, red unless `rating` says otherwise."""
    values = {"rating": Status.RED, "reason": "What the board has seen.", "at": timezone.now()} | fields
    return BoardRating.objects.create(action=action, by=by or make_user(Role.CHAIR), **values)


def make_event(title: str = "", *, days: float = 10, hours: float = 2, **fields: Any) -> Event:
    """Make a published event so many days from now; with a negative number, a past one."""
    number = _next()
    starts = timezone.now().replace(microsecond=0) + datetime.timedelta(days=days)
    values = {
        "title": title or f"Event {number}",
        "slug": f"event-{number}",
        "about": "We talk and listen.",
        "starts_at": starts,
        "ends_at": starts + datetime.timedelta(hours=hours),
        "place": "The hall",
        "status": Event.Status.PUBLISHED,
    } | fields
    return Event.objects.create(**values)


def make_booking(
    event: Event, *, people: int = 1, status: str = "booked", code: str = "", **fields: Any
) -> Booking:
    """Make a booking as it stands in the table, without asking whether it fits."""
    from foundation.codes import code_digest, new_code

    values = {
        "name": f"Booker {_next()}",
        "email": "" if "phone" in fields else "booker@example.org",
        "booked_at": timezone.now(),
        "code_digest": code_digest(code or new_code()),
    } | fields
    return Booking.objects.create(event=event, people=people, status=status, **values)
