"""Every form of the portal, with who sends it and a set of answers that is accepted. Typed by hand, like the access table.

A field is `name: (kind of field, good answer)`. An exclamation mark means that it must be answered. A question mark means
that what may be left out hangs on the other fields, so that both outcomes are right, but never an error of ours.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from actions.models import Action, Finding, Plan, PlanImport
from actions.operations.imports import begin_import, check_piece
from foundation.codes import new_code
from foundation.tokens import new_token
from partnership.calendar import today
from partnership.models import Invitation, Organisation, Service
from partnership.operations.invitations import digest
from priorities.models import Measure, Priority
from tests import factories as make
from tests.access_world import World
from tests.voice.journey import write
from voice.forms.sending import opened_now
from voice.models import Comment, SafeguardingFlag, Stage

Fields = Mapping[str, tuple[str, Any]]
DATE = ("1", "2", "2030")


@dataclass(frozen=True)
class Form:
    """One form: who sends it where, its fields, and what being accepted looks like."""

    name: str
    person: str
    address: str
    fields: Fields
    step: Mapping[str, str] = field(default_factory=dict)
    accepted: int = 302
    refused: int = 422
    forged: Mapping[str, Any] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    replayed: int = 302
    shows: str = "form"
    prefix: str = ""


BUTTONS = {
    "actions:due_date_withdraw": "a button",
    "actions:waiting_end": "a button",
    "actions:measure_remove": "a button: it carries nothing but the address",
    "actions:gap_unlink": "a button: it carries the version of the finding that was seen",
    "actions:plan_import_check": "a button",
    "actions:plan_import_drop": "a button",
    "partnership:person_close": "a button",
    "voice:exit": "a button: it deletes what was begun and leaves",
    "partnership:person_reopen": "a button",
    "partnership:invitation_withdraw": "a button",
    "voice:booking": "a button: the code stands in the address",
    "voice:booking_cancel": "a button",
    "voice:booking_rung": "a button",
    "voice:safety_word_off": "a button",
    "voice:help_number_checked": "a button: it carries the number that was seen",
    "voice:mine_one": "the steps of voice:follow, without the code",
}
"""Addresses that are posted without a field."""

TOKEN = ("token", None)
VERSION = ("version", "1")


def action_fields(priority: str, service: str) -> dict[str, tuple[str, Any]]:
    return {
        "title": ("text!", "A title of the action"),
        "category": ("choice!", "2"),
        "duty": ("row", ""),
        "priority": ("row!", priority),
        "problem": ("text", "The problem as it is"),
        "doing": ("text", "What will be done"),
        "difference": ("text", "What will be better"),
        "lead_role": ("text", "Head of service"),
        "accountable_role": ("text", "Director of service"),
        "planned_start": ("day", DATE),
        "due": ("day", ("1", "2", "2031")),
        "impact_question": ("choice", ""),
        "resources": ("text", "Two people for a year"),
        "also_serves": ("rows", []),
        "commitments": ("rows", []),
        "partners": ("rows", [service]),
    }


PLAN: Fields = {
    "title": ("text!", "A title of the plan"),
    "starts": ("day!", DATE),
    "ends": ("day!", ("1", "2", "2031")),
    "next_review": ("day", ("1", "3", "2030")),
}
STEP: Fields = {"title": ("text!", "A step"), "due": ("day", DATE), "done_on": ("day", ("1", "2", "2020"))}
EVIDENCE: Fields = {
    "statement": ("text!", "It is so"),
    "kind": ("choice!", "data"),
    "link": ("link", "https://www.example.org/report"),
    "file": ("file", None),
    "token": TOKEN,
}
UPDATE: Fields = {
    "status": ("choice!", "green"),
    "reason": ("text", "Because of this"),
    "narrative": ("text!", "What changed for us"),
    "public_words": ("text", "What families may read"),
    "next_step": ("text", "What comes next"),
    "barriers": ("text", "What is in the way"),
    "help_wanted": ("text", "What help is needed"),
    "evidence_statement": ("text?", "It was done"),
    "evidence_kind": ("choice?", "data"),
    "evidence_link": ("link", "https://www.example.org/report"),
    "evidence_file": ("file", None),
    "token": TOKEN,
}
NOT_IN_ROWS = ("barriers", "help_wanted", "evidence_file")
FINDING: Fields = {
    "result": ("choice!", "part"),
    "words": ("text!", "What was found"),
    "evidence_statement": ("text?", "It is so"),
    "evidence_kind": ("choice?", "data"),
    "evidence_link": ("link", "https://www.example.org/report"),
    "version": VERSION,
}
ANSWER: Fields = {
    "kind": ("choice!", "we_did"),
    "you_said": ("text!", "What you said to us"),
    "we_did": ("text!", "What we did then"),
    "progress": ("choice!", "done"),
    "do_by": ("day", DATE),
    "difference": ("text", "The difference it made"),
    "actions": ("rows", []),
    "milestones": ("rows", []),
    "no_action_reason": ("text?", "It is done already"),
    "easy_said": ("text?", "You wait too long."),
    "easy_did": ("text?", "We have more people."),
}
ROLE: Fields = {
    "role": ("choice!", "contributor"),
    "service": ("row?", "{service}"),
    "sector": ("row", ""),
    "is_deputy": ("tick?", ""),
}
QUESTION_PAGES: dict[str, Fields] = {
    "parent-carer/words": {"text": ("text!", "What we want to tell you")},
    "parent-carer/topic": {"topic": ("choice!", "felt")},
    "parent-carer/whose-words": {"whose_words": ("choice", "mine")},
    "parent-carer/more": {
        "age_band": ("choice", ""),
        "district": ("row", ""),
        "email": ("email", "sender@example.org"),
    },
    "practitioner/more": {"work": ("choice", "health"), "district": ("row", ""), "email": ("email", "")},
    "child/face": {"feeling": ("choice", "sad")},
    "child/safe": {"unsafe": ("tick", "on")},
}
GO = {"go": ("garbage is nothing", "next")}
EVENT: Fields = {
    "title": ("text!", "A title of the event"),
    "about": ("text!", "What it is about then"),
    "audience": ("choice!", "everybody"),
    "day": ("day!", DATE),
    "starts": ("time!", "10:30"),
    "ends": ("time!", "12pm"),
    "last_day": ("day", ("2", "2", "2030")),
    "place": ("text", "A place to meet"),
    "online_link": ("link", "https://www.example.org/room"),
    "district": ("row", ""),
    "step_free": ("tick", "on"),
    "has_bsl": ("tick", ""),
    "quiet_room": ("tick", ""),
    "access_notes": ("text", "Park behind the hall"),
    "capacity": ("number", "20"),
    "closes_day": ("day?", ("31", "1", "2030")),
    "closes_time": ("time?", "16:00"),
}


def prepare(world: World) -> list[Form]:
    """Make what the forms need beside the rows of the access table, and give the table."""
    own, other = Service.objects.get(slug="inclusion"), Service.objects.get(slug="therapy")
    priority = str(Priority.objects.get(strategy__slug="now").pk)
    hidden = str(Priority.objects.get(strategy__slug="draft-strategy").pk)
    body = str((Organisation.objects.first() or make.make_organisation()).pk)
    strategy = str(Priority.objects.get(pk=priority).strategy_id)
    measure = str(Measure.objects.get(slug="plans-issued").pk)
    sector = str(own.sector_id)
    SafeguardingFlag.objects.filter(pk=world.paths["flag"]).update(
        read_by=world.users["safeguarding"], read_at=timezone.now()
    )
    dealt_with = make.make_comment(flagged=True).flag
    SafeguardingFlag.objects.filter(pk=dealt_with.pk).update(
        read_by=world.users["safeguarding"], read_at=timezone.now(), outcome="known"
    )
    Invitation.objects.filter(pk=world.paths["invitation"]).update(key_digest=digest("the-key"))
    code = new_code()
    make.make_comment(code=code)
    second = make.make_comment(stage=Stage.SECOND_CHECK, service=own)
    make.make_redaction(second, by=world.users["programme"])
    Comment.objects.filter(pk=second.pk).update(first_approved_by=world.users["programme"])
    Service.objects.filter(pk=own.pk).update(last_action_number=50)
    theirs = make.make_action(make.make_plan(other), ref="THE-1")
    make.make_action(make.make_plan(other, status="draft"), ref="THE-2")
    for action in Action.objects.filter(plan__slug="open-plan"):
        make.make_reviewed_action(action, by=world.users["contributor"])
    far = make.make_comment(stage=Stage.APPROVED, service=other)
    looked_at = make.make_audit(own, finished=False)
    make.make_finding(looked_at, "met")
    world.paths["looked_at"] = str(looked_at.pk)
    world.paths["to_drop"] = str(make.make_audit(own, finished=False).pk)
    to_confirm = an_import_to_confirm(world)
    waits = make.make_update(Action.objects.get(ref="INC-1"), public=False)
    get_user_model().objects.filter(pk=world.users["family"].pk).update(email="family@example.org")
    # Two, so that the web session stays when one of them is sent.
    for route in ("young-person", "someone-else"):
        write(world.clients["visitor"], route)
    act = action_fields(priority, str(other.pk))
    role = {name: (kind, str(own.pk) if good == "{service}" else good) for name, (kind, good) in ROLE.items()}
    audit = {
        "title": ("text!", "A title of the audit"),
        "date": ("day!", ("1", "2", "2020")),
        "scope": ("text", "What is looked at"),
        "duties": ("rows", [str(Finding.objects.get(pk=world.paths["to_find"]).duty_id)]),
    }
    plan = {**PLAN, "strategy": ("row!", strategy)}
    service = {
        "name": ("text!", "A name of the service"),
        "code": ("code of a service!", "NEW"),
        "sector": ("row!", sector),
        "organisation": ("row!", body),
        "publishes_at_once": ("tick", ""),
        "started": ("day", DATE),
        "ended": ("day", ("1", "2", "2031")),
        "successor": ("row", ""),
    }
    said = today() - datetime.timedelta(days=9)
    themes: Fields = {
        "themes": ("rows", [str(make.make_theme().pk)]),
        "new_theme": ("text", "A new theme"),
        "had_themes": ("garbage is nothing", ""),
    }
    strikes: Fields = {
        "strikes": ("rows", []),
        "words_1": ("text?", ""),
        "place_1": ("choice", ""),
        "reason_1": ("choice", ""),
    }
    name = {"name": ("text!", "A name for it")}
    kept = {**name, "text": ("text!", "A wording to keep")}
    reroute: Fields = {"service": ("row!", str(other.pk)), "reason": ("choice!", "wrong")}
    approve: Fields = {
        **strikes,
        **themes,
        "wording": ("row", str(make.make_wording().pk)),
        "made_of": ("choice", ""),
        "text": ("text!", "The redacted words"),
        "summary": ("text?", "The summary of it"),
        "service": ("row!", str(own.pk)),
        "priority": ("row", priority),
        "version": VERSION,
    }
    comments = ("rows!", [world.paths["approved"]])
    draft_of = {"priority": hidden, "also_serves": [hidden]}
    inbox = f"/voice/inbox/{world.paths['unread']}/"
    one = str(Action.objects.get(ref="INC-1").pk)
    bulk: Fields = {
        "reason": ("text!", "Why it is so"),
        "chosen": ("row!", one),
        "seen": ("seen", None),
        "token": TOKEN,
    }
    others = str(make.make_plan(other, strategy=theirs.plan.strategy).pk)
    own_draft = str(Action.objects.get(ref="INC-2").plan_id)
    further = str(make.make_priority(strategy=theirs.plan.strategy).pk)
    return [
        Form(
            "actions:bulk_change",
            "programme",
            f"/actions/bulk/move/?action={one}",
            {"plan": ("row!", others), **bulk},
            forged={"plan": own_draft},
        ),
        Form(
            "actions:bulk_change",
            "programme",
            f"/actions/bulk/redate/?action={one}",
            {"how": ("choice!", "one"), "due": ("day!", DATE), **bulk},
        ),
        Form(
            "actions:bulk_change",
            "programme",
            f"/actions/bulk/redate/?action={one}",
            {"how": ("choice!", "later"), "days": ("number!", "14"), **bulk},
        ),
        Form(
            "actions:bulk_change",
            "programme",
            f"/actions/bulk/serve/?action={one}",
            {"priority": ("row!", further), **bulk},
            forged={"priority": hidden},
        ),
        Form(
            "actions:action_new",
            "contributor",
            "/plans/draft-plan/actions/new/",
            {**act, "token": TOKEN},
            forged=draft_of,
        ),
        Form(
            "actions:action_edit",
            "contributor",
            "/actions/INC-2/edit/",
            {**act, "version": VERSION},
            forged=draft_of,
        ),
        Form(
            "actions:action_edit",
            "publisher",
            "/actions/INC-1/edit/",
            {**act, "due": ("day?", ("1", "2", "2031")), "due_reason": ("text?", "Why"), "version": VERSION},
            only=("due", "due_reason"),
        ),
        Form("actions:action_update", "contributor", "/actions/INC-1/update/", UPDATE),
        Form(
            "actions:action_update",
            "contributor",
            "/actions/INC-1/update/",
            {"token": TOKEN},
            {"nothing_changed": "1"},
            shows="click",
        ),
        Form(
            "actions:updates",
            "contributor",
            "/actions/updates/",
            {f"INC-1-{name}": UPDATE[name] for name in UPDATE if name not in NOT_IN_ROWS},
            {"row": "INC-1", "save": "INC-1"},
            prefix="INC-1-",
        ),
        Form(
            "actions:due_date",
            "publisher",
            "/actions/INC-1/due-date/",
            {
                "due": ("day!", DATE),
                "reason": ("text!", "Why it moves"),
                "seen": ("seen", None),
                "token": TOKEN,
            },
        ),
        Form(
            "actions:due_date_decide",
            "publisher",
            "/actions/INC-1/due-date/{due_request}/",
            {"decision": ("choice!", "refuse"), "words": ("text?", "Not so late"), "token": TOKEN},
        ),
        Form("actions:evidence_new", "contributor", "/actions/INC-1/evidence/new/", EVIDENCE),
        Form(
            "actions:milestone_new", "contributor", "/actions/INC-2/milestones/new/", {**STEP, "token": TOKEN}
        ),
        Form("actions:milestone_edit", "publisher", "/actions/INC-1/milestones/{milestone}/edit/", STEP),
        Form(
            "actions:measure_new",
            "publisher",
            "/actions/INC-1/measures/new/",
            {"measure": ("row!", measure), "success_looks_like": ("text", "Fewer wait for it")},
        ),
        Form(
            "actions:waiting_new",
            "contributor",
            "/actions/INC-1/waiting-for/new/",
            {"on": ("reference!", "THE-1"), "why": ("text", "Two more people"), "token": TOKEN},
            forged={"on": "THE-2"},
        ),
        Form(
            "actions:sign_off",
            "assurance",
            "/actions/INC-4/sign-off/",
            {
                "rating": ("choice!", "clear"),
                "words": ("text!", "What was seen"),
                "decision": ("choice!", "rate"),
                "token": TOKEN,
            },
        ),
        Form(
            "actions:action_close",
            "programme",
            "/actions/INC-1/close/",
            {"reason": ("text!", "There is no money"), "token": TOKEN},
        ),
        Form(
            "actions:plan_new",
            "contributor",
            "/plans/new/",
            {**plan, "service": ("row!", str(own.pk)), "token": TOKEN},
            forged={"service": str(other.pk)},
        ),
        Form("actions:plan_edit", "contributor", "/plans/open-plan/edit/", {**plan, "version": VERSION}),
        Form("actions:plan_publish", "publisher", "/plans/draft-plan/publish/", {"seen": ("seen", None)}),
        Form(
            "actions:plan_waiting",
            "publisher",
            "/plans/open-plan/waiting/",
            {"updates": ("rows!", [str(waits.pk)]), "actions": ("rows", []), "seen": ("seen", None)},
            forged={"actions": [str(theirs.pk)]},
            shows="",
        ),
        Form(
            "actions:plan_import_new",
            "contributor",
            "/plans/import/",
            {
                "plan": ("row!", "open-plan"),
                "file": ("sheet!", b"Action,Due\nMeet families,1/2/2031\n"),
                "token": TOKEN,
            },
            forged={"plan": theirs.plan.slug},
        ),
        Form(
            "actions:plan_import_columns",
            "contributor",
            "/plans/imports/{import_of_a_table}/columns/",
            {
                "column_1": ("choice?", "title"),
                "default_category": ("choice!", "2"),
                "default_priority": ("row!", priority),
            },
            forged={"default_priority": hidden},
        ),
        Form(
            "actions:plan_import_words",
            "contributor",
            "/plans/imports/{import_of_a_table}/words/",
            {"word_0": ("choice!", "1")},
        ),
        Form(
            "actions:plan_import_confirm",
            "contributor",
            f"/plans/imports/{to_confirm.pk}/confirm/",
            {"token": TOKEN},
        ),
        Form(
            "actions:plan_archive",
            "publisher",
            "/plans/open-plan/archive/",
            {"version": ("stale button", "1")},
        ),
        Form(
            "actions:audit_new",
            "contributor",
            "/audits/new/",
            {
                **audit,
                "duties": ("rows!", audit["duties"][1]),
                "service": ("row!", str(own.pk)),
                "token": TOKEN,
            },
            forged={"service": str(other.pk)},
        ),
        Form(
            "actions:audit_edit",
            "contributor",
            "/audits/{draft_audit}/edit/",
            {**audit, "duties": ("rows!", audit["duties"][1]), "version": VERSION},
        ),
        Form("actions:audit_drop", "contributor", "/audits/{to_drop}/drop/", {"seen": ("seen", None)}),
        Form("actions:audit_finish", "contributor", "/audits/{looked_at}/finish/", {"seen": ("seen", None)}),
        Form(
            "actions:finding_edit", "contributor", "/audits/{draft_audit}/findings/{to_find}/edit/", FINDING
        ),
        Form(
            "actions:gap_action",
            "contributor",
            "/audits/{audit}/findings/{gap}/action/",
            {
                "title": ("text!", "Close the gap"),
                "problem": ("text", "The problem as it is"),
                "priority": ("row!", priority),
                "plan": ("row!", str(Plan.objects.get(slug="open-plan").pk)),
                "token": TOKEN,
            },
            forged={"plan": str(theirs.plan_id), "priority": hidden},
        ),
        Form(
            "actions:gap_link",
            "contributor",
            "/audits/{audit}/findings/{gap}/link/",
            {"action": ("row!", str(Action.objects.get(ref="INC-1").pk))},
            forged={"action": str(theirs.pk)},
        ),
        Form(
            "actions:plan_review_action",
            "contributor",
            "/plans/open-plan/review/actions/INC-1/",
            {
                "still_needed": ("choice!", "yes"),
                "right_category": ("choice!", "yes"),
                "difference_seen": ("choice!", "not_yet"),
                "words": ("text", "What we saw of it"),
                "token": TOKEN,
            },
        ),
        Form(
            "actions:plan_review_finish",
            "publisher",
            "/plans/open-plan/review/finish/",
            {
                "outcome": ("choice!", "keep"),
                "next_review": ("day!", DATE),
                "words": ("text", "What we found in all"),
                "title": ("text", "The plan of the next year"),
                "starts": ("day", DATE),
                "ends": ("day", ("1", "2", "2031")),
                "token": TOKEN,
            },
        ),
        Form(
            "partnership:plain_edit",
            "programme",
            "/sources/passages/P1/plain/",
            {"text": ("text!", "The plain words"), "after": ("garbage is nothing", "")},
        ),
        Form(
            "partnership:person_edit",
            "programme",
            "/partnership/people/{someone}/edit/",
            {"name": ("text!", "A new name"), "job_title": ("text", "A job"), "version": VERSION},
        ),
        Form(
            "partnership:membership_new",
            "administrator",
            "/partnership/people/{someone}/memberships/new/",
            {**role, "starts": ("day!", DATE), "ends": ("day", ("1", "2", "2031"))},
        ),
        Form(
            "partnership:membership_end",
            "administrator",
            "/partnership/memberships/{membership}/end/",
            {"when": ("choice!", "later"), "last_day": ("day!", DATE)},
        ),
        Form("partnership:service_new", "programme", "/partnership/services/new/", service),
        Form(
            "partnership:service_edit",
            "programme",
            "/partnership/services/therapy/edit/",
            {**service, "sector": ("row!", str(other.sector_id)), "version": VERSION},
        ),
        Form(
            "partnership:invitation_new",
            "administrator",
            "/partnership/invitations/new/",
            {
                "name": ("text!", "A new person"),
                "email": ("email!", "new@example.org"),
                **role,
                "token": TOKEN,
            },
            replayed=422,
        ),
        Form(
            "partnership:invitation_accept",
            "visitor",
            "/invitations/the-key/",
            {"name": ("text!", "Invited Person"), "password": ("password!", "three long words together")},
        ),
        Form("partnership:mail", "contributor", "/my-work/mail/", {"when": ("choice!", "3")}),
        *[
            Form("voice:question", "visitor", f"/voice/new/{page}/", {**fields, **GO})
            for page, fields in QUESTION_PAGES.items()
        ],
        Form(
            "voice:check",
            "visitor",
            "/voice/new/young-person/check/",
            {
                "website": ("trap", ""),
                "step": ("garbage is nothing", ""),
                "seen": ("seen", ""),
                "token": TOKEN,
            },
            accepted=200,
            replayed=200,
        ),
        Form("voice:follow", "visitor", "/voice/follow/", {"code": ("code!", code)}, accepted=200),
        *[
            Form("voice:follow", "visitor", "/voice/follow/", fields, step, accepted=200, replayed=200)
            for fields, step in steps_of_senders(world)
        ],
        Form("voice:mine", "family", "/voice/mine/", {"code": ("code!", code)}),
        Form(
            "voice:show_change",
            "moderator",
            "/voice/show-changes/{wider}/",
            {"text": ("text!", "What everybody may read"), "summary": ("text", "In short")},
            {"step": "approve"},
        ),
        Form("voice:comment", "moderator", inbox, approve, {"step": "approve"}),
        Form(
            "voice:comment",
            "moderator",
            inbox,
            {"reason": ("choice!", "vexatious"), "version": VERSION},
            {"step": "refuse"},
        ),
        Form(
            "voice:comment",
            "moderator",
            f"/voice/inbox/{second.pk}/",
            {"version": VERSION},
            {"step": "second-approve"},
        ),
        Form(
            "voice:comment",
            "moderator",
            f"/voice/inbox/{second.pk}/",
            {"version": VERSION},
            {"step": "send-back"},
        ),
        Form("voice:comment", "moderator", inbox, strikes, {"step": "strike"}, accepted=200),
        Form(
            "voice:comment",
            "moderator",
            "/voice/inbox/{approved}/",
            {**reroute, "version": VERSION},
            {"step": "reroute"},
        ),
        Form("voice:comment", "moderator", "/voice/inbox/{approved}/", themes, {"step": "themes"}),
        Form(
            "voice:inbox",
            "moderator",
            "/voice/inbox/",
            {
                "chosen": ("rows!", [world.paths["unread"]]),
                "do": ("choice!", "tag"),
                "theme": ("row", ""),
                "new_theme": ("text?", "A new theme"),
                "service": ("row", ""),
                "reason": ("choice", ""),
            },
        ),
        Form(
            "voice:inbox_new",
            "moderator",
            "/voice/inbox/new/",
            {
                "channel": ("choice!", "paper"),
                "event": ("row", ""),
                "route": ("choice!", "young-person"),
                "whose_words": ("choice", "mine"),
                "topic": ("choice!", "felt"),
                "text": ("text!", "What somebody wrote"),
                "said_on": ("day!", (str(said.day), str(said.month), str(said.year))),
                "may_show": ("choice!", "summary"),
                "unsafe": ("tick", ""),
                "token": TOKEN,
            },
            accepted=200,
            replayed=200,
        ),
        Form("voice:themes", "moderator", "/voice/inbox/themes/", name),
        Form(
            "voice:theme",
            "moderator",
            "/voice/inbox/themes/{theme}/",
            {**name, "version": VERSION},
            {"step": "rename"},
        ),
        Form(
            "voice:theme",
            "moderator",
            "/voice/inbox/themes/{theme}/",
            {"into": ("row!", str(make.make_theme().pk)), "version": ("stale button", "1")},
            {"step": "merge"},
            only=("into",),
        ),
        Form("voice:wordings", "moderator", "/voice/inbox/wordings/", kept),
        Form("voice:wording", "moderator", "/voice/inbox/wordings/{wording}/", {**kept, "version": VERSION}),
        Form(
            "voice:wording",
            "moderator",
            "/voice/inbox/wordings/{wording}/",
            {"version": ("stale button", "1")},
            {"step": "drop"},
        ),
        Form(
            "voice:safeguarding_item",
            "safeguarding",
            "/voice/safeguarding/{flag}/",
            {
                "outcome": ("choice!", "known"),
                "referred_to": ("text", "The team of the council"),
                "referred_on": ("day", ("1", "2", "2020")),
                "reference": ("text", "R12"),
            },
            {"step": "outcome"},
        ),
        Form(
            "voice:safeguarding_item",
            "safeguarding",
            f"/voice/safeguarding/{dealt_with.pk}/",
            {"reason": ("choice!", "mistake"), "words": ("text", "Why it may go")},
            {"step": "ask"},
        ),
        Form(
            "voice:safety_words",
            "safeguarding",
            "/voice/safeguarding/words/",
            {"word": ("text?", "A listed word")},
        ),
        Form("voice:erase", "moderator", "/voice/erase/", {"code": ("code!", code)}, accepted=200),
        Form(
            "voice:answer_new",
            "contributor",
            "/voice/answers/new/?comment={approved}",
            {"comments": comments, **ANSWER, "token": TOKEN},
            forged={"comments": [str(far.pk)], "actions": [str(theirs.pk)]},
        ),
        Form(
            "voice:answer_edit",
            "contributor",
            "/voice/answers/{draft_answer}/edit/",
            {"comments": comments, **ANSWER, "version": VERSION},
            forged={"comments": [str(far.pk)], "actions": [str(theirs.pk)]},
        ),
        Form(
            "voice:answer_publish",
            "publisher",
            "/voice/answers/{draft_answer}/publish/",
            {"version": ("stale button", "1")},
        ),
        Form(
            "voice:report_publish",
            "programme",
            "/voice/reports/2023/publish/",
            {
                "reason": ("text!", "One comment was left out"),
                "take_down": ("tick", "on"),
                "seen": ("seen", None),
                "edition": ("version", "2"),
            },
        ),
        Form(
            "voice:answer_ask",
            "contributor",
            "/voice/answers/{draft_answer}/ask/",
            {"version": ("stale button", "1")},
        ),
        Form(
            "voice:answer_check",
            "moderator",
            "/voice/answers/{waiting_answer}/check/",
            {"reason": ("text!", "Say by when"), "version": VERSION},
            {"step": "send-back"},
        ),
        Form(
            "voice:difference",
            "visitor",
            "/voice/actions/INC-4/difference/",
            {
                "answer": ("choice!", "a_little"),
                "who": ("choice!", "parent-carer"),
                "text": ("text", "It is a little better"),
                "may_show": ("choice", "summary"),
                "unsafe": ("tick", ""),
                "website": ("trap", ""),
                "opened": ("opened", None),
                "token": TOKEN,
            },
            accepted=200,
            replayed=200,
        ),
        Form(
            "voice:event_book",
            "visitor",
            "/events/coming/book/",
            {
                "name": ("text!", "A name to call"),
                "people": ("number!", "2"),
                "email": ("email", "booker@example.org"),
                "phone": ("email", "01632 960 001"),
                "access_needs": ("text", "A seat near the door"),
                "website": ("trap", ""),
                "opened": ("opened", None),
                "token": TOKEN,
            },
            accepted=200,
            replayed=200,
        ),
        Form(
            "voice:booking_find",
            "visitor",
            "/events/booking/",
            {"code": ("code!", world.paths["booking_code"])},
        ),
        Form("voice:event_new", "programme", "/voice/events/new/", {**EVENT, "token": TOKEN}),
        Form(
            "voice:event_edit",
            "programme",
            "/voice/events/{draft_event}/edit/",
            {**EVENT, "version": VERSION},
        ),
        Form(
            "voice:event_publish",
            "programme",
            "/voice/events/{draft_event}/publish/",
            {"version": ("stale button", "1")},
        ),
        Form(
            "voice:event_cancel",
            "programme",
            "/voice/events/{event_to_cancel}/cancel/",
            {"reason": ("text!", "The hall is closed"), "version": VERSION},
        ),
        Form(
            "voice:event_said",
            "programme",
            "/voice/events/{past_event}/said/",
            {
                "route": ("choice!", "young-person"),
                "topic": ("choice!", "felt"),
                "text": ("text!", "What somebody said there"),
                "may_show": ("choice!", "summary"),
                "unsafe": ("tick", ""),
                "token": TOKEN,
            },
        ),
        Form(
            "board:rating",
            "chair",
            "/board/actions/INC-1/rating/",
            {"rating": ("choice!", "amber"), "reason": ("text!", "The board has seen it"), "token": TOKEN},
        ),
    ]


def steps_of_senders(world: World) -> list[tuple[Fields, dict[str, str]]]:
    """What a sender fills in with the code: one thing more, what may be shown, and whether it helped."""
    code = new_code()
    answered = make.make_comment(stage=Stage.ANSWERED, code=code)
    make.make_response(answered)
    add: Fields = {"text": ("text!", "One thing more"), "unsafe": ("tick", ""), "token": TOKEN}
    show: Fields = {"may_show": ("choice!", "nothing")}
    helped: Fields = {
        "answer": ("choice!", "yes"),
        "text": ("text", ""),
        "unsafe": ("tick?", ""),
        "token": TOKEN,
    }
    return [
        (fields, {"code": code, "step": step})
        for fields, step in ((add, "add-send"), (show, "show-send"), (helped, "helped-send"))
    ]


def an_import_to_confirm(world: World) -> PlanImport:
    """A file with one new row, checked and waiting for its last button."""
    words = b"Ref,Version (please leave as it is),Title,Priority,Category\n,,Meet families,1,could\n"
    words = words.replace(b"Category", b'"Must, should or could"')
    who, plan = world.users["contributor"], Plan.objects.get(slug="open-plan")
    made = begin_import(by=who, plan=plan, file=io.BytesIO(words), name="plan.csv", size=len(words))
    assert made is not None
    return check_piece(by=who, plan_import=made)


def fresh(kind: str, good: Any) -> Any:
    """A good answer; tokens and times are made when they are sent."""
    return new_token() if kind == "token" else opened_now() if kind == "opened" else good


LISTS = {
    "/strategies/": ("visitor", {"page"}),
    "/measures/": ("visitor", {"page"}),
    "/actions/": ("visitor", {"priority", "sector", "service", "category", "status", "page"}),
    "/actions/export.csv": ("visitor", {"priority", "sector", "service", "category", "status"}),
    "/actions/export.xlsx": ("visitor", {"priority", "sector", "service", "category", "status"}),
    "/actions/bulk/": ("programme", {"priority", "sector", "service", "category", "status", "page"}),
    "/actions/bulk/move/?which=all": (
        "programme",
        {"priority", "sector", "service", "category", "status", "which", "action"},
    ),
    "/actions/owners/": ("programme", {"page"}),
    "/actions/updates/": ("contributor", {"page"}),
    "/actions/INC-1/": ("visitor", {"page", "as_at", "as_at_day", "as_at_month", "as_at_year"}),
    "/actions/INC-1/history/": ("contributor", {"page"}),
    "/plans/open-plan/history/": ("contributor", {"page"}),
    "/plans/": ("visitor", {"page"}),
    "/audits/": ("contributor", {"page"}),
    "/plans/import/": ("contributor", {"plan"}),
    "/plans/imports/{import}/": ("contributor", {"show", "page"}),
    "/plans/open-plan/imports/": ("contributor", {"page"}),
    "/voice/you-said-we-did/": (
        "visitor",
        {"words", "status", "service", "topic", "priority", "theme", "page"},
    ),
    "/voice/you-said-we-did/easy-read/": ("visitor", {"page"}),
    "/voice/mine/": ("family", {"page"}),
    "/voice/reports/": ("visitor", {"page"}),
    "/voice/reports/2023/": ("visitor", {"page"}),
    "/voice/reports/2023/editions/1/": ("visitor", {"page"}),
    "/voice/reports/2023/publish/": ("programme", {"page"}),
    "/voice/inbox/": ("moderator", {"show", "topic", "route", "service", "theme", "held", "page"}),
    "/voice/inbox/log/": ("moderator", {"kind", "by", "page"}),
    "/voice/inbox/themes/": ("moderator", {"page"}),
    "/voice/inbox/wordings/": ("moderator", {"page"}),
    "/voice/safeguarding/": ("safeguarding", {"page"}),
    "/voice/safeguarding/words/": ("safeguarding", {"page"}),
    "/voice/removals/": ("auditor", {"page"}),
    "/voice/answers/": ("contributor", {"page"}),
    "/events/": ("visitor", {"page"}),
    "/events/past/": ("visitor", {"page"}),
    "/voice/events/": ("programme", {"page"}),
    "/voice/events/{event}/": ("programme", {"page"}),
    "/voice/answers/new/?comment={approved}": ("contributor", {"comment"}),
    "/partnership/": ("visitor", {"as_at_day", "as_at_month", "as_at_year"}),
    "/partnership/people/": ("programme", {"q", "role", "service", "page"}),
    "/partnership/services/": ("programme", {"page"}),
    "/partnership/invitations/": ("programme", {"page"}),
    "/board/exceptions/": ("board", {"flag", "category", "sector", "status", "priority", "page"}),
    "/board/actions/": ("board", {"flag", "category", "sector", "status", "priority", "page"}),
    "/board/audits/": ("board", {"show", "page"}),
    "/board/gaps/": ("board", {"service", "show", "page"}),
    "/board/reviews/": ("board", {"page"}),
    "/board/unanswered/": ("board", {"page"}),
    "/board/changes/": ("board", {"page"}),
    "/accounts/login/": ("visitor", {"next"}),
}
"""Addresses that read what stands after the question mark, somebody who may read each, and the names that it reads."""
