"""Why an operation did nothing, in words for the person who asked for it."""


class CannotDo(Exception):
    """The step does not fit where the comment or answer stands now. ``str()`` is the message for the page."""
