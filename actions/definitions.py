"""What each status means. The words here serve until the partnership writes its own (R-A4)."""

from typing import NamedTuple

from foundation.kept import kept

from .models import Status, StatusDefinition

DEFAULTS: dict[str, str] = {
    Status.NOT_STARTED: "The day we plan to start has not come yet.",
    Status.RED: "The due date has passed, or will be missed, and there is no agreed way to catch up.",
    Status.AMBER: "It is slipping. A way to catch up is written down.",
    Status.GREEN: "It will be done on time and do what it should.",
    Status.DELIVERED: "The work is done. Nobody has checked yet what difference it made.",
    Status.BLUE: "The work is done. Someone outside the service has seen the difference for families.",
    Status.CLOSED: "We will not do this. The reason is shown.",
}


class Meaning(NamedTuple):
    """One line of the key: the status, its name and what it means here."""

    status: str
    label: str
    meaning: str


@kept(most=1)
def status_key() -> tuple[Meaning, ...]:
    """The seven statuses with their meanings, in their order, in one query: the same for everybody."""
    own = dict(StatusDefinition.objects.values_list("status", "meaning"))
    return tuple(
        # Shown in narrow boxes: a hyphen must not break "sign-off" over two lines.
        Meaning(status.value, status.label.replace("-", "\u2011"), own.get(status) or DEFAULTS[status])
        for status in Status
    )


def meaning_of(status: str) -> str:
    """What one status means here: in the partnership's own words where it has written them."""
    return next(one.meaning for one in status_key() if one.status == status)
