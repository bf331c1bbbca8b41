"""Whose portal this is, with what the partnership chose for it: read by pages, rules and models alike."""

from foundation.kept import kept

from .models import Partnership


@kept(most=1)
def the_partnership() -> Partnership | None:
    """The one partnership of this installation, read once and kept. Nobody changes the row that this returns."""
    return Partnership.objects.filter(pk=1).first()
