"""The tables of foundation. Each lives beside the code that uses it and is gathered here for Django to find."""

from .content_version import ContentVersion
from .outbox import OutboxMail
from .tokens import SpentToken

__all__ = ["ContentVersion", "OutboxMail", "SpentToken"]
