"""Dates in the data files are no more exact than they are written."""

import datetime

import pytest

from portal.loading.dates import parse_date


@pytest.mark.requirement("R-C6")
@pytest.mark.parametrize(
    ("written", "start", "end", "precision"),
    [
        (datetime.date(2025, 9, 4), "2025-09-04", "2025-09-04", "day"),
        ("2025-09-04", "2025-09-04", "2025-09-04", "day"),
        ("2024-02", "2024-02-01", "2024-02-29", "month"),
        ("spring 2021", "2021-03-01", "2021-05-31", "season"),
        ("Winter 2023", "2023-12-01", "2024-02-29", "season"),
        ("2025", "2025-01-01", "2025-12-31", "year"),
    ],
)
def test_a_date_is_read_with_its_precision(written, start, end, precision):
    assert parse_date(written) == (datetime.date.fromisoformat(start), precision)
    assert parse_date(written, end=True) == (datetime.date.fromisoformat(end), precision)


@pytest.mark.parametrize(
    "written",
    ["", "soon", "2025-02-30", "2025-00", "20255", "Easter 2025", 2025, True, datetime.datetime(2025, 1, 1)],
)
def test_what_is_no_date_is_refused_with_how_to_write_one(written):
    with pytest.raises(ValueError, match="write a day as 2025-09-04"):
        parse_date(written)
