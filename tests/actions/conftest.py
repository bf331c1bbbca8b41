"""A way to let several people act at the same time, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections


@pytest.fixture
def together(transactional_db: None, tmp_path: Path) -> Iterator[Callable[..., list[Any]]]:
    """Give a runner: `together(first, second, ...)` calls each in its own thread and connection, all at the same time.

    It gives back what each returned, or the exception it raised. Make the rows first; read the outcome through it too: on
    SQLite the threads share a file that is copied at the first call, because a database in memory does not lock as a real
    one does.
    """
    before = connection.settings_dict["NAME"]

    def run(*calls: Callable[[], Any]) -> list[Any]:
        if connection.vendor == "sqlite" and connection.settings_dict["NAME"] == before:
            copy = tmp_path / "together.sqlite3"
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(copy)])
            connection.settings_dict["NAME"] = str(copy)
        results: list[Any] = [None] * len(calls)
        start = threading.Barrier(len(calls))

        def one(place: int, call: Callable[[], Any]) -> None:
            start.wait()
            try:
                results[place] = call()
            except Exception as error:
                results[place] = error
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one, args=pair) for pair in enumerate(calls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    yield run
    connection.settings_dict["NAME"] = before
