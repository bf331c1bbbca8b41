"""The steps of an action in one cell: what was written reads back, whatever the steps are called (R-W3)."""

import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from actions.sheets.steps import Step, read_steps, write_steps
from foundation.text import clean_line

days = st.none() | st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31))
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
dated = st.sampled_from(
    ["Meet; due soon", "Meet; done 2026-01-01", "Meet; DUE no date", "; done", "due; due 1"]
)
names = st.one_of(anything, dated).map(clean_line).filter(bool)


@pytest.mark.requirement("R-W3")
@example([Step("Meet; done 2026-01-01"), Step("Meet; due 2026-01-01", None, datetime.date(2026, 2, 1))])
@given(st.lists(st.builds(Step, names, days, days), max_size=4))
def test_steps_read_back_as_they_were_written(steps):
    assert read_steps(write_steps(steps)) == steps
