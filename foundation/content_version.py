"""One number that rises whenever something changes that a visitor may see.

Cached pages are kept under this number, so the very next visitor after a change gets a fresh page. Every model of the
portal's own apps raises it when a row is saved or deleted, unless the model says ``private_content = True`` (comments before
approval, contact details, sessions of work: what no visitor ever sees).
"""

import logging
import time
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, connection, models, transaction
from django.db.models import signals

logger = logging.getLogger(__name__)

OUR_APPS = frozenset({"foundation", "partnership", "priorities", "actions", "voice", "board", "portal"})

_READ = "SELECT number FROM foundation_contentversion WHERE id = 1"
_RAISE = (
    "INSERT INTO foundation_contentversion (id, number) VALUES (1, %s) "
    "ON CONFLICT (id) DO UPDATE SET number = foundation_contentversion.number + 1"
)


class ContentVersion(models.Model):
    """The one row that holds the number. It is made by the first change, so an emptied table mends itself."""

    private_content = True

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="content_version_is_one_row")]

    def __str__(self) -> str:
        return str(self.number)


def read() -> int:
    """The number now: one small query. 0 when nothing has ever changed.

    It is the first query of most requests, so it does the work of Django's connection health check as well: a connection
    that the database has dropped is opened again once. That saves a question to the database on every cached page.
    """
    if connection.connection is None or connection.in_atomic_block or connection.health_check_done:
        return _read()
    connection.health_check_done = True
    try:
        return _read()
    except (OperationalError, InterfaceError):
        connection.close()
        return _read()


def _read() -> int:
    """Ask the driver itself. Django's cursor and psycopg's, one upon the other, take longer than the rest of a cached page."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            row = connection.connection.execute(_READ).fetchone()
            return row[0] if row else 0
        result = connection.connection.pgconn.exec_(_READ.encode())
    if result.error_message:
        raise OperationalError("The content version could not be read.")
    return int(result.get_value(0, 0)) if result.ntuples else 0


class _Change:
    """The changes of one transaction: however many there are, the number rises once."""

    told = False

    def tell(self) -> None:
        if not self.told:
            self.told = True
            _raise_number()


def bump() -> None:
    """Raise the number once the current transaction is committed (at once outside one).

    Call it after a bulk write, which sends no signals. Saves of ordinary models do it by themselves.
    """
    change = getattr(connection, "_content_change", None)
    if change is None or change.told:
        change = connection._content_change = _Change()
    # Asked for with every row, not only the first: the first may be undone with its savepoint while others stay.
    transaction.on_commit(change.tell)


def _raise_number() -> None:
    """Raise the number in a statement of its own, after the commit.

    Not inside the writer's transaction: the row would stay locked until its end, so all writers of the portal would queue
    behind one another, and two that lock it and another row in opposite order would deadlock. And a reader could store the
    old page under the new number before the change is visible. If the server dies between the commit and this statement,
    cached pages are at most one entry lifetime (60 seconds, ``pages.py``) behind.
    """
    try:
        with connection.cursor() as cursor:
            # A new row starts from the clock, so that numbers used before the table was emptied do not come again.
            cursor.execute(_RAISE, [int(time.time())])
    except DatabaseError:
        # The person's change is saved; telling them it failed would be wrong. The entry lifetime covers it.
        logger.exception("The content version could not be raised")


def _is_public_content(model: type[models.Model]) -> bool:
    return (
        model._meta.app_label in OUR_APPS
        and not getattr(model, "private_content", False)
        and not hasattr(model, "instance_type")  # rows of history: saving the row itself has told already
        and model.__module__ != "__fake__"  # models inside migrations
    )


def _row_changed(sender: type[models.Model], **_: Any) -> None:
    if _is_public_content(sender):
        bump()


def _links_changed(sender: type[models.Model], instance: models.Model, action: str, **_: Any) -> None:
    if action.startswith("post_") and (_is_public_content(type(instance)) or not sender._meta.auto_created):
        _row_changed(type(instance))


def connect_signals() -> None:
    """Listen to every model once; called when the app starts."""
    signals.post_save.connect(_row_changed, dispatch_uid="foundation.content_version.save")
    signals.post_delete.connect(_row_changed, dispatch_uid="foundation.content_version.delete")
    signals.m2m_changed.connect(_links_changed, dispatch_uid="foundation.content_version.links")
