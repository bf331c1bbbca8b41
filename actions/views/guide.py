"""The guide: how a service finds its gaps, writes its plan and says how it goes (R-A13)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actions.definitions import status_key
from actions.models import StatutoryDuty
from foundation.pages import public_page
from priorities.models import CategoryDefinition, Strategy, StrategyPassage
from priorities.quotations import Quotation, quotations, with_quotes

Part = StrategyPassage.Part


@public_page
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """The whole guide on one page, which prints well. Where the partnership promised it, its own words stand first."""
    official = {row.category: row.passage for row in CategoryDefinition.objects.select_related("passage")}
    with_quotes(official.values())
    context = {
        "promise": _promised(Part.GUIDE),
        "audit_promise": _promised(Part.SELF_AUDIT),
        "official": official,
        "status_key": status_key(),
        "duties": StatutoryDuty.objects.all(),
    }
    return render(request, "actions/guide.html", context)


def _promised(part: str) -> list[Quotation]:
    """What published strategies say about this; nothing where they do not speak of it."""
    rows = StrategyPassage.objects.filter(part=part).exclude(strategy__status=Strategy.Status.DRAFT)
    passages = [
        row.passage for row in rows.select_related("passage").order_by("strategy__position", "position")
    ]
    with_quotes(passages)
    return quotations(passages)
