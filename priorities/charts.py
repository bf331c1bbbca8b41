"""A plain bar for each figure of a measure. The words and numbers stand beside the bars, so nothing hangs on the picture."""

from collections.abc import Iterable
from typing import NamedTuple

from .models import Measure, Reading

FULL = 100  # the drawing is so many units wide, whatever the screen


class Bar(NamedTuple):
    """One amount: when, what, and how long its bar is out of 100."""

    label: str
    value: str
    width: float


def bars(readings: Iterable[Reading]) -> list[Bar]:
    """Bars for the amounts of one measure, oldest first; none where there are fewer than two to compare.

    A percentage is drawn against 100%, anything else against the largest amount. Changes are not drawn: without the amount
    they changed from, a bar would say more than the source does (R-K2).
    """
    amounts = sorted(
        (reading for reading in readings if reading.kind == Reading.Kind.ABSOLUTE),
        key=lambda reading: (reading.period_end, reading.pk),
    )
    if len(amounts) < 2:
        return []
    percent = amounts[0].measure.unit == Measure.Unit.PERCENT
    largest = max(abs(reading.value) for reading in amounts)
    whole = max(largest, 100 if percent else 0) or 1
    return [
        Bar(reading.period_text, reading.value_text, round(float(FULL * abs(reading.value) / whole), 2))
        for reading in amounts
    ]
