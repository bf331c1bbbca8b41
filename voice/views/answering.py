"""A service reads what was sent to it, redacted, and answers (R-V7)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from foundation.ids import clean_id
from foundation.pages import form_page
from foundation.pagination import paginate
from foundation.refusals import NOT_YOUR_ROLE, refused, typed_words
from foundation.tokens import was_spent
from foundation.versions import VersionConflict, conflict_response
from partnership.calendar import today
from partnership.models import Service
from partnership.permissions import can_contribute_for, can_publish_for
from voice.forms.answers import EditAnswerForm, NewAnswerForm
from voice.forms.moderation import VersionForm
from voice.models import Comment, HelpAnswer, Rerouting, Response
from voice.models.responses import UNPUBLISHED
from voice.operations import publish_answer
from voice.operations.answers import SPENT_FOR
from voice.operations.checks import had_a_hand, needs_second_person
from voice.operations.errors import CannotDo
from voice.permissions import (
    can_approve_answer,
    can_edit_answer,
    can_publish_answer,
    writes_answers,
)

TYPED = ("you_said", "we_did", "difference", "no_action_reason", "easy_said", "easy_did")
NONE_LEFT = (
    "These comments cannot be answered any more. They were taken back, answered, or sent somewhere else."
)
PUBLISHED = "This answer is public now. Only a publisher of its service can change it."
DRAFTED_BEFORE = "This draft was saved before. There is only one."
WORDS = (
    "kind",
    "you_said",
    "we_did",
    "progress",
    "do_by",
    "difference",
    "actions",
    "milestones",
    "no_action_reason",
    "easy_said",
    "easy_did",
)


@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """Comments that wait for an answer of this person's services, oldest first, and the drafts."""
    if not writes_answers(request.user):
        raise PermissionDenied
    waiting = Comment.objects.answerable_by(request.user).awaiting_answer().with_redacted()
    page = paginate(
        request,
        waiting.select_related(
            "service", "priority__strategy", "priority__title", "priority__short_title"
        ).oldest_first(),
    )
    day = today()
    for row in page.object_list:
        row.days = row.days_waiting(day)
    own = Response.objects.editable_by(request.user).select_related("service", "drafted_by")
    published = list(Response.objects.written_for(request.user).filter(status="published").newest()[:10])
    told = HelpAnswer.objects.told_of(published)
    for row in published:
        row.helped = told[row.pk]
        row.may_change = can_edit_answer(request.user, row)
    context = {
        "page": page,
        "drafts": own.filter(status__in=UNPUBLISHED).order_by("drafted_at", "pk")[:50],
        "published": published,
        "sent_on": Rerouting.objects.away_from(request.user).newest()[:10],
    }
    return render(request, "voice/answers.html", context)


