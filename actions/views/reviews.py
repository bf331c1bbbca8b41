"""Pages of the yearly review: the checklist, one page for each action, and the end (R-W7)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from actions import operations, permissions, reasons
from actions.forms import FinishReviewForm, ReviewActionForm
from actions.models import Action, Plan, PlanReview, ReviewedAction
from foundation.pages import form_page
from partnership.calendar import today
from partnership.permissions import has_role
from partnership.roles import Role

from .saving import not_saved, plan_or_404, require, saved_or_page, sent_before


def open_review(plan: Plan) -> PlanReview | None:
    """The review that is being made of a plan, or None."""
    return plan.reviews.filter(outcome=PlanReview.Outcome.OPEN).first()


def _answers(review: PlanReview | None) -> dict[int, ReviewedAction]:
    """The answer that counts about each action."""
    if review is None:
        return {}
    return {row.action_id: row for row in review.answers.newest().select_related("by")}


@require_safe
def plan_review(request: HttpRequest, slug: str) -> HttpResponse:
    """The checklist: every open action with what was answered. Half done, it can be left and gone on with later."""
    found = plan_or_404(request, slug)
    may_answer = permissions.can_review_plan(request.user, found)
    require(may_answer or (has_role(request.user, Role.PROGRAMME) and found.status != Plan.Status.DRAFT))
    reviews = list(found.reviews.select_related("finished_by", "next_plan"))
    answers = _answers(next((row for row in reviews if row.outcome == PlanReview.Outcome.OPEN), None))
    actions = found.actions.unfinished().for_reader(request.user, today())
    rows = [(action, answers.get(action.pk)) for action in actions]
    context = {
        "plan": found,
        "rows": rows,
        "looked_at": sum(1 for _, answer in rows if answer is not None),
        "may_answer": may_answer,
        "may_finish": permissions.can_finish_review(request.user, found),
        "past": [row for row in reviews if row.outcome != PlanReview.Outcome.OPEN],
        "is_overdue": found.next_review is not None and found.next_review < today(),
    }
    return render(request, "actions/plan_review.html", context)


@form_page
def plan_review_action(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """The questions about one action; saving leads on to the next that nobody has looked at."""
    plan = plan_or_404(request, slug)
    action = plan.actions.filter(ref=ref).select_related("service").first()
    if action is None or not permissions.can_view_action(request.user, action):
        raise Http404
    checklist = reverse("actions:plan_review", args=[plan.slug])
    if before := sent_before(request, plan, purpose=operations.PLAN_REVIEW):
        return before
    form = ReviewActionForm(request.POST or None, plan=plan, action=action)
    if why := reasons.why_not_review_plan(request.user, plan):
        return not_saved(request, form, why, plan)
    context = {
        "heading": "Yearly review",
        "plan": plan,
        "action": action,
        "last": action.updates.first(),
        "answered": _answers(open_review(plan)).get(action.pk),
        "cancel_url": checklist,
    }
    return saved_or_page(
        request,
        form,
        template="actions/plan_review_action.html",
        context=context,
        done="Saved. Here is the next one." if _next(plan, after=action) else "Saved. All are looked at.",
        to=lambda made: _way_on(request, plan, made),
    )


def _way_on(request: HttpRequest, plan: Plan, made: ReviewedAction) -> str:
    """To the form that mends a wrong category, for who may use it; else to the next action, or back to the checklist."""
    if not made.right_category and permissions.can_edit_action(request.user, made.action):
        messages.info(request, "Choose the right place now. Then go back to the review.")
        return reverse("actions:action_edit", args=[made.action.ref])
    after = _next(plan, after=made.action)
    if after is not None:
        return reverse("actions:plan_review_action", args=[plan.slug, after.ref])
    return reverse("actions:plan_review", args=[plan.slug])


def _next(plan: Plan, *, after: Action) -> Action | None:
    """The next action, in the order of the list, that nobody has looked at in this review."""
    answers = _answers(open_review(plan))
    rows = operations.actions_to_review(plan)
    places = [place for place, action in enumerate(rows) if action.pk == after.pk]
    start = places[0] + 1 if places else 0
    left = [action for action in rows[start:] + rows[:start] if action.pk not in {*answers, after.pk}]
    return left[0] if left else None


@form_page
def plan_review_finish(request: HttpRequest, slug: str) -> HttpResponse:
    """A publisher finishes the review: the plan goes on, or a draft of the next one is begun."""
    plan = plan_or_404(request, slug)
    if before := sent_before(request, plan, purpose=operations.PLAN_REVIEW):
        return before
    form = FinishReviewForm(request.POST or None, plan=plan)
    if why := reasons.why_not_finish_review(request.user, plan):
        return not_saved(request, form, why, plan)
    return saved_or_page(
        request,
        form,
        template="actions/plan_review_finish.html",
        context={
            "heading": "Finish the review",
            "plan": plan,
            "count": len(operations.actions_to_review(plan)),
            "cancel_url": reverse("actions:plan_review", args=[plan.slug]),
        },
        done=lambda made: (
            "The review is finished. This is the draft of the next plan."
            if made.next_plan
            else "The review is finished."
        ),
        to=lambda made: (made.next_plan or plan).get_absolute_url(),
    )


def carried_context(plan: Plan, user: object) -> dict:
    """What a plan's page tells of the plan before it and after it; only actions that this reader may see."""
    seen = Action.objects.visible_to(user)
    gone = plan.carried_on.filter(action__in=seen.order_by()).select_related("action__service", "to_plan")
    coming = operations.to_be_carried(plan)
    return {"gone_on": gone if plan.status == Plan.Status.ARCHIVED else [], "coming_in": coming}


def review_notice(plan: Plan, user: object) -> bool:
    """Whether the plan's page asks this person to look at the actions: the day has come, or a review is half done."""
    if not permissions.can_review_plan(user, plan):
        return False
    is_due = plan.next_review is not None and plan.next_review <= today()
    return is_due or open_review(plan) is not None
