"""The partnership's own colours as one small style sheet."""

import re

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from foundation.pages import public_page
from partnership.models import Partnership

_COLOUR = re.compile("#[0-9a-fA-F]{6}")


@public_page
@require_safe
def brand(request: HttpRequest) -> HttpResponse:
    """The colours as custom properties. A value that is no colour is left out, so that nothing else gets in."""
    partnership = Partnership.objects.filter(pk=1).first() or Partnership()
    lines = [
        f"--{name}:{value}"
        for name, value in (
            ("brand", partnership.brand_colour),
            ("brand-ink", partnership.brand_text_colour),
            ("accent", partnership.accent_colour),
        )
        if _COLOUR.fullmatch(value)
    ]
    return HttpResponse(":root{" + ";".join(lines) + "}\n", content_type="text/css; charset=utf-8")