@form_page
def answer_new(request: HttpRequest) -> HttpResponse:
    """Answer one comment or many of one service. Which ones comes from the list: ?comment=1&comment=2."""
    if not writes_answers(request.user):
        return _answer_refused(request, NOT_YOUR_ROLE)
    asked = {found for found in map(clean_id, request.GET.getlist("comment")[:200]) if found}
    rows = Comment.objects.answerable_by(request.user).awaiting_answer().with_redacted().filter(pk__in=asked)
    chosen = list(rows.select_related("service").oldest_first())
    if not chosen and typed_words(NewAnswerForm, request.POST, TYPED):
        if was_spent(request.POST.get("token"), purpose=SPENT_FOR):
            messages.info(request, DRAFTED_BEFORE)
            return redirect("voice:answers")
        return _answer_refused(request, NONE_LEFT)
    if not chosen:
        messages.error(request, "Choose at least one comment to answer.")
        return redirect("voice:answers")
    service = chosen[0].service
    heard = [row for row in chosen if row.service_id == service.pk]
    first = {"comments": [row.pk for row in heard]}
    form = NewAnswerForm(request.POST or None, service=service, user=request.user, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            saved = form.save(by=request.user)
        except CannotDo as why:
            form.refuse(str(why))
        else:
            messages.success(request, _drafted(request, service) if saved else DRAFTED_BEFORE)
            return redirect("voice:answer_edit", pk=saved.pk) if saved else redirect("voice:answers")
    context = {"form": form, "service": service, "answer": None, "heard": heard}
    return render(request, "voice/answer_form.html", context, status=422 if form.errors else 200)


@form_page
def answer_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft; its publisher also mends a published one. Two people at once see both texts."""
    answer = get_object_or_404(_own(request), pk=pk)
    if not can_edit_answer(request.user, answer):
        own = can_contribute_for(request.user, answer.service)
        return _answer_refused(request, PUBLISHED if own else NOT_YOUR_ROLE)
    form = EditAnswerForm(
        request.POST or None, answer=answer, service=answer.service, user=request.user, initial=_first(answer)
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = form.save(by=request.user)
        except VersionConflict as conflict:
            # Nobody has read the easy words beside what somebody else wrote meanwhile.
            form.data = form.data.copy()
            form.data.pop("easy_is_right", None)
            return conflict_response(request, form=form, conflict=conflict, fields=WORDS)
        except CannotDo as why:
            form.refuse(str(why))
        else:
            messages.success(request, "Saved.")
            if saved.easy_is_behind:
                messages.info(request, "The answer has changed. Read its words in Easy Read again, below.")
            return redirect("voice:answer_edit", pk=answer.pk)
    context = {
        "form": form,
        "service": answer.service,
        "answer": answer,
        "heard": form.heard,
    } | _next_step(request, answer)
    return render(request, "voice/answer_form.html", context, status=422 if form.errors else 200)


def _next_step(request: HttpRequest, answer: Response) -> dict[str, object]:
    """What comes after writing: publish it, or send it to a second person where the writer is new (R-V7)."""
    if answer.is_published:
        return {}
    mine = had_a_hand(answer, request.user)
    needs = needs_second_person(answer)
    waits = answer.status == Response.Status.WAITING
    may_publish = can_publish_answer(request.user, answer)
    return {
        "waits": waits,
        "can_check": can_approve_answer(request.user, answer),
        "can_publish": may_publish and not waits and not (needs and mine),
        "must_ask": needs and not waits and (mine or not may_publish),
        "is_second": needs,
        "checks": list(answer.checks.select_related("by")),
    }


def _drafted(request: HttpRequest, service: Service) -> str:
    if can_publish_for(request.user, service):
        return "Draft saved. Read it once more, then go on below."
    return "Draft saved. A publisher of the service reads it next, and makes it public."


@require_POST
def answer_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a draft public: a publisher's button."""
    answer = get_object_or_404(_own(request), pk=pk)
    if answer.is_published and can_publish_for(request.user, answer.service):
        messages.info(request, "This answer is published already.")
        return redirect("voice:answer_edit", pk=answer.pk)
    if not can_publish_answer(request.user, answer):
        raise PermissionDenied
    form = VersionForm(request.POST)
    form.is_valid()
    try:
        publish_answer(answer=answer, version=form.cleaned_data["version"], by=request.user)
    except VersionConflict:
        messages.error(
            request, "Somebody changed this answer while you had it open. Read it again, then publish it."
        )
        return redirect("voice:answer_edit", pk=answer.pk)
    except CannotDo as why:
        messages.error(request, str(why))
        return redirect("voice:answer_edit", pk=answer.pk)
    messages.success(request, "Published. The people who left an e-mail address will be told.")
    return redirect("voice:answer", pk=answer.pk)


def _answer_refused(request: HttpRequest, why: str) -> HttpResponse:
    """What the service typed is its own and is given back. The words of the comments are not shown again."""
    typed = typed_words(NewAnswerForm, request.POST, TYPED)
    on = {"url": reverse("voice:answers"), "link_text": "See what waits for an answer"}
    if not writes_answers(request.user):
        on = {"url": reverse("portal:my_work"), "link_text": "My work"}
    return refused(request, why=why, typed=typed, **on)


def _own(request: HttpRequest):  # type: ignore[no-untyped-def]
    return Response.objects.visible_to(request.user).select_related("service__sector")


def _first(answer: Response) -> dict[str, object]:
    return {
        "comments": list(answer.answered.values_list("comment_id", flat=True)),
        "kind": answer.kind,
        "you_said": answer.you_said,
        "we_did": answer.we_did,
        "difference": answer.difference,
        "progress": answer.progress,
        "do_by": answer.do_by,
        "actions": list(answer.actions.values_list("pk", flat=True)),
        "milestones": list(answer.milestones.order_by().values_list("pk", flat=True)),
        "no_action_reason": answer.no_action_reason,
        "easy_said": answer.easy_said,
        "easy_did": answer.easy_did,
        "version": answer.version,
    }
