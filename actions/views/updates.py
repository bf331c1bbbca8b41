"""Many updates from one page, for somebody with ten minutes (R-W2).

Without JavaScript the page is one form: a press saves the row it stands in, or all rows in which something was written, and
everything else that was written is still there on the page that comes back. With it, a press sends and changes its row alone.
"""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from actions.definitions import status_key
from actions.forms import UpdateRow
from actions.models import Action, ActionUpdate
from actions.work import FRESH, most_urgent_first
from foundation.pages import form_page
from foundation.pagination import paginate
from foundation.refusals import NOT_YOUR_ROLE, Typed, refused, words_sent
from foundation.templatetags.ui import plural
from partnership.calendar import today
from partnership.permissions import has_role
from partnership.roles import SERVICE_ROLES

ROWS = 10
ALL = "all"


@form_page
def updates(request: HttpRequest) -> HttpResponse:
    """The person's own open actions, ten at a time, the most urgent first, each with its short form."""
    if not has_role(request.user, *SERVICE_ROLES):
        return _refused(request)
    if request.method != "POST":
        return _page(request)
    rows = _sent_rows(request)
    pressed = request.POST.get("save", ALL), request.POST.get("unchanged", "")
    chosen = [row for row in rows if _is_chosen(row, *pressed)]
    for row in chosen:
        row.save(by=request.user, nothing_changed=pressed[1] == row.action.ref)
    if request.htmx and len(chosen) != 1:
        return _refused(request)
    if request.htmx:
        context = {"row": chosen[0], "in_place": True}
        return render(request, "actions/_update_row.html", context, status=_status(chosen))
    return _answer(request, rows, chosen)


def _refused(request: HttpRequest) -> HttpResponse:
    """The role ended meanwhile, or the action is not theirs to see any more: they get their words back."""
    url = reverse("actions:actions")
    typed = words_sent(request.POST)
    return refused(request, why=NOT_YOUR_ROLE, typed=typed, url=url, link_text="See all actions")


def _is_chosen(row: UpdateRow, save: str, unchanged: str) -> bool:
    if unchanged:
        return row.action.ref == unchanged
    return row.form.is_touched if save == ALL else row.action.ref == save


def _answer(request: HttpRequest, rows: list[UpdateRow], chosen: list[UpdateRow]) -> HttpResponse:
    """Tell what is saved; go on to a fresh page, unless something is wrong or written and not saved yet."""
    saved = [row for row in chosen if row.state == "saved"]
    if saved:
        refs = ", ".join(row.action.ref for row in saved)
        messages.success(request, f"{plural(len(saved), 'update is saved,updates are saved')}: {refs}.")
    if any(row.state == "twice" for row in chosen):
        messages.info(request, "This was saved already. Nothing was added twice.")
    left = [row for row in rows if row.is_open]
    lost = _lost_words(request, rows)
    if not left and not lost and chosen:
        return redirect(request.get_full_path())
    if not chosen and not lost:
        messages.warning(request, "Nothing is saved yet. Write in one of the actions first.")
    return _page(request, sent=left, lost=lost, status=_status(chosen) if chosen else 422)


def _status(rows: list[UpdateRow]) -> int:
    return 422 if any(row.has_faults for row in rows) else 200


def _lost_words(request: HttpRequest, rows: list[UpdateRow]) -> Typed:
    """What was written about actions that this person may not see any more, to be given back."""
    still = tuple(f"{row.action.ref}-" for row in rows)
    sent = request.POST.copy()
    for name in request.POST:
        if name.startswith(still):
            del sent[name]
    return words_sent(sent)


def _page(
    request: HttpRequest, *, sent: list[UpdateRow] | None = None, lost: Typed | None = None, status: int = 200
) -> HttpResponse:
    """What is due first; above it the rows that were sent and still hold something."""
    day = today()
    kept = {row.action.pk: row for row in sent or []}
    found = most_urgent_first(Action.objects.updatable_by(request.user), day).select_related("plan__service")
    counts = found.aggregate(all=Count("pk"), due=Count("pk", filter=Q(urgency__lt=FRESH)))
    page = paginate(request, found, ROWS, count=counts["all"])
    fresh = [action for action in page if action.pk not in kept]
    last = ActionUpdate.objects.newest_of(fresh)
    rows = [*kept.values(), *(UpdateRow(action, today=day, last=last.get(action.pk)) for action in fresh)]
    faulty = [row for row in rows if row.has_faults]
    context = {
        "page": page,
        "rows": rows,
        "typed": lost,
        "faulty": faulty,
        "form": faulty[0].form if faulty else None,
        "due": counts["due"],
        "status_key": status_key(),
        "error_title": status == 422,
    }
    return render(request, "actions/updates.html", context, status=status)


def _sent_rows(request: HttpRequest) -> list[UpdateRow]:
    """The rows that the page held, as they were sent, of actions this person may see."""
    refs = request.POST.getlist("row")[:ROWS]
    found = Action.objects.visible_to(request.user).filter(ref__in=refs).select_related("plan__service")
    actions = {action.ref: action for action in found}
    last = ActionUpdate.objects.newest_of(actions.values())
    return [
        UpdateRow(actions[ref], today=today(), last=last.get(actions[ref].pk), data=request.POST)
        for ref in dict.fromkeys(refs)
        if ref in actions
    ]
