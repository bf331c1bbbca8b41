"""An installation with data is brought up to date and loses nothing (F19). What has landed is never written anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from actions.models import Action
from tests import factories as make
from voice.models import Comment, Stage

ROOT = Path(__file__).resolve().parents[1]
FIRST = {
    "foundation": "984511a650b5d46e",
    "partnership": "925ea68abdad902d",
    "priorities": "1917bdaf40b33bee",
    "actions": "314817d7930d5776",
    "voice": "ee4c2af80f36ab39",
}
"""The migrations of the first landing, each with the start of its hash."""


def counts() -> dict[str, int]:
    """How many rows each of our tables holds that has any. A table that came later has none of the first landing's."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(tuple(f"{app}_" for app in FIRST)):
                cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")
                found[table] = cursor.fetchone()[0]
    return {table: number for table, number in found.items() if number}


@pytest.fixture
def up_to_date_again(transactional_db: None) -> Iterator[None]:
    yield
    call_command("migrate", verbosity=0)


def test_rows_of_the_first_landing_are_all_there_after_an_upgrade(up_to_date_again: None) -> None:
    make.make_partnership()
    service = make.make_service("Inclusion", code="INC")
    action = make.make_action(make.make_plan(service), ref="INC-1")
    make.make_update(action, author=make.make_user())
    answered = make.make_comment("Words.", stage=Stage.ANSWERED, service=service)
    make.make_response(answered, service=service)
    before, code = counts(), answered.code_digest

    executor = MigrationExecutor(connection)
    executor.migrate([(app, "0001_initial") for app in FIRST])
    first = counts()  # the rows now stand in the tables as they first landed
    assert first == {table: before[table] for table in first}
    assert {"actions_action", "actions_actionupdate", "voice_comment"} <= first.keys()
    assert all(
        before[table] == 0 for table in before.keys() - first.keys()
    )  # tables that came later were empty
    call_command("migrate", verbosity=0)

    assert counts() == before
    assert list(Action.objects.values_list("ref", "plan__service__name")) == [("INC-1", "Inclusion")]
    assert list(Comment.objects.values_list("code_digest", "original__text")) == [(code, "Words.")]


@pytest.mark.parametrize("app", FIRST)
def test_the_first_migrations_stay_as_they_landed(app: str) -> None:
    written = (ROOT / app / "migrations" / "0001_initial.py").read_bytes()
    assert hashlib.sha256(written).hexdigest().startswith(FIRST[app])
