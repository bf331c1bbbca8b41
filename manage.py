#!/usr/bin/env python3
"""The portal's command line: `python manage.py <command>`; `make` calls the everyday ones."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    # A page may not keep the database busy for long; a command (a migration, an export) takes what it needs.
    os.environ.setdefault("DATABASE_STATEMENT_SECONDS", "0")
    try:
        import portal.settings  # noqa: F401 - a wrong setting is told in its own words, not as a long trace
    except ImproperlyConfigured as problem:
        sys.exit(str(problem))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
