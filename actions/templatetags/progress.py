"""What the statuses mean, for any page that shows them. `{% load progress %}{% status_key %}`"""

from typing import Any

from django import template

from actions import definitions

register = template.Library()


@register.inclusion_tag("components/status_key.html")
def status_key() -> dict[str, Any]:
    """The key of the seven statuses, folded away until somebody opens it (R-A4)."""
    return {"definitions": definitions.status_key()}
