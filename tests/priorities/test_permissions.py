"""What a person may open is the same for the rule and for the list: asked of every person and every row."""

import pytest
from django.contrib.auth.models import AnonymousUser

from partnership.roles import Role
from priorities.models import Measure, Priority, Strategy
from priorities.permissions import can_view_measure, can_view_priority, can_view_strategy
from tests.factories import make_measure, make_priority, make_strategy, make_user

pytestmark = pytest.mark.django_db


def test_rule_and_list_give_the_same_answer_for_everybody():
    for number, status in enumerate(Strategy.Status):
        make_priority(strategy=make_strategy(f"Plan {number}", status=status))
    make_measure(is_published=True)
    make_measure(is_published=False)
    gone = make_user(Role.PROGRAMME, is_active=False)
    people = [AnonymousUser(), None, gone, make_user(), *(make_user(role) for role in Role)]
    rules = [(Strategy, can_view_strategy), (Priority, can_view_priority), (Measure, can_view_measure)]
    allowed = {True: 0, False: 0}
    for person in people:
        for model, rule in rules:
            seen = set(model.objects.visible_to(person))
            for row in model.objects.all():
                answer = rule(person, row)
                assert answer == (row in seen), f"{person} and {row!r}"
                allowed[answer] += 1
    assert min(allowed.values()) > 20
