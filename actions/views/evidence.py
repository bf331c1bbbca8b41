"""Evidence of an action: added, and its files handed out (R-W8)."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from actions import reasons
from actions.forms import EvidenceForm
from foundation.pages import form_page
from partnership.permissions import is_staff

from .saving import action_or_404, add_to_action, child_or_404


@form_page
def evidence_new(request: HttpRequest, ref: str) -> HttpResponse:
    """Add evidence that an action was done or made a difference."""
    return add_to_action(
        request,
        ref,
        form=lambda action: EvidenceForm(request.POST or None, request.FILES or None, action=action),
        why_not=reasons.why_not_update_action,
        purpose="evidence",
        heading="Add evidence",
        done="The evidence is saved.",
    )


@require_safe
def evidence_file(request: HttpRequest, ref: str, pk: int) -> FileResponse:
    """Hand out a file of evidence, inside the partnership alone. Always as a download: no browser opens it as a page of ours."""
    found = action_or_404(request, ref)
    if not is_staff(request.user):
        raise PermissionDenied
    row = child_or_404(found.evidence, pk)
    if not row.file:
        raise Http404
    try:
        content = row.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(content, as_attachment=True, filename=row.file_name, content_type=row.file_type)
