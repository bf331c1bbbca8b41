"""Whatever words, days and links an action holds: taken out and brought back, nothing has changed (R-W3)."""

import datetime
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from actions.models import Action, Category, ImpactQuestion, Milestone, Status
from actions.operations.imports import begin_import, check_piece, outcomes
from actions.sheets.rows import HEADINGS, rows
from foundation.spreadsheet import csv_lines, xlsx_pieces
from foundation.text import clean_line, clean_text
from partnership.calendar import today
from partnership.roles import Role
from priorities.models import Commitment
from tests import factories as make

anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
signs = st.text(st.sampled_from("=+-@'\"\t;,|\n _x0041_due done 1/2"), max_size=30)
words = st.one_of(anything, signs).map(clean_text)
line = st.one_of(anything, signs, st.just("Meet; due soon"), st.just("Meet; done 2026-01-01")).map(clean_line)
days = st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31))
past = st.dates(datetime.date(1900, 1, 1), today())
steps = st.lists(st.tuples(line.filter(bool), st.none() | days, st.none() | past), max_size=3)
actions = st.fixed_dictionaries(
    {
        "title": line.filter(bool),
        "category": st.sampled_from(Category),
        "problem": words,
        "doing": words,
        "difference": words,
        "lead_role": line,
        "accountable_role": line,
        "resources": words,
        "planned_start": st.none() | days,
        "due": st.none() | days,
        "impact_question": st.sampled_from(["", *ImpactQuestion.values]),
        "status": st.sampled_from([Status.GREEN, Status.RED]),
    }
)


@pytest.mark.requirement("R-W3")
class RoundTrip(TestCase):
    """An unchanged file changes nothing."""

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        told=st.lists(st.tuples(actions, steps, st.sets(st.integers(0, 2))), min_size=1, max_size=3),
        kind=st.sampled_from(["csv", "xlsx"]),
        names=st.lists(line.filter(bool), min_size=3, max_size=3),
    )
    def test_out_and_back_is_no_change(self, told, kind, names):
        plan = make.make_plan()
        publisher = make.make_user(Role.PUBLISHER, service=plan.service)
        priorities = [make.make_priority(name, strategy=plan.strategy) for name in names]
        old = make.make_priority("Old", strategy=make.make_strategy(status="superseded"))
        promises = [
            Commitment.objects.create(
                strategy=plan.strategy, kind="promise", number=number, title=make.make_passage(name)
            )
            for number, name in enumerate(names)
        ]
        partners = [make.make_service(name) for name in names]
        for values, milestones, links in told:
            action = make.make_action(plan, priority=priorities[0], **values)
            for title, due, done_on in milestones:
                Milestone.objects.create(action=action, title=title, due=due, done_on=done_on)
            action.also_serves.set([priorities[link] for link in links] + [old] * len(links))
            action.commitments.set([promises[link] for link in links])
            action.partners.set([partners[link] for link in links])

        cells = list(rows(Action.objects.filter(plan=plan), publisher, today()))
        lines = csv_lines(HEADINGS, cells)
        file = (
            io.BytesIO(b"".join(lines))
            if kind == "csv"
            else io.BytesIO(b"".join(xlsx_pieces(HEADINGS, cells)))
        )
        made = begin_import(by=publisher, plan=plan, file=file, name=f"plan.{kind}", size=file.seek(0, 2))
        made = check_piece(by=publisher, plan_import=made)

        found = [(row.outcome, [(cell.place, cell.old, cell.new, cell.fault) for cell in row.cells.all()])
                 for row in made.rows.all()]  # fmt: skip
        assert found == [("unchanged", [])] * len(told)
        assert outcomes(made)["unchanged"] == made.rows_total
